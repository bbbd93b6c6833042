"""A risk rose where what is in force is higher than what was: for the meeting of its group, and for the report."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent
from commitments.models import Risk
from commitments.reading.risk_rises import risk_rises
from commitments.rules.risk_levels import LevelRange
from commitments.services.loading.strategy import load_strategy
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import end_risk, record_risk
from commitments.strategy_file.strategy import read
from reporting.assembly.risks import rose
from tests.commitments.services.test_loading_engagement import STRATEGY

pytestmark = pytest.mark.django_db
HIGH = LevelRange(3, 3)
BEFORE, SINCE = -1, 1
"""Days on which an assessment is recorded: before the time that is looked at, and in it; day 0 is the last one before."""


@pytest.fixture
def risk(officer, strategy, now) -> Risk:
    return record_risk(
        by=officer, at=now - timedelta(days=20), strategy=strategy, content=RiskContent("The hall closes")
    )


@pytest.fixture
def assess(officer, risk, now):
    def assess(level, day, **more):
        content = AssessmentContent(HIGH, LevelRange(level, level), **more)
        return assess_risk(by=officer, at=now + timedelta(days=day - 10), risk=risk, content=content)

    return assess


def told(risk, now):
    """What the report tells, after the same was asked of the reading that the meeting uses."""
    zero = timezone.localdate(now) - timedelta(days=10)
    facts = rose(risk.strategy, since=zero, until=zero + timedelta(days=9))
    read = risk_rises(risk.assessments.order_by("id"), since=zero, until=zero + timedelta(days=9))
    assert [bound for rise in read for bound, _day in rise.bounds] == [fact.bound for fact in facts]
    return [(fact.was, fact.now, (fact.on - zero).days) for fact in facts]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([(1, BEFORE), (3, SINCE)], [("low", "high", 1)]),
        ([(1, BEFORE), (3, SINCE), (1, SINCE)], []),  # a slip that was mended
        ([(1, BEFORE), (2, 1), (3, 2)], [("low", "high", 2)]),
        ([(3, BEFORE), (1, 1), (3, 2)], []),  # a slip and back again
        ([(1, BEFORE), (3, 1), (2, 2)], [("low", "medium", 2)]),
        ([(1, BEFORE), (3, 1), (3, 2)], [("low", "high", 1)]),  # another reason the day after
        ([(1, BEFORE), (3, 0)], []),  # the day of the time before
        ([(1, BEFORE), (3, 9)], [("low", "high", 9)]),  # the last day
        ([(1, BEFORE), (3, 10)], []),  # after it
        ([(1, 1), (3, 2)], [("low", "high", 2)]),  # nothing was recorded before
        ([(3, BEFORE), (1, SINCE)], []),
    ],
)
def test_what_is_in_force_is_compared_with_what_was(risk, assess, now, steps, found):
    for level, day in steps:
        assess(level, day)
    assert told(risk, now) == found


def test_an_assessment_with_an_earlier_date_counts_from_when_it_was_recorded(risk, assess, now):
    assess(1, -9)
    assess(3, SINCE, assessed_on=timezone.localdate(now) - timedelta(days=15))
    assert told(risk, now) == [("low", "high", -5)]


def test_a_risk_that_ended_did_not_rise(risk, assess, officer, now):
    assess(1, BEFORE)
    assess(3, SINCE)
    assert len(told(risk, now)) == 1
    end_risk(by=officer, at=now - timedelta(days=5), risk=risk, reason="The hall was bought.")
    day = timezone.localdate(now)
    assert rose(risk.strategy, since=day - timedelta(days=10), until=day - timedelta(days=1)) == ()
    [before] = rose(risk.strategy, since=day - timedelta(days=10), until=day - timedelta(days=6))
    assert before.now == "high", "it was open on that day"


def test_another_scope_is_not_compared(risk, assess, officer, now):
    first = assess(1, BEFORE)
    content = AssessmentContent(HIGH, HIGH, scope="towns")
    assess_risk(by=officer, at=now - timedelta(days=8), risk=risk, content=content, replaces=first)
    assert told(risk, now) == []


FILE = """[[risk]]
key = "hall"
words = "The hall closes"
[[risk.assessment]]
impact = "high"
likelihood = "{}"
"""


def load(likelihood, at):
    return load_strategy(by=None, at=at, entry=read(STRATEGY + FILE.format(likelihood)))


def in_force():
    return [str(row.likelihood) for row in Risk.objects.get().assessments.current()]


def test_a_file_goes_back_to_what_it_said_before(now):
    for likelihood in ("medium", "high", "medium"):
        load(likelihood, at=now)
        assert in_force() == [likelihood]
        assert load(likelihood, at=now).changes == []


def test_a_file_assesses_no_risk_that_people_have_ended(now, administrator):
    load("medium", at=now)
    end_risk(by=administrator, at=now, risk=Risk.objects.get(), reason="The hall was bought.")
    assert load("medium", at=now).notes == []
    assert load("high", at=now).notes == ["Risk 1 has ended, so the file’s new assessments of it were not added."]
    assert in_force() == ["medium"]


def test_a_file_leaves_what_a_person_assessed_since(now, administrator):
    load("medium", at=now)
    levels = AssessmentContent(HIGH, HIGH, assessed_on=date(2020, 1, 1))
    assess_risk(by=administrator, at=now, risk=Risk.objects.get(), content=levels)
    assert load("medium", at=now).notes == []
    assert load("low", at=now).notes == [
        "People have assessed risk 1 in the portal since, so that assessment stays in force."
    ]
    assert in_force() == ["high"]
