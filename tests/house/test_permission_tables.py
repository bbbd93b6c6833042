"""Each module of permissions has its table, and the tables notice what they are there to notice."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.house.source_rules import ROOT
from tests.permission_table import answer_of, differences, read_table, rules_in, rules_of, wrong_pairs
from vcsportal.common.words import AlreadyDone, NotAllowed, NotNow, allowed

PEOPLE = {"officer": 1, "partner": 2, "stranger": 3}
GROUPS = {"insiders": ("officer", "partner")}


def test_every_module_of_permissions_has_a_table():
    modules = sorted(ROOT.glob("*/*permissions.py"))
    tables = "".join((ROOT / "tests" / floor / "test_permission_table.py").read_text() for floor in {path.parent.name for path in modules})  # fmt: skip
    assert len(modules) >= 4, "commitments, partners (two) and reporting"
    assert not [path for path in modules if path.stem not in tables]


def test_a_row_names_who_is_answered_what_and_the_rest_may_not():
    table = read_table("check_a: yes insiders\ncheck_b, sent: now officer; done partner", PEOPLE, GROUPS)
    assert table["check_a"] == {"officer": "yes", "partner": "yes", "stranger": "no"}
    assert table["check_b, sent"] == {"officer": "now", "partner": "done", "stranger": "no"}
    assert rules_in(table) == {"check_a", "check_b"}


@pytest.mark.parametrize("text", ["check_a: yes nobody", "check_a: maybe officer", "check_a: yes officer\ncheck_a:"])
def test_a_table_that_cannot_be_meant_is_refused(text):
    with pytest.raises(ValueError, match="check_a"):
        read_table(text, PEOPLE, GROUPS)


def refuse(refusal: Exception) -> Any:
    def ask(person: Any) -> None:
        raise refusal

    return ask


def test_each_kind_of_answer_is_told_from_the_others():
    done = AlreadyDone("It is done.", thing=None, what="evidence", past="sent")
    asks = [lambda p: None, lambda p: True, lambda p: False, refuse(NotAllowed("No.")), refuse(NotNow("Wait.")), refuse(done)]  # fmt: skip
    assert [answer_of(ask, None) for ask in asks] == ["yes", "yes", "no", "no", "now", "done"]


def test_a_rule_that_answers_one_person_otherwise_is_named():
    table = read_table("check_a: yes officer\ncheck_b: yes officer", PEOPLE, GROUPS)
    cases: dict[str, Any] = {"check_a": lambda person: person != 3, "check_c": lambda person: True}
    assert differences(table, cases, PEOPLE) == [
        "check_b has no case",
        "check_c has no row",
        "check_a: partner is answered yes, not no",
    ]


def test_a_new_rule_without_a_row_and_a_pair_that_asks_another_check_are_found():
    module = ModuleType("some.permissions")
    for name in ("check_can_read", "check_can_write"):
        check = SimpleNamespace(__module__=module.__name__)
        setattr(module, name, check)
    assert rules_of(module) == {"check_can_read", "check_can_write"}

    def check_can_send(person: Any) -> None: ...

    check_can_send.__module__ = module.__name__
    for name in ("check_can_send", "can_send", "can_receive"):
        setattr(module, name, check_can_send if name.startswith("check") else allowed(check_can_send))
    assert list(wrong_pairs(module)) == ["some.permissions.can_receive"]
