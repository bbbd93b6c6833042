"""Every rule of :mod:`reporting.permissions`: each person, in each relation to the report, in each state of it."""

from datetime import datetime
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser

from partners.models import RoleGrant, User
from partners.services.access import end_access
from reporting import permissions as rules
from reporting.models import Edition, Proposal
from tests.factories import (
    make_edition,
    make_organisation,
    make_person,
    make_strategy,
    steering_group,
    withdraw_edition,
)
from tests.permission_table import Ask, differences, read_table, rules_in, rules_of, wrong_pairs

PEOPLE: Final = {
    "anonymous": "nobody has signed in",
    "ended": "an officer of the council whose access has ended",
    "none": "somebody without a role",
    "part": "a partner lead",
    "member": "a member of the group that steers the strategy",
    "member2": "a member of a group that steers another strategy",
    "proposer": "an officer of the council, who made the proposal",
    "officer": "another officer of the council",
    "officer2": "an officer of another council",
    "both": "an officer of another council who is a member of the group that steers this strategy",
    "admin": "an administrator",
}
GROUPS: Final = {
    "publishers": ("proposer", "officer", "admin"),
    "insiders": ("proposer", "officer", "admin", "member", "both"),
}
TABLE: Final = """
check_can_request: yes insiders
check_may_request: yes insiders member2 officer2
sees_drafts: yes insiders
publishes: yes publishers
check_can_see_proposals: yes publishers
check_can_retry, failed: yes insiders
check_can_retry, ready: now insiders
check_can_retry, cancelled: now insiders
check_can_cancel, queued: yes insiders
check_can_cancel, running: yes insiders
check_can_cancel, ready: now insiders
check_can_cancel, failed: now insiders
check_can_publish, queued: now publishers
check_can_publish, running: now publishers
check_can_publish, ready: yes publishers
check_can_publish, failed: now publishers
check_can_publish, published: done publishers
check_can_discard, queued: now publishers
check_can_discard, running: now publishers
check_can_discard, ready: yes publishers
check_can_discard, failed: yes publishers
check_can_discard, proposed: now publishers
check_can_discard, published: now publishers
check_can_withdraw, ready: now publishers
check_can_withdraw, published: yes publishers
check_can_withdraw, withdrawn: done publishers
check_can_download, published: yes everybody
check_can_download, withdrawn: yes insiders
check_can_decide, waiting: yes officer admin
check_can_decide, decided: done publishers
check_can_cancel_proposal, waiting: yes proposer
check_can_cancel_proposal, decided: done proposer
check_can_see_published_files: yes publishers officer2 both
check_can_write: yes publishers
check_can_comment: yes insiders
"""


@pytest.fixture
def people(council, charity, strategy, administrator, now: datetime) -> dict[str, Any]:
    """People by their names in the table."""
    elsewhere = make_organisation("Elmshire Council", "public_body")
    group = make_organisation("The Forum", "partnership_group")
    make_strategy(elsewhere, slug="elmshire", opens_first=False, steered_by=group)
    made = {
        "ended": make_person("officer", council),
        "none": make_person(),
        "part": make_person("partner_lead", charity),
        "member": make_person("steering_group"),
        "member2": make_person("steering_group", group),
        "proposer": make_person("officer", council),
        "officer": make_person("officer", council),
        "officer2": make_person("officer", elsewhere),
        "both": make_person("officer", elsewhere),
        "admin": administrator,
    }
    RoleGrant.objects.create(person=made["both"], role="steering_group", organisation=steering_group(), granted_at=now)
    end_access(by=administrator, at=now, person=made["ended"], reason="Left.")
    return {"anonymous": AnonymousUser()} | {name: User.objects.get(pk=person.pk) for name, person in made.items()}


@pytest.fixture
def things(people, open_round, now: datetime) -> dict[str, Any]:
    """Editions and proposals in each state, by the case in the table."""
    officer, proposer = people["officer"], people["proposer"]
    found: dict[str, Any] = {}
    for case in ("ready", "proposed", "decided", "published", "withdrawn"):
        found[case] = make_edition(round_=open_round, by=officer, published=case in {"published", "withdrawn"})
    withdraw_edition(by=officer, at=now, edition=found["withdrawn"], reason="A name was wrong.")
    for state in ("queued", "running", "failed", "cancelled"):
        found[state] = Edition(round=open_round, number=90, requested_at=now, requested_by=officer, state=state)
        found[state].pk = found["ready"].pk
    for case, edition, decided in (("waiting", "proposed", {}), ("decided", "decided", {"outcome": "cancelled", "decided_at": now, "decided_by": proposer})):  # fmt: skip
        made = Proposal.objects.create(edition=found[edition], act="publish", proposed_at=now, proposed_by=proposer)
        for name, value in decided.items():
            setattr(made, name, value)
        made.save()
        found[case] = made
    found["withdrawn"] = Edition.objects.get(pk=found["withdrawn"].pk)
    return found


def cases(things: dict[str, Any], strategy: Any) -> dict[str, Ask]:
    """What each row asks: a rule about the thing that the case names, about the strategy, or about nothing more."""
    alone = {"check_may_request", "check_can_see_published_files"}

    def ask(row: str) -> Ask:
        name, _, case = row.partition(", ")
        rule: Any = getattr(rules, name)
        return rule if name in alone else lambda person: rule(person, things[case] if case else strategy)

    return {row: ask(row) for row in read_table(TABLE, PEOPLE, GROUPS)}


@pytest.mark.django_db
def test_every_person_is_answered_as_the_table_says(things, people, strategy):
    assert set(people) == set(PEOPLE)
    found = differences(read_table(TABLE, PEOPLE, GROUPS), cases(things, strategy), people)
    assert not found, "\n".join(found)


def test_every_rule_stands_in_the_table():
    assert rules_of(rules) <= rules_in(read_table(TABLE, PEOPLE, GROUPS))


def test_each_yes_or_no_asks_the_check_of_its_name():
    assert not list(wrong_pairs(rules))
