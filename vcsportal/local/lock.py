"""``make lock``: pins every requirement with hashes. The index is whatever the machine is configured to use."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vcsportal.local.places import ROOT
from vcsportal.local.say import Sorry, step

_SAME = "uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-find-links"
COMMANDS = {
    "run": f"{_SAME} --extra local pyproject.toml -o requirements/run.txt",
    "production": f"{_SAME} --extra object-storage -c requirements/run.txt pyproject.toml -o requirements/production.txt",
    "test": f"{_SAME} --extra local --extra test -c requirements/run.txt pyproject.toml -o requirements/test.txt",
}
"""Each stands in the header of its file too."""


def lock(extra: Sequence[str]) -> int:
    """Compile the three files, with uv in a throw-away environment. ``--upgrade`` takes newer versions."""
    with tempfile.TemporaryDirectory() as folder:
        bin_ = Path(folder) / "venv" / "bin"
        with step("Fetching uv into a throw-away environment"):
            subprocess.run([sys.executable, "-m", "venv", bin_.parent], check=True)
            subprocess.run([bin_ / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": ""}
        for kind, command in COMMANDS.items():
            with step(f"requirements/{kind}.txt"):
                argv = [str(bin_ / "uv"), *shlex.split(command)[1:], "--quiet"]
                env["UV_CUSTOM_COMPILE_COMMAND"] = command
                done = subprocess.run([*argv, *extra], cwd=ROOT, env=env, check=False)
                if done.returncode:
                    raise Sorry("The requirements could not be compiled; uv said why above.")
    return 0
