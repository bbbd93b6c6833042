"""``make mutants`` tells a fault that a test noticed from one that none noticed, and from a change that proves nothing."""

import pytest

from tests.mutants.mutation_list import Mutation
from tests.mutants.scratch import scratch_copies

RULE = "def late(day, due):\n    return day > due\n"
PROJECT = '[tool.pytest.ini_options]\npythonpath = ["."]\n'
TESTS = """
import pytest
import rule

@pytest.fixture
def answer():
    return rule.late(2, 1)

def test_after(answer):
    assert answer is True

def test_border():
    assert not rule.late(1, 1)
"""
BORDER = Mutation("border", "rule.py", "day > due", "day >= due", ("test_rule.py",), "late on the due date")


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "test_rule.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    with scratch_copies(1, {"PYTEST_PLUGINS": ""}, tmp_path) as [copy]:
        yield copy


def with_change(after, test="test_rule.py", before="day > due"):
    return Mutation("changed", "rule.py", before, after, (test,), "something goes wrong")


def test_a_fault_that_a_test_notices_is_killed_and_named(scratch, tmp_path):
    result = scratch.try_out(BORDER)
    assert (result.verdict, result.detail) == ("killed", "test_rule::test_border")
    assert (scratch.root / "rule.py").read_text() == (tmp_path / "rule.py").read_text() == RULE
    assert scratch.run_tests(["test_rule.py"]).verdict == "survived"  # the copy is as before, compiled code too


def test_a_fault_of_the_same_length_is_not_hidden_by_compiled_code(scratch):
    for after in ("day < due", "due > day"):
        assert scratch.try_out(with_change(after, "test_rule.py::test_after")).verdict == "killed"


def test_a_fault_that_no_test_notices_survives(scratch):
    assert scratch.try_out(with_change("day >= due", "test_rule.py::test_after")).verdict == "survived"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_change("import no_such_module\ndef late", before="def late"), "pytest ended with 2"),
        (with_change("day > no_such_name", "test_rule.py::test_border"), "NameError"),
        (with_change("{}[day]", "test_rule.py::test_after"), "failed before the test began"),
        (with_change("day >= due", "test_gone.py"), "pytest ended with 4"),
    ],
)
def test_what_stops_the_tests_before_they_can_look_proves_nothing(scratch, change, reason):
    result = scratch.try_out(change)
    assert result.verdict == "broken"
    assert reason in result.detail
