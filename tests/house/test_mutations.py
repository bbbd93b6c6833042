"""The list of mutations fits the code as it is, so that ``make mutants`` tries what it says."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.mutants.mutation_list import Mutation, problems, read_list

FEWEST = 60
EXAMPLE = Mutation("example", "rule.py", "day < due", "day <= due", ("test_rule.py::test_border",), "something")


def test_every_mutation_fits_the_code(capsys):
    mutations = read_list()
    found = [problem for mutation in mutations for problem in problems(mutation)]
    assert not found, "\n".join(found)
    with capsys.disabled():
        print(f" looked at {len(mutations)} mutations", end="")
    assert len(mutations) >= FEWEST


def test_each_has_a_name_of_its_own_and_says_what_would_go_unseen():
    mutations = read_list()
    twice = [name for name, count in Counter(mutation.name for mutation in mutations).items() if count > 1]
    assert not twice
    changes = Counter((mutation.file, mutation.before, mutation.after) for mutation in mutations)
    assert not [change for change, count in changes.items() if count > 1]
    assert not [mutation.name for mutation in mutations if len(mutation.unseen.split()) < 4]


@pytest.fixture
def code(tmp_path):
    (tmp_path / "rule.py").write_text("def late(day, due):\n    return day < due\n")
    (tmp_path / "test_rule.py").write_text("def test_border():\n    assert True\n")
    return tmp_path


def test_a_mutation_that_fits_has_no_problem(code):
    assert not list(problems(EXAMPLE, code))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": "gone.py"}, "there is no file gone.py"),
        ({"before": "day > due"}, "found 0 times"),
        ({"before": "day"}, "found 2 times"),
        ({"after": "day < due"}, "it changes nothing"),
        ({"after": "day <"}, "the changed file is no Python"),
        ({"tests": ()}, "no test is named"),
        ({"tests": ("test_gone.py",)}, "there is no file test_gone.py"),
        ({"tests": ("rule.py",)}, "there is no test in rule.py"),
        ({"tests": ("test_rule.py::test_gone",)}, "there is no test test_gone in test_rule.py"),
    ],
)
def test_a_mutation_that_no_longer_fits_is_named(code, changes, sentence):
    [problem] = problems(replace(EXAMPLE, **changes), code)
    assert problem.startswith("example: ")
    assert sentence in problem
