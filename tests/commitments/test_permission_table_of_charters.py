"""Every rule of :mod:`commitments.permissions.charters`, for the people of the other table, and each organisation that signs."""

from typing import Final

import pytest

from commitments.permissions import charters as charter_permissions
from tests.commitments.charter import make_charter, signed
from tests.commitments.permission_cast import Cast, make_cast
from tests.commitments.test_permission_table import GROUPS, PEOPLE
from tests.factories import steering_group
from tests.permission_table import Ask, differences, read_table, rules_in, rules_of, wrong_pairs

TABLE: Final = """
check_can_be_signed, the charter: yes everybody
check_can_be_signed, the strategy: now everybody
check_can_sign, for the charity: yes lead
check_can_sign, for the other organisation: yes both
check_can_sign, for the council: yes officers
check_can_sign, for the one that has left: yes left moved
check_can_sign, for a group without people:
check_can_sign, for a public body:
check_can_sign, the strategy: now everybody
check_can_record_signature, for the charity: yes officers admin
check_can_record_signature, for a group without people: yes officers helper admin
check_can_record_signature, for a group whose people have left: yes officers helper admin
check_can_record_signature, for a public body: yes officers admin
check_can_record_signature, for a group that steers:
check_can_record_signature, the strategy: now everybody
check_can_reaffirm, for the charity: yes charity officers admin
check_can_reaffirm, for the council: yes officers admin
check_can_reaffirm, for a group without people: yes officers helper admin
check_can_end_signature, for the charity: yes lead officers admin
check_can_end_signature, for the other organisation: yes both officers admin
check_can_end_signature, for a group without people: yes officers helper admin
check_can_pledge, for the charity: yes lead officers admin
check_can_pledge, for a group without people: yes officers helper admin
"""


def cases(cast: Cast) -> dict[str, Ask]:
    """What each row asks: of the council's charter, and of its strategy, which nobody signs."""
    at = cast.organisations
    charter = make_charter(at["council"])
    whose = {
        "for the charity": at["charity"], "for the other organisation": at["other"], "for the council": at["council"],
        "for the one that has left": at["left"], "for a group without people": at["knitters"],
        "for a group whose people have left": at["empty"], "for a public body": at["hospital"],
        "for a group that steers": steering_group(),
    }  # fmt: skip
    signatures = {case: signed(charter, organisation) for case, organisation in whose.items()}

    def ask(row: str) -> Ask:
        name, _, case = row.partition(", ")
        rule = getattr(charter_permissions, name)
        if name == "check_can_be_signed":
            return lambda person: rule(charter if case == "the charter" else cast.strategy)
        if case == "the strategy":
            return lambda person: rule(person, cast.strategy, at["charity"])
        if name in {"check_can_reaffirm", "check_can_end_signature"}:
            return lambda person: rule(person, signatures[case])
        return lambda person: rule(person, charter, whose[case])

    return {row: ask(row) for row in read_table(TABLE, PEOPLE, GROUPS)}


@pytest.mark.django_db
def test_every_person_is_answered_about_signatures_as_the_table_says():
    cast = make_cast()
    found = differences(read_table(TABLE, PEOPLE, GROUPS), cases(cast), cast.people)
    assert not found, "\n".join(found)


def test_every_rule_about_signatures_stands_in_the_table():
    assert rules_of(charter_permissions) == rules_in(read_table(TABLE, PEOPLE, GROUPS))


def test_each_yes_or_no_about_signatures_asks_the_check_of_its_name():
    wrong = list(wrong_pairs(charter_permissions))
    assert wrong == ["commitments.permissions.charters.may_record_signatures"], (
        "it asks for some organisation, not for one"
    )
