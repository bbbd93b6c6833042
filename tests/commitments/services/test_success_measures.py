"""A success measure is written by those who manage the commitment, proposed by those who update it, and agreed by a group."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.models import Commitment, HistoryEntry
from commitments.reading.plans import agreed, dates_in_words
from commitments.services.commitment_ties import tie_commitment
from commitments.services.success_measures import SuccessMeasure, propose_success_measure, set_success_measure
from partners.models import User
from partners.services.roles import give_role
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
WORDS = "A room in every village that any group can book."


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


def of(commitment) -> SuccessMeasure:
    return SuccessMeasure.of(Commitment.objects.get(pk=commitment.pk))


@pytest.fixture
def their_officer(db):
    """An officer of another council, which has a strategy of its own."""
    other = make_organisation("Another Council", "public_body")
    make_strategy(other, slug="theirs", opens_first=False)
    return make_person("officer", other)


def test_it_is_written_with_who_agreed_it_and_the_history_keeps_both(officer, commitment, now, today):
    measure = SuccessMeasure(f" {WORDS}\r\n", "the  steering group ", today)
    set_success_measure(by=officer, at=now, commitment=commitment, measure=measure)
    assert of(commitment) == SuccessMeasure(WORDS, "the steering group", today)
    set_success_measure(by=officer, at=now, commitment=commitment, measure=SuccessMeasure("Ten rooms."))
    assert of(commitment) == SuccessMeasure("Ten rooms.")
    first, second = HistoryEntry.objects.filter(act="measure").order_by("id")
    assert first.said == {
        "was": {"words": "", "agreed_by": "", "agreed_on": ""},
        "now": {"words": WORDS, "agreed_by": "the steering group", "agreed_on": today.isoformat()},
    }
    assert (second.by, second.said["was"]["words"], second.said["now"]["agreed_by"]) == (officer, WORDS, "")


def test_the_same_again_leaves_no_second_entry(officer, commitment, now):
    for _ in range(2):
        set_success_measure(by=officer, at=now, commitment=commitment, measure=SuccessMeasure(WORDS))
    assert HistoryEntry.objects.filter(act="measure").count() == 1


@pytest.mark.parametrize(
    ("words", "agreed_by", "days", "field"),
    [
        ("", "the group", None, "words"),
        ("", "the group", 0, "words"),
        (WORDS, "", 0, "agreed_by"),
        (WORDS, "the group", 1, "agreed_on"),
        (WORDS, "the group", -365 * 300, "agreed_on"),
        ("x" * 2001, "", None, "words"),
        (WORDS, "x" * 201, None, "agreed_by"),
        ("x\x00", "", None, "words"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(officer, commitment, now, today, words, agreed_by, days, field):
    on = None if days is None else today + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        set_success_measure(by=officer, at=now, commitment=commitment, measure=SuccessMeasure(words, agreed_by, on))
    assert refused.value.field == field
    assert of(commitment) == SuccessMeasure("")


def test_the_longest_and_today_are_taken(officer, commitment, now, today):
    measure = SuccessMeasure("x" * 2000, "y" * 200, today)
    set_success_measure(by=officer, at=now, commitment=commitment, measure=measure)
    assert of(commitment) == measure


@pytest.mark.parametrize("who", ["partner", "partner_lead", "steering_member", "nobody", "their_officer"])
def test_others_neither_write_nor_propose_it(request, commitment, now, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        set_success_measure(by=person, at=now, commitment=commitment, measure=SuccessMeasure(WORDS))
    with pytest.raises(NotAllowed):
        propose_success_measure(by=person, at=now, commitment=commitment, words=WORDS)
    assert of(commitment) == SuccessMeasure("")


def test_an_administrator_writes_it_and_does_not_propose_it_with_an_update(administrator, commitment, now):
    with pytest.raises(NotAllowed):
        propose_success_measure(by=administrator, at=now, commitment=commitment, words=WORDS)
    set_success_measure(by=administrator, at=now, commitment=commitment, measure=SuccessMeasure(WORDS))
    assert of(commitment).words == WORDS


def test_somebody_with_two_roles_writes_it_where_one_of_them_allows_it(
    administrator, their_officer, council, commitment, now
):
    theirs = Commitment.objects.get(strategy__slug="theirs", reference="1.1")
    set_success_measure(by=their_officer, at=now, commitment=theirs, measure=SuccessMeasure(WORDS))
    with pytest.raises(NotAllowed):
        set_success_measure(by=their_officer, at=now, commitment=commitment, measure=SuccessMeasure(WORDS))
    give_role(by=administrator, at=now, person=their_officer, role="officer", organisation=council)
    again = User.objects.get(pk=their_officer.pk)
    set_success_measure(by=again, at=now, commitment=commitment, measure=SuccessMeasure(WORDS))
    assert of(commitment).words == WORDS


def test_a_proposal_is_agreed_by_nobody_and_replaces_nothing(officer, second_officer, commitment, now):
    propose_success_measure(by=officer, at=now, commitment=commitment, words=WORDS)
    assert of(commitment) == SuccessMeasure(WORDS)
    propose_success_measure(by=second_officer, at=now, commitment=commitment, words=WORDS)
    with pytest.raises(Invalid) as refused:
        propose_success_measure(by=second_officer, at=now, commitment=commitment, words="Ten rooms.")
    assert refused.value.field == "success_measure"
    assert WORDS in refused.value.sentence
    assert of(commitment) == SuccessMeasure(WORDS)
    assert HistoryEntry.objects.filter(act="measure").count() == 1


def test_words_in_a_refused_proposal_are_beside_the_update_forms_field(officer, commitment, now):
    with pytest.raises(Invalid) as refused:
        propose_success_measure(by=officer, at=now, commitment=commitment, words="x" * 2001)
    assert refused.value.field == "success_measure"


@pytest.mark.parametrize(
    "values",
    [
        {"success_measure_agreed_by": "us"},
        {"success_measure": WORDS, "success_measure_agreed_on": date(2026, 1, 1)},
        {"starts_on": date(2026, 4, 2), "ends_on": date(2026, 4, 1)},
        {"starts_on": date(1899, 12, 31)},
        {"ends_on": date(2200, 1, 1)},
    ],
)
def test_the_database_refuses_what_contradicts_itself(commitment, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=commitment.pk).update(**values)


def test_the_database_takes_border_days_and_no_commitment_that_follows_itself(commitment):
    mine = Commitment.objects.filter(pk=commitment.pk)
    assert mine.update(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 1)) == 1
    assert mine.update(starts_on=date(1900, 1, 1), ends_on=date(2199, 12, 31)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(follows=commitment)


def test_who_agreed_it_and_the_dates_in_words():
    first, last = date(2025, 4, 1), date(2026, 3, 31)
    assert agreed("the steering group", last) == "Agreed by the steering group on 31 March 2026."
    assert agreed("the steering group", None) == "Agreed by the steering group."
    assert agreed("", None) == "Proposed, not agreed yet."
    assert [dates_in_words(*days) for days in ((first, last), (first, first), (first, None), (None, last), (None, None))] == [
        "From 1 April 2025 to 31 March 2026", "On 1 April 2025", "From 1 April 2025", "Until 31 March 2026", "",
    ]  # fmt: skip


def test_what_replaces_what_and_what_belongs_together(officer, their_officer, commitment, council, now):
    other, third = (commitment.strategy.commitments.get(reference=reference) for reference in ("1.2", "2.1"))
    with pytest.raises(NotAllowed):
        tie_commitment(by=their_officer, at=now, commitment=commitment, follows=other, related=[])
    tie_commitment(by=officer, at=now, commitment=commitment, follows=other, related=[third])
    commitment.refresh_from_db()
    assert commitment.follows == other
    assert list(third.related.all()) == [commitment]
    tie_commitment(by=officer, at=now, commitment=other, follows=third, related=[])
    entry = HistoryEntry.objects.filter(act="tie").order_by("id").first()
    assert (entry and entry.said["now"]) == {
        "follows": f"our-strategy/{other.key}",
        "related": [f"our-strategy/{third.key}"],
    }
    for ending in (commitment, third):
        with pytest.raises(Invalid):
            tie_commitment(by=officer, at=now, commitment=third, follows=ending, related=[])
    with pytest.raises(Invalid):
        tie_commitment(by=officer, at=now, commitment=third, follows=None, related=[third])
    same_day = make_strategy(council, slug="beside", opens_first=False).commitments.get(reference="1.1")
    with pytest.raises(Invalid):
        tie_commitment(by=officer, at=now, commitment=third, follows=same_day, related=[])
