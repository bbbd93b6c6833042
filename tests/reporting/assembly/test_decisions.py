"""What a steering group decided, in the facts and in every form of the report: which days and whose count, and never a name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import EngagementAccount, EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.models import Point
from commitments.services.engagement import plan_engagement
from commitments.services.engagement_account import write_up_engagement
from commitments.services.points import finish_point, take_down_point
from commitments.services.receiving_points import record_point
from reporting import assembly, facts
from reporting.exports import json_file
from reporting.facts.withholding import TAKEN_DOWN, withhold_since
from reporting.narrative.decisions import became
from reporting.paper import outline
from reporting.rendering.body import to_html
from reporting.sealed.checking import find_taken_back
from tests.factories import make_group, make_organisation, make_round, make_strategy, steering_group

pytestmark = pytest.mark.django_db


def assembled(round_) -> facts.Report:
    round_.refresh_from_db()
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(timezone.now(), edition=1))


@pytest.fixture
def group(strategy):
    return make_group(steering_group())


@pytest.fixture
def past_round(strategy):
    return make_round(strategy, years_ago=1)


def decided(by, group, strategy, day, words="Paint the hall.", *, written_up=True, commitment=None, **more) -> Point:
    now = timezone.now()
    meeting = plan_engagement(
        by=by, at=now, group=group, strategy=strategy, plan=EngagementPlan("meeting", f"Meeting of {day}", day)
    )
    content = RecordedPoint(
        "decision",
        words,
        day,
        engagement=meeting,
        commitment=commitment,
        owner_words=more.pop("who", ""),
        due_on=more.pop("due_on", None),
    )
    point = record_point(by=by, at=now, content=content, **more)
    if written_up:
        write_up_engagement(by=by, at=now, engagement=meeting, account=EngagementAccount("We met."))
    point.refresh_from_db()
    return point


@pytest.mark.parametrize(("edge", "days", "counts"), [
    ("observes_from", 0, True), ("observes_from", -1, False), ("observes_to", 0, True), ("observes_to", 1, False),
])  # fmt: skip
def test_those_of_the_period_count(administrator, group, strategy, past_round, edge, days, counts):
    decided(administrator, group, strategy, getattr(past_round, edge) + timedelta(days), who="Estates")
    assert bool(assembled(past_round).decisions) == counts


def test_only_what_was_published_of_this_strategy(administrator, officer, group, strategy, past_round, council, now):
    day = past_round.observes_to
    decided(administrator, group, strategy, day, "Not written up.", written_up=False, who="Estates")
    down = decided(administrator, group, strategy, day, "Taken down.", who="Estates")
    take_down_point(by=administrator, at=now, point=down, reason="A name.")
    forum = make_organisation("The Forum", "partnership_group")
    other = make_strategy(council, slug="other", opens_first=False, steered_by=forum)
    decided(administrator, make_group(forum), None, day, "Of another group.", who="Estates")
    decided(administrator, None, other, day, "Of another strategy.", who="Estates")
    decided(administrator, group, None, day, "Of the group alone.", who="Estates")
    officer.name_shown = True
    officer.post = "Volunteering officer"
    officer.save()
    commitment = strategy.commitments.get(reference="1.1")
    done = decided(
        administrator, group, strategy, day, "Ring the owner.", owner=officer, commitment=commitment, due_on=day
    )
    finish_point(by=administrator, at=now, point=done, done_on=day)
    report = assembled(past_round)
    assert [decision.words for decision in report.decisions] == ["Of the group alone.", "Ring the owner."]
    last = report.decisions[-1]
    assert (last.number, last.reference, last.due_on, last.done_on) == (2, "1.1", day, day)
    assert last.who == f"Volunteering officer, {council.name}", "a post, even of somebody who lets pages show the name"
    assert find_taken_back(facts.to_json(report), day) == ""
    take_down_point(by=administrator, at=now, point=done, reason="It names somebody.")
    assert "taken down" in find_taken_back(facts.to_json(report), day)
    gone = withhold_since(report, {}, {done.pk})
    assert [decision.words for decision in gone.decisions] == ["Of the group alone.", TAKEN_DOWN]
    assert report.points == (), "what is told among the decisions is not told again among the points"


def test_it_is_in_every_form_and_nowhere_where_nothing_was_decided(administrator, group, strategy, past_round):
    empty = assembled(past_round)
    assert 'id="decisions"' not in to_html(empty)
    decided(administrator, group, strategy, past_round.observes_to, who="Estates")
    report = assembled(past_round)
    html = to_html(report)
    for words in ("Paint the hall.", "Estates", "Open, with no due date", 'href="#decisions"'):
        assert words in html
    paper = str(outline.outline(report).blocks)
    assert "Decisions of the steering group" in paper
    assert "Paint the hall." in paper
    assert "Paint the hall." in json_file.write(report).decode()
    stored = facts.to_json(replace(report, decisions=()))
    del stored["decisions"]
    assert facts.from_json(stored).decisions == (), "editions from before have none"
    assert facts.from_json(facts.to_json(report)).decisions == report.decisions


def test_what_became_of_it_is_late_the_day_after_it_was_due(past_round):
    day = past_round.observes_to
    decision = facts.DecisionFacts(1, "Meeting", day, "Words", "Estates", day, None)
    assert became(decision, day).startswith("Open: it is due on")
    assert became(decision, day + timedelta(1)).startswith("Late: it was due on")
    assert became(replace(decision, closed=True), day) == "Closed without being done"
