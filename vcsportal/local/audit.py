"""``make audit``: checks every pinned dependency for known vulnerabilities, and says how many were checked.

A skipped package has not been found to be safe, so the audit fails with the reason, as it does for a vulnerable one.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from vcsportal.local.frontend import npm
from vcsportal.local.places import PYTHON, ROOT
from vcsportal.local.say import plain, say

REQUIREMENTS: Final = ("production", "run", "test")
MAX_SHOWN: Final = 10
TIMEOUT_MINUTES: Final = 10


@dataclass(frozen=True)
class Findings:
    """What one list of dependencies came to: how many were looked at, and a line for each skipped and each vulnerable one."""

    name: str
    looked_at: int = 0
    skipped: tuple[str, ...] = ()
    vulnerable: tuple[str, ...] = ()
    problem: str = ""

    @property
    def clean(self) -> bool:
        """Whether every dependency was checked and none is known to be vulnerable. An empty list does not pass."""
        return bool(self.looked_at) and not (self.skipped or self.vulnerable or self.problem)


def audit() -> int:
    """Audit Python's and the front end's dependencies; print what was found. Return 0 only if all of it is clean."""
    audits = [python(name) for name in REQUIREMENTS] + [front_end()]
    for findings in audits:
        tell(findings)
    bad = [findings.name for findings in audits if not findings.clean]
    plain(
        f"\nNot clean: {', '.join(bad)}."
        if bad
        else "\nEvery dependency was checked, and none is known to be vulnerable."
    )
    return 1 if bad else 0


def tell(findings: Findings) -> None:
    """Print one line with the counts, and the reasons below it."""
    mark = "ok  " if findings.clean else "FAIL"
    counts = f"{findings.looked_at} checked, {len(findings.skipped)} skipped, {len(findings.vulnerable)} vulnerable"
    say(f"  {mark}  {findings.name}: {counts}")
    for lines in ((findings.problem,) if findings.problem else (), findings.vulnerable, findings.skipped):
        for line in lines[:MAX_SHOWN]:
            plain(f"        {line}")
        if len(lines) > MAX_SHOWN:
            plain(f"        … and {len(lines) - MAX_SHOWN} more")


def python(name: str) -> Findings:
    """Ask pip-audit about one file of pinned requirements."""
    file = f"requirements/{name}.txt"
    argv = [str(PYTHON), "-m", "pip_audit", "--requirement", str(ROOT / file), "--disable-pip", "--require-hashes"]
    answer, problem = _json([*argv, "--format", "json", "--progress-spinner", "off"])
    return of_pip_audit(file, answer) if not problem else Findings(file, problem=problem)


def of_pip_audit(name: str, answer: Any) -> Findings:
    """Read pip-audit's JSON."""
    looked_at, skipped, vulnerable = 0, [], []
    for package in answer.get("dependencies", []):
        if "skip_reason" in package:
            skipped.append(str(package["skip_reason"]))
            continue
        looked_at += 1
        for hole in package.get("vulns", []):
            mended = ", ".join(hole.get("fix_versions", [])) or "no version yet"
            vulnerable.append(f"{package['name']} {package['version']}: {hole['id']}, fixed in {mended}")
    return Findings(name, looked_at, tuple(skipped), tuple(vulnerable))


def front_end() -> Findings:
    """Ask npm about everything in package-lock.json."""
    command, env = npm()
    answer, problem = _json([*command, "audit", "--json"], env=env)
    return of_npm("package-lock.json", answer) if not problem else Findings("package-lock.json", problem=problem)


def of_npm(name: str, answer: Any) -> Findings:
    """Read npm's JSON. It looks at all or, if the registry does not answer, at nothing."""
    if "metadata" not in answer:
        error = answer.get("error", {})
        why = error.get("summary") or error.get("detail") or answer.get("message") or "npm gave no reason"
        return Findings(name, problem=f"The registry did not audit anything: {why}")
    vulnerable = tuple(
        f"{package}: {vulnerability.get('severity', 'unknown')}, versions {vulnerability.get('range', 'unknown')}"
        for package, vulnerability in sorted(answer.get("vulnerabilities", {}).items())
    )
    return Findings(name, int(answer["metadata"]["dependencies"]["total"]), vulnerable=vulnerable)


def _json(argv: Sequence[str], **more: Any) -> tuple[Any, str]:
    """Run a tool that answers in JSON, whatever its exit code; return the answer, or why there is none."""
    try:
        done = subprocess.run(
            argv, cwd=ROOT, capture_output=True, text=True, timeout=60 * TIMEOUT_MINUTES, check=False, **more
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {}, f"The audit could not be made: {error}"
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        said = (done.stderr or done.stdout).strip().splitlines()
        return {}, f"The audit gave no answer that could be read: {said[-1] if said else 'it said nothing'}"
