"""Success measures become facts of a report, and a newly agreed one is a change between two days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.models import Commitment
from commitments.services.success_measures import SuccessMeasure, propose_success_measure, set_success_measure
from reporting import assembly
from reporting.facts import ProductionDetails
from reporting.narrative import change_sentences
from tests.factories import make_round, make_strategy

pytestmark = pytest.mark.django_db
WORDS = "Ten rooms."


def test_they_are_facts_with_team_dates_and_ties(
    strategy, commitment, council, officer, now, django_assert_max_num_queries
):
    round_, day = make_round(strategy), date(2026, 3, 12)
    measure = SuccessMeasure(WORDS, "the steering group", timezone.localdate(now))
    set_success_measure(by=officer, at=now, commitment=commitment, measure=measure)
    earlier = make_strategy(council, slug="earlier", opens_first=False).commitments.get(reference="2.1")
    Commitment.objects.filter(pk=commitment.pk).update(team="Communities", starts_on=day, ends_on=day, follows=earlier)
    commitment.related.add(strategy.commitments.get(reference="2.2"))
    first, *others = assembly.assemble(round_=round_, making=ProductionDetails(now)).commitments()
    assert (first.success_measure, first.success_measure_agreed_by) == (WORDS, "the steering group")
    assert (first.success_measure_agreed_on, first.team) == (timezone.localdate(now), "Communities")
    assert (first.starts_on, first.ends_on) == (day, day)
    assert first.follows == "2.1 Thing 2.1 (Strategy earlier)"
    assert first.related == ("2.2 Thing 2.2",)
    assert [other.success_measure for other in others] == ["", "", ""]
    assert others[-1].related == ("1.1 Thing 1.1",)


def between(strategy, now, *, back=0):
    day = timezone.localdate(now)
    return assembly.between(strategy, since=day - timedelta(days=back + 1), until=day - timedelta(days=back))


def test_a_measure_that_was_agreed_is_a_change_and_a_proposal_is_none(strategy, commitment, officer, now):
    propose_success_measure(by=officer, at=now - timedelta(days=2), commitment=commitment, words=WORDS)
    assert between(strategy, now, back=2).measured == ()
    measure = SuccessMeasure(WORDS, "the steering group", date(2026, 3, 12))
    set_success_measure(by=officer, at=now, commitment=commitment, measure=measure)
    changes = between(strategy, now)
    assert [each.reference for each in changes.measured] == ["1.1"]
    assert between(strategy, now, back=1).measured == ()
    [group] = [group for group in change_sentences.groups(changes) if group.code == "measured"]
    assert group.says == "One success measure was agreed."
    assert group.lines[0].sentence == "1.1 Thing 1.1: agreed by the steering group on 12 March 2026. “Ten rooms.”"
    assert "one success measure was agreed" in change_sentences.headline(changes).lower()
    assert "Success measures agreed: 1.1." in change_sentences.copied(changes, "What changed")


def test_what_was_agreed_and_taken_back_in_between_is_no_change(strategy, commitment, officer, now):
    for measure in (SuccessMeasure(WORDS, "us"), SuccessMeasure(WORDS)):
        set_success_measure(by=officer, at=now, commitment=commitment, measure=measure)
    assert between(strategy, now).measured == ()
