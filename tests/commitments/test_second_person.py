"""Who approves the update of a strategy that is not a council's: whoever is nearest to its owner and did not write it."""

from itertools import combinations
from typing import Any, Final

import pytest

from commitments.content.updates import UpdateContent
from commitments.models import ProgressUpdate
from commitments.models.writers import with_update_writers
from commitments.permissions import progress as progress_permissions
from commitments.reading.my_work import waiting_for
from commitments.services.progress import save_update, submit_update
from commitments.services.update_approval import approve_update, return_update
from partners.models import User
from tests.factories import make_organisation, make_person, make_round, make_strategy
from vcsportal.common.words import NotAllowed

pytestmark = pytest.mark.django_db
SAID: Final = UpdateContent("on_track", "It began.")
CAST: Final = {
    "lead": ("partner_lead", "partnership"),
    "second lead": ("partner_lead", "partnership"),
    "officer": ("officer", "council"),
    "council's lead": ("partner_lead", "council"),
    "contributor": ("partner_contributor", "partnership"),
    "administrator": ("administrator", ""),
}
OWNERS, SUPPORTERS = ("lead", "second lead"), ("officer", "council's lead")


def approvers(there: tuple[str, ...], wrote: set[str]) -> set[str]:
    """The rule, said once more: the first of owner, supporter and administrators with somebody left, and all nearer ones."""
    for part in (OWNERS, SUPPORTERS):
        if left := (set(part) & set(there)) - wrote:
            return left
    return {"administrator"}


EXPECTED: Final = [
    (there, wrote)
    for size in range(1, 5)
    for there in combinations(("lead", "second lead", "officer", "council's lead"), size)
    for count in (1, 2)
    for wrote in combinations(there, count)
]


@pytest.fixture
def at(db: None) -> dict[str, Any]:
    council = make_organisation("Shirewell Council", "public_body")
    return {"partnership": make_organisation("Shirewell Together", "partnership_group"), "council": council}


@pytest.mark.parametrize(("there", "wrote"), EXPECTED)
def test_whoever_is_nearest_approves_and_the_lists_and_counts_agree(there, wrote, at, now):
    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    for organisation in at.values():
        organisation.refresh_from_db()
    people = {}
    for name in (*there, "contributor", "administrator"):
        role, where = CAST[name]
        people[name] = User.objects.get(pk=make_person(role, at.get(where)).pk)
    commitment, round_ = strategy.commitments.get(reference="1.1"), make_round(strategy)
    version = None
    for name in wrote:
        version = save_update(
            by=people[name], at=now, commitment=commitment, round_=round_, content=SAID, version=version
        ).version
    update = submit_update(
        by=people[wrote[-1]], at=now, commitment=commitment, round_=round_, content=SAID, version=version
    )
    expected = approvers(there, set(wrote))
    for asked in (update, with_update_writers(ProgressUpdate.objects.all()).get(pk=update.pk)):
        may = {name for name, person in people.items() if progress_permissions.can_approve_update(person, asked)}
        assert may == expected
    assert {name for name, person in people.items() if waiting_for(person).get("updates")} == expected
    for name in set(people) - expected:
        with pytest.raises(NotAllowed):
            approve_update(by=people[name], at=now, update=update)
    assert approve_update(by=people[min(expected)], at=now, update=update).state == "published"


def test_what_was_approved_had_its_second_person_in_lists_too(at, now):
    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    for organisation in at.values():
        organisation.refresh_from_db()
    first, second = (User.objects.get(pk=make_person("partner_lead", at["partnership"]).pk) for _ in range(2))
    commitment, round_ = strategy.commitments.get(reference="1.1"), make_round(strategy)
    update = submit_update(by=first, at=now, commitment=commitment, round_=round_, content=SAID, version=None)
    approved = approve_update(by=second, at=now, update=update)
    back = return_update(by=second, at=now, update=approved, reason="Say when.")
    again = submit_update(by=second, at=now, commitment=commitment, round_=round_, content=SAID, version=back.version)
    [listed] = with_update_writers(ProgressUpdate.objects.all())
    assert progress_permissions.can_approve_update(first, again)
    assert progress_permissions.can_approve_update(first, listed)
    assert waiting_for(first)["updates"] == 1


def test_somebody_whose_access_ended_holds_nothing_up(at, administrator, now):
    from partners.services.access import end_access

    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    for organisation in at.values():
        organisation.refresh_from_db()
    lead, gone, officer = (
        make_person("partner_lead", at["partnership"]),
        make_person("partner_lead", at["partnership"]),
        make_person("officer", at["council"]),
    )
    commitment, round_ = strategy.commitments.get(reference="1.1"), make_round(strategy)
    update = submit_update(by=lead, at=now, commitment=commitment, round_=round_, content=SAID, version=None)
    with pytest.raises(NotAllowed, match="Someone else at Shirewell Together can approve this update"):
        progress_permissions.check_can_approve_update(User.objects.get(pk=officer.pk), update)
    end_access(by=administrator, at=now, person=gone, reason="Left.")
    assert progress_permissions.can_approve_update(User.objects.get(pk=officer.pk), update)
    with pytest.raises(NotAllowed, match="Someone at Shirewell Council can approve this update"):
        progress_permissions.check_can_approve_update(administrator, update)


def test_a_list_of_a_partnerships_updates_asks_nothing_more_for_each(at, now, django_assert_num_queries):
    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    for organisation in at.values():
        organisation.refresh_from_db()
    lead, officer = make_person("partner_lead", at["partnership"]), make_person("officer", at["council"])
    round_ = make_round(strategy)
    for commitment in strategy.commitments.all():
        submit_update(by=lead, at=now, commitment=commitment, round_=round_, content=SAID, version=None)
    updates = list(with_update_writers(ProgressUpdate.objects.all()))
    people = [User.objects.get(pk=person.pk) for person in (lead, officer)]
    assert [bool(person.grants) for person in people] == [True, True]
    with django_assert_num_queries(0):
        answers = [[progress_permissions.can_approve_update(person, update) for update in updates] for person in people]
    assert answers == [[False] * len(updates), [True] * len(updates)]
