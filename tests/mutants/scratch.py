"""A copy of the code in which one mutation after another is tried. The checkout itself is never touched.

Tools that make up mutations by themselves (mutmut, cosmic-ray) change every operator blindly and run a whole suite for each.
They cannot be told which tests mirror a rule, nor share a database and a queue between the runs, so one file would take
hours. The faults that matter here are of meaning (whose, where, on which day), which somebody has to think of.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.mutants.mutation_list import ROOT, Mutation
from vcsportal.common.processes import dies_with_us

LEFT_OUT: Final = shutil.ignore_patterns(
    ".git", ".venv", ".data*", ".test-database", "test-output", "htmlcov", ".coverage*", ".*_cache", "build", "node_modules"
)  # fmt: skip
LINKED: Final = ("node_modules", "static/build")
"""Large folders that no mutation changes; the copy points to those of the checkout."""
PLUGINS: Final = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "pytest_django.plugin,pytest_timeout,time_machine",
}
"""Only the plugins that are needed: loading the others takes as long as most runs."""
MAX_RUN_SECONDS: Final = 600
MAX_FIRST_RUN_SECONDS: Final = 1800
"""For all the tests of all mutations together, without any."""
BROKEN: Final = re.compile(r"^(NameError|ImportError|ModuleNotFoundError|SyntaxError|IndentationError)\b")
"""What a change that is no working code fails with. A fault that no program could run with proves nothing about tests."""

Verdict = Literal["killed", "survived", "broken"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run of tests.

    :param verdict: ``killed`` where a test failed, ``survived`` where all passed, ``broken`` where the run proves nothing.
    :param detail: the test that failed, or why the run proves nothing.
    """

    verdict: Verdict
    detail: str
    seconds: float


class Scratch:
    """A copy of a checkout with a database name of its own."""

    def __init__(self, root: Path, source: Path, number: int, env: Mapping[str, str]) -> None:
        self.root = root
        shutil.copytree(source, root, ignore=LEFT_OUT, symlinks=True, dirs_exist_ok=True)
        for name in LINKED:
            if (source / name).exists():
                (root / name).symlink_to((source / name).resolve())
        self.env = {**os.environ, **PLUGINS, **env, "TEST_DATABASE_NAME": f"mutants_{number}", "PYTHONPATH": str(root)}
        self._writes = 0

    def try_out(self, mutation: Mutation) -> Result:
        """Run the mutation's tests with its fault in the copy, which is as before afterwards."""
        with self._mutated(mutation):
            return self.run_tests(mutation.tests)

    @contextmanager
    def _mutated(self, mutation: Mutation) -> Iterator[None]:
        path = self.root / mutation.file
        whole, times = path.read_bytes(), path.stat()
        path.write_text(mutation.changed(whole.decode()))
        # Python takes compiled code for current if the second of the last change and the size are the same.
        self._writes += 1
        os.utime(path, (times.st_atime, int(times.st_mtime) + self._writes))
        try:
            yield
        finally:
            path.write_bytes(whole)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def run_tests(self, tests: Sequence[str], *, max_seconds: int = MAX_RUN_SECONDS) -> Result:
        """Run tests up to the first that fails."""
        began = time.monotonic()
        report = self.root / "mutants-report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-o", "addopts="]
        try:
            done = subprocess.run(
                [*command, f"--junitxml={report}", *tests],
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=max_seconds,
                preexec_fn=dies_with_us(signal.SIGTERM),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Result("broken", f"the tests took longer than {max_seconds} seconds", time.monotonic() - began)
        verdict, detail = judge(done.returncode, report, done.stdout + done.stderr)
        return Result(verdict, detail, time.monotonic() - began)


def judge(code: int, report: Path, output: str) -> tuple[Verdict, str]:
    """Return what a run of pytest proves.

    A fault counts as noticed only if a test failed while it ran. A module that cannot be imported or a fixture that
    breaks would turn any test red, whatever it looks for.

    :param code: pytest's exit status.
    :param report: its report in JUnit's form.
    :param output: what it printed, quoted where there is no report.
    """
    if code == 0:
        return "survived", "every test passed"
    cases = list(ET.parse(report).iter("testcase")) if code == 1 and report.exists() else []
    for case in cases:
        name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
        if (failure := case.find("failure")) is not None:
            said = failure.get("message", "").strip()
            return ("broken", f"{name}: {said[:200]}") if BROKEN.match(said) else ("killed", name)
        if (error := case.find("error")) is not None:
            return "broken", f"{name} failed before the test began: {error.get('message', '')[:200]}"
    last = [line for line in output.strip().splitlines() if line.strip()][-3:]
    return "broken", f"pytest ended with {code}: {' / '.join(last)[:300]}"


@contextmanager
def scratch_copies(count: int, env: Mapping[str, str] | None = None, source: Path = ROOT) -> Iterator[list[Scratch]]:
    """Yield copies of a checkout, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        yield [Scratch(Path(folder, str(number)), source, number, env or {}) for number in range(1, count + 1)]
