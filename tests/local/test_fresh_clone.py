"""The whole way of a newcomer: clone, one command, a page. Long, and it fetches packages: ``make test-all``."""

import json
import os
import shutil
import signal
import subprocess
import time
from urllib.request import urlopen

import pytest

from tests.local.helpers import OURS, free_port, nothing_left
from tests.long import only_in_test_all
from vcsportal.common.processes import dies_with_us
from vcsportal.local.places import ROOT

pytestmark = [
    pytest.mark.timeout(900),
    only_in_test_all,
    pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no clone can be made here"),
]


def test_a_fresh_clone_becomes_a_running_portal_by_one_command(tmp_path):
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "clone"], check=True)
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("PORTAL_")}
    env = {**kept, "HOME": str(tmp_path), "PORT": str(port)}
    with (tmp_path / "said").open("wb") as output:
        child = subprocess.Popen(
            ["make", "run"],
            cwd=tmp_path / "clone",
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=dies_with_us(signal.SIGTERM),
        )
    try:
        until = time.monotonic() + 600
        while "Ready." not in (said := (tmp_path / "said").read_text()):
            assert child.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.5)
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert "32 commitments" in answer.read().decode()
        with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert json.load(answer)["worker"] is True
        assert "officer@example.org" in (tmp_path / "said").read_text()
        left = subprocess.run(
            ["git", "status", "--short"], cwd=tmp_path / "clone", capture_output=True, text=True, check=True
        )
        assert left.stdout == "", "what was installed and made is ignored by git"
    finally:
        os.killpg(child.pid, signal.SIGINT)
        child.wait(60)
    assert nothing_left(tmp_path / "clone", []) == []
