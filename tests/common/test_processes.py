"""What a process starts ends with it, also when it is killed and can tidy nothing up."""

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from tests.long import only_in_test_all
from tests.stack import ROOT, empty_portal
from vcsportal.common.processes import dies_with_us

SLEEP: Final = "[sys.executable, '-c', 'import time; time.sleep(120)']"
STARTS: Final = {
    "a lasting process": f"""
import signal, subprocess, sys, time
from vcsportal.common.processes import dies_with_us
child = subprocess.Popen({SLEEP}, start_new_session=True, preexec_fn=dies_with_us(signal.SIGKILL))
print(child.pid, flush=True)
time.sleep(120)
""",
    "a command that has servers for a while": f"""
import os, pathlib, sys
from vcsportal.local.programs import run_in_front
print(0, flush=True)
run_in_front({SLEEP}, env=os.environ, cwd=pathlib.Path.cwd())
""",
}
PORTAL: Final = """
import json, sys, time
from pathlib import Path
from tests.stack import Stack, started
told = json.loads(sys.stdin.readline())
with started(Stack(told["PORTAL_URL"], Path(told["PORTAL_DATA"]), told)):
    print(0, flush=True)
    time.sleep(120)
"""
MACHINE: Final = """
import json, sys, time
from pathlib import Path
import django
django.setup()
from tests.reporting.conftest import wait_for
from tests.reporting.production.test_two_machines import Machine
told = json.loads(sys.stdin.readline())
machine = Machine("a", Path(told["PORTAL_DATA"]), told)
machine.start()
wait_for(machine.is_ready)
print(0, flush=True)
time.sleep(120)
"""
ENDS_BY_ITSELF: Final = {"tests/common/test_temporary_folders.py": "it does nothing"}


def family_after_a_kill(code: str, told: str = "", **options: Any) -> list[psutil.Process]:
    """Run code until it has printed a line, kill it, and return what it had started and is still there."""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=dies_with_us(signal.SIGKILL), **options,
    )  # fmt: skip
    assert parent.stdin
    assert parent.stdout
    with parent:
        parent.stdin.write(f"{told}\n")
        parent.stdin.flush()
        assert parent.stdout.readline(), "it ended before it had started anything"
        family = _lasting(psutil.Process(parent.pid))
        parent.kill()
    _, left = psutil.wait_procs(family, timeout=20)
    for process in left:
        process.kill()
    return left


def _lasting(parent: psutil.Process) -> list[psutil.Process]:
    """Return its children with theirs, as soon as there is one."""
    for _ in range(200):
        if family := parent.children(recursive=True):
            return family
        try:
            parent.wait(0.05)
        except psutil.TimeoutExpired:
            continue
    raise AssertionError("It has started nothing.")


@pytest.mark.parametrize("what", STARTS)
def test_what_a_killed_process_had_started_ends(what: str) -> None:
    assert family_after_a_kill(STARTS[what]) == []


@only_in_test_all
@pytest.mark.parametrize("code", [PORTAL, MACHINE], ids=["the stack", "one of two machines"])
def test_every_process_of_a_portal_ends_with_killed_tests(code: str, tmp_path: Path) -> None:
    with empty_portal(tmp_path, template=os.environ.get("TEST_DATABASE_TEMPLATE", "")) as stack:
        assert family_after_a_kill(code, json.dumps(stack.env), env=stack.env) == []


def test_who_was_killed_before_the_child_asked_leaves_none_either() -> None:
    """The child asks Linux only once it is there; of what came before it hears nothing."""
    code = """
import os, signal
from vcsportal.common.processes import dies_with_us
ask = dies_with_us(signal.SIGKILL)
out, into = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:  # its parent is not the one that was asked about
        ask()
        os.write(into, b"still here")
    os._exit(0)
os.close(into)
print(os.read(out, 20))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert (done.stdout, done.stderr) == ("b''\n", "")


def started_to_last(text: str) -> list[int]:
    """Return the lines that start a process without saying what becomes of it when its parent is killed."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"subprocess.Popen", "Popen"}
        and "preexec_fn" not in {keyword.arg for keyword in node.keywords}
    ]


def test_every_process_that_lasts_ends_with_its_parent() -> None:
    assert started_to_last("import subprocess\nsubprocess.Popen(['sleep', '9'])") == [2]
    found = {}
    for folder in ("tests", "vcsportal", "commitments", "partners", "reporting"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text()
            if "Popen(" in text and (lines := started_to_last(text)):
                found[str(file.relative_to(ROOT))] = lines
    assert found.keys() == ENDS_BY_ITSELF.keys(), found
