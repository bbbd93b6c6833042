"""The hooks that run before a commit and a push: the project's own tools, and nothing that has to be fetched."""

from typing import Any

import pytest
import yaml

from tests.house.source_rules import ROOT
from vcsportal.local.checks import all_checks

CONFIGURATION: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())


def hooks() -> list[dict[str, Any]]:
    return [hook for repo in CONFIGURATION["repos"] for hook in repo["hooks"]]


def test_every_hook_is_local():
    assert {repo["repo"] for repo in CONFIGURATION["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks()} == {"system"}


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_a_hook_runs_a_tool_that_make_check_runs(hook):
    tools = {check.argv[0].rpartition("/")[2] for check in all_checks()}
    program, *words = hook["entry"].split()
    if program == "make":
        assert words == ["check"]
    else:
        assert program.startswith(".venv/bin/")
        assert program.rpartition("/")[2] in tools
