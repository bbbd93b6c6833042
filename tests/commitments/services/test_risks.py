"""Risks are recorded, changed, assessed and confirmed by those who may; no assessment is ever changed, and rises are found."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import HistoryEntry, Risk, RiskAssessment, RiskReview
from commitments.reading.risk_rises import risk_rises
from commitments.reading.risk_tasks import partner_rows, risks_to_review
from commitments.rules.risk_levels import LevelRange
from commitments.services.risk_assessments import assess_risk, confirm_risk
from commitments.services.risks import edit_risk, end_risk, record_risk
from tests.factories import make_organisation, make_person, make_round, make_strategy
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
LOW, MEDIUM, HIGH = (LevelRange(place, place) for place in (1, 2, 3))
UP_TO_HIGH = LevelRange(2, 3)


@pytest.fixture
def risk(officer, strategy, now) -> Risk:
    return record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", "A repair fund"))


def rises_of(risk, since=None, until=None):
    return risk_rises(risk.assessments.order_by("id"), since=since, until=until)


def assess(officer, now, risk, *levels, **more):
    replaces = more.pop("replaces", None)
    return assess_risk(by=officer, at=now, risk=risk, content=AssessmentContent(*levels, **more), replaces=replaces)


def test_a_risk_has_a_number_a_key_and_its_leads_in_order(officer, strategy, now):
    charity = make_organisation()
    leads = (RiskLeadContent(words="Trustees"), RiskLeadContent(charity))
    made = [
        record_risk(by=officer, at=now, strategy=strategy, content=RiskContent(" Money  ends ", leads=leads))
        for _ in range(2)
    ]
    assert [risk.number for risk in made] == [1, 2]
    assert [risk.key for risk in made] == ["money-ends", "money-ends-2"]
    assert [str(lead) for lead in made[0].leads.order_by("place")] == ["Trustees", charity.name]
    assert HistoryEntry.objects.filter(act="risk_record", risk=made[0], by=officer).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"words": " "}, "words"), ({"words": "x" * 1001}, "words"), ({"controls": "x" * 4001}, "controls"),
     ({"leads": (RiskLeadContent(words="A"), RiskLeadContent(words="A"))}, "leads")],
)  # fmt: skip
def test_what_is_missing_or_too_long_names_its_field(officer, strategy, now, change, field):
    with pytest.raises(Invalid) as refused:
        record_risk(by=officer, at=now, strategy=strategy, content=RiskContent(**{"words": "A risk", **change}))
    assert refused.value.field == field
    assert not Risk.objects.exists()


def test_a_risk_is_to_a_priority_or_a_commitment_of_its_own_strategy(officer, strategy, commitment, now):
    other = make_strategy(make_organisation("Elsewhere", "public_body"), slug="elsewhere", opens_first=False)
    for about in ({"commitment": other.commitments.first()}, {"priority": other.priorities.first()},
                  {"commitment": commitment, "priority": commitment.priority}):  # fmt: skip
        with pytest.raises(Invalid):
            record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("A risk", **about))
    made = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("A risk", commitment=commitment))
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=made.pk).update(priority=commitment.priority)


def test_a_change_keeps_what_was_before_and_the_second_of_two_people_is_refused(officer, risk, now):
    edit_risk(by=officer, at=now, risk=risk, content=RiskContent("The hall closes early", "A fund"), version=0)
    entry = HistoryEntry.objects.get(act="risk_edit")
    assert entry.said["was"] == {"words": "The hall closes", "controls": "A repair fund"}
    with pytest.raises(Conflict):
        edit_risk(by=officer, at=now, risk=risk, content=RiskContent("Another"), version=0)
    edit_risk(by=officer, at=now, risk=risk, content=RiskContent("The hall closes early", "A fund"), version=1)
    assert HistoryEntry.objects.filter(act="risk_edit").count() == 1


def test_an_assessment_is_added_and_never_changed(officer, risk, now):
    first = assess(officer, now, risk, HIGH, LOW)
    second = assess(officer, now, risk, HIGH, MEDIUM)
    assert second.replaces == first
    assert list(risk.assessments.current()) == [second]
    for change in (lambda: RiskAssessment.objects.filter(pk=first.pk).update(scope="x"), first.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        risk.delete()


def test_another_scope_period_or_condition_stands_beside_the_others(officer, risk, strategy, now):
    assess(officer, now, risk, HIGH, LOW)
    priority = strategy.priorities.first()
    for more in ({"scope": "towns"}, {"period": "2026"}, {"condition": "if it rains"}, {"priority": priority}):
        assert assess(officer, now, risk, HIGH, LOW, **more).replaces is None
    assert risk.assessments.current().count() == 5


@pytest.mark.parametrize(
    ("before", "after", "rose"),
    [
        ((HIGH, LOW), (HIGH, MEDIUM), ("likelihood",)),
        ((MEDIUM, LOW), (HIGH, LOW), ("impact",)),
        ((MEDIUM, LOW), (HIGH, MEDIUM), ("impact", "likelihood")),
        ((HIGH, MEDIUM), (HIGH, UP_TO_HIGH), ("likelihood",)),
        ((HIGH, UP_TO_HIGH), (HIGH, HIGH), ()),
        ((HIGH, HIGH), (HIGH, LOW), ()),
        ((HIGH, LOW), (HIGH, LOW), ()),
    ],
)
def test_a_risk_rose_where_an_upper_bound_rose(officer, risk, now, before, after, rose):
    assess(officer, now, risk, *before)
    made = assess(officer, now, risk, *after)
    assert made.rose == rose
    assert [tuple(bound for bound, _day in found.bounds) for found in rises_of(risk)] == ([rose] if rose else [])


@pytest.mark.parametrize("more", [{"scope": "towns"}, {"period": "2030"}])
def test_what_is_assessed_for_another_scope_or_period_has_not_risen(officer, risk, now, more):
    first = assess(officer, now, risk, HIGH, LOW)
    made = assess(officer, now, risk, HIGH, HIGH, replaces=first, **more)
    assert made.rose == ()
    assert not rises_of(risk)


def test_another_priority_is_another_scope(officer, risk, strategy, now):
    one, two = strategy.priorities.order_by("number")[:2]
    first = assess(officer, now, risk, HIGH, LOW, priority=one)
    second = assess(officer, now, risk, HIGH, MEDIUM, priority=one, replaces=first)
    assert second.rose == ("likelihood",)
    assert [found.now for found in rises_of(risk)] == [second]
    assert assess(officer, now, risk, HIGH, HIGH, priority=two, replaces=second).rose == ()
    assert not rises_of(risk)


def test_of_two_people_who_replace_the_same_assessment_the_second_is_refused(officer, risk, now):
    first = assess(officer, now, risk, HIGH, LOW)
    assess(officer, now, risk, HIGH, MEDIUM, replaces=first)
    with pytest.raises(Conflict):
        assess(officer, now, risk, HIGH, HIGH, replaces=first)


def test_a_risk_is_not_assessed_in_the_future_and_today_is_a_day(officer, risk, now):
    today = timezone.localdate(now)
    assert assess(officer, now, risk, HIGH, LOW).assessed_on == today
    assert assess(officer, now, risk, HIGH, LOW, assessed_on=today, scope="x").assessed_on == today
    with pytest.raises(Invalid):
        assess(officer, now, risk, HIGH, LOW, assessed_on=today + timedelta(days=1))


def test_a_risk_is_confirmed_once_in_an_open_round(officer, risk, strategy, now):
    with pytest.raises(NotNow):
        confirm_risk(by=officer, at=now, risk=risk)
    round_ = make_round(strategy)
    assert list(risks_to_review(officer)) == [risk]
    confirm_risk(by=officer, at=now, risk=risk)
    assert RiskReview.objects.get().round == round_
    assert not risks_to_review(officer)
    with pytest.raises(AlreadyDone):
        confirm_risk(by=officer, at=now, risk=risk)


def test_who_assesses_a_risk_in_an_open_round_has_read_it_again(officer, risk, strategy, now):
    round_ = make_round(strategy)
    assert assess(officer, now, risk, HIGH, LOW).round == round_
    assert RiskReview.objects.get().risk == risk
    assess(officer, now, risk, HIGH, MEDIUM)
    assert RiskReview.objects.count() == 1


def test_a_risk_is_for_whoever_leads_it_to_read_again(officer, strategy, commitment, now):
    make_round(strategy)
    charity, colleague = make_organisation(), make_person("officer", strategy.owner)
    lead, member = make_person("partner_lead", charity), make_person("partner_contributor", charity)
    of_charity = record_risk(
        by=officer, at=now, strategy=strategy, content=RiskContent("A", leads=(RiskLeadContent(charity),))
    )
    of_commitment = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("B", commitment=commitment))
    assert set(risks_to_review(colleague)) == {of_charity, of_commitment}
    commitment.lead_officer = officer
    commitment.save()
    assert set(risks_to_review(colleague)) == {of_charity}
    assert set(risks_to_review(officer)) == {of_charity, of_commitment}
    assert set(risks_to_review(lead)) == {of_charity}
    assert not risks_to_review(member)
    assert [row["key"] for row in partner_rows(lead)] == [of_charity.key]
    assert not partner_rows(member)
    confirm_risk(by=lead, at=now, risk=of_charity)
    assert not risks_to_review(lead)
    assert not partner_rows(lead)
    with pytest.raises(NotAllowed):
        confirm_risk(by=lead, at=now, risk=of_commitment)


def test_a_risk_ends_with_a_reason_and_then_stays_as_it_is(officer, risk, strategy, now):
    make_round(strategy)
    with pytest.raises(Invalid):
        end_risk(by=officer, at=now, risk=risk, reason=" ")
    end_risk(by=officer, at=now, risk=risk, reason="The hall was bought.")
    risk.refresh_from_db()
    assert risk.ended_on == timezone.localdate(now)
    assert not risks_to_review(officer)
    with pytest.raises(AlreadyDone):
        end_risk(by=officer, at=now, risk=risk, reason="Again.")
    for act in (
        lambda: edit_risk(by=officer, at=now, risk=risk, content=RiskContent("Another")),
        lambda: assess(officer, now, risk, HIGH, LOW),
        lambda: confirm_risk(by=officer, at=now, risk=risk),
    ):
        with pytest.raises(NotNow):
            act()


def test_only_those_who_answer_for_the_strategy_keep_its_risks(officer, risk, strategy, now):
    stranger = make_person("officer", make_organisation("Another Council", "public_body"))
    partner = make_person("partner_lead", make_organisation())
    for person in (stranger, partner):
        for act in (
            lambda person=person: record_risk(by=person, at=now, strategy=strategy, content=RiskContent("A risk")),
            lambda person=person: edit_risk(by=person, at=now, risk=risk, content=RiskContent("A risk")),
            lambda person=person: assess(person, now, risk, HIGH, LOW),
            lambda person=person: end_risk(by=person, at=now, risk=risk, reason="Because."),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_an_assessment_is_no_older_than_the_one_that_it_replaces(officer, risk, now):
    today = timezone.localdate(now)
    first = assess(officer, now, risk, HIGH, HIGH, assessed_on=today - timedelta(days=3))
    with pytest.raises(Invalid) as refused:
        assess(officer, now, risk, HIGH, LOW, assessed_on=today - timedelta(days=4))
    assert refused.value.field == "assessed_on"
    assert assess(officer, now, risk, HIGH, LOW, assessed_on=today - timedelta(days=3)).replaces == first


def test_two_assessments_are_never_in_force_for_the_same_scope_and_period(officer, risk, now):
    first, other = assess(officer, now, risk, HIGH, LOW), assess(officer, now, risk, HIGH, LOW, scope="towns")
    with pytest.raises(Invalid) as refused:
        assess(officer, now, risk, HIGH, HIGH, scope="towns", replaces=first)
    assert refused.value.field == "scope"
    renamed = assess(officer, now, risk, HIGH, HIGH, scope="villages", replaces=first)
    assert set(risk.assessments.current()) == {other, renamed}
