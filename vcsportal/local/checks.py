"""``make check``: everything that can be checked without running the code. Changes nothing, and does not stop at the
first fault."""

import os
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vcsportal.local.places import PYTHON, ROOT
from vcsportal.local.programs import wish
from vcsportal.local.say import Stopped, plain, say

BIN = PYTHON.parent
FLOORS = ["vcsportal", "reporting", "commitments", "partners"]
AS_IN_PRODUCTION = {
    "DEBUG": "0",
    "PORTAL_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.org",
    "BEHIND_PROXY": "1",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


DEPLOYMENT = '"$0" manage.py collectstatic --noinput -v0 && "$0" manage.py check --deploy --fail-level WARNING'


@dataclass(frozen=True)
class CheckTool:
    """One check: the tool, and what it checks."""

    name: str
    argv: tuple[str, ...]
    remedy: str = ""
    env: Mapping[str, str] | None = None


def all_checks() -> list[CheckTool]:
    """Return every check, the slowest first."""
    python, manage = str(PYTHON), (str(PYTHON), "manage.py")
    return [
        CheckTool("types", (str(BIN / "mypy"), ".")),
        CheckTool("deployment", ("/bin/sh", "-c", DEPLOYMENT, python), env=AS_IN_PRODUCTION),
        CheckTool("migrations", (*manage, "makemigrations", "--check", "--dry-run"), "run manage.py makemigrations"),
        CheckTool("diagrams", (*manage, "draw_states", "--check"), "run manage.py draw_states"),
        CheckTool("architecture", (*manage, "draw_architecture", "--check"), "run manage.py draw_architecture"),
        CheckTool("schema of the data", (*manage, "draw_data_schema", "--check"), "run manage.py draw_data_schema"),
        CheckTool("description of the API", (*manage, "draw_openapi", "--check"), "run manage.py draw_openapi"),
        CheckTool("imports", (str(BIN / "lint-imports"), "--no-cache")),
        CheckTool("templates", (str(BIN / "djlint"), "templates", *FLOORS, "--lint", "--quiet")),
        CheckTool("template format", (str(BIN / "djangofmt"), "--check", "templates"), "run make format"),
        CheckTool("wording", (python, "-m", "vcsportal.local.wording"), "use the better wording shown for each place"),
        CheckTool("requirements", (python, "-m", "vcsportal.local.pins"), "run make lock"),
        CheckTool(
            "format", (str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."), "run make format"
        ),
        CheckTool(
            "lint",
            (str(BIN / "ruff"), "check", "--output-format", "concise", "."),
            "run make format, then fix the rest by hand",
        ),
    ]


def run_one(check: CheckTool, env: Mapping[str, str]) -> tuple[CheckTool, int, str, float]:
    wish.check()
    began = time.monotonic()
    whole = {**env, "NO_COLOR": "1", **(check.env or {})}
    done = subprocess.run(
        check.argv,
        cwd=ROOT,
        env=whole,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return check, done.returncode, done.stdout.decode(errors="replace").strip(), time.monotonic() - began


def run_checks(env: Mapping[str, str], *, at_once: int = 2) -> list[str]:
    """Run all checks, so many at once; print each as it ends, and return the names of those that failed."""
    say("Checking the code …")
    failed = []
    with ThreadPoolExecutor(max_workers=min(at_once, os.cpu_count() or 1)) as pool:
        for check, code, text, took in pool.map(lambda check: run_one(check, env), all_checks()):
            say(f"  {'ok  ' if code == 0 else 'FAIL'}  {check.name} ({took:.1f} s)")
            if code:
                failed.append(check.name)
                plain("\n".join(f"        {line}" for line in text.splitlines()[-40:]))
                if check.remedy:
                    plain(f"        To fix it: {check.remedy}.")
    if wish.times:
        raise Stopped
    return failed
