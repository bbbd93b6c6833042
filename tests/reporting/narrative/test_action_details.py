"""What a report says of an action besides its days: its reference, its owner, what it is part of, how its due date moved."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from commitments.services.actions import Plan, drop_action, move_action, plan_action
from reporting import assembly
from reporting.exports.actions import ACTIONS
from reporting.facts import ActionFacts, ActionMoveFacts, PriorityFacts, ProductionDetails, Report, from_json, to_json
from reporting.narrative.actions import details, moved, title
from reporting.paper.blocks import Heading, ListItem, words
from reporting.paper.outline import outline
from tests.factories import make_round
from tests.reporting.paper_facts import make_commitment, make_report

FULL = ActionFacts(
    "Find a third hall", date(2025, 6, 30), None, False, reference="5b i", parent="5b", owner="Libraries, Rowan Trust",
    dropped_on=date(2025, 3, 1), dropped_why="No money",
    moved=(ActionMoveFacts(date(2025, 3, 1), date(2025, 6, 30), "The roof leaks", date(2025, 2, 1)),),
)  # fmt: skip
MOVED = "Due date moved from 1 March 2025 to 30 June 2025: The roof leaks."


def one_action() -> Report:
    commitment = make_commitment("1.1", actions=(FULL,))
    return make_report(priorities=(PriorityFacts(1, "Networks", "", (commitment,)),))


def test_an_action_is_told_with_all_that_it_holds():
    assert title(FULL) == "5b i Find a third hall"
    assert details(FULL) == ["Owner: Libraries, Rowan Trust.", "Part of 5b.", "Dropped because: No money.", MOVED]
    plain = ActionFacts("Find a third hall", None, None, False)
    assert (title(plain), details(plain)) == ("Find a third hall", [])


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (None, date(2025, 6, 30), "Due date set to 30 June 2025: Why not?"),
        (date(2025, 6, 30), None, "Due date of 30 June 2025 removed: Why not?"),
    ],
)
def test_a_due_day_that_comes_or_goes_is_said_so(was, now, says):
    assert moved(ActionMoveFacts(was, now, "Why not?", date(2025, 1, 1))) == says


def test_the_tables_hold_it_too():
    report = make_report(priorities=())
    report = make_report(
        priorities=(type(make_report().priorities[0])(1, "Networks", "", (make_commitment("1.1", actions=(FULL,)),)),)
    )
    [row] = ACTIONS.things(report)
    found = {column.name: column.read(row) for column in ACTIONS.columns}
    wanted = {
        "reference": "5b i", "part_of": "5b", "owner": "Libraries, Rowan Trust", "dropped_why": "No money", "moves": 1,
        "moved": MOVED,
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    blocks = outline(report).blocks
    start = next(
        n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text.startswith("Appendix 1")
    )
    [item] = [words(block.runs) for block in blocks[start:] if isinstance(block, ListItem)]
    assert item == (
        "5b i Find a third hall (Libraries, Rowan Trust). Due 30 June 2025. Dropped on 1 March 2025. Dropped because: No money. "
        f"{MOVED}"
    )


def test_facts_come_back_and_those_of_older_shapes_say_nothing():
    report = make_report(
        priorities=(type(make_report().priorities[0])(1, "Networks", "", (make_commitment("1.1", actions=(FULL,)),)),)
    )
    data = json.loads(json.dumps(to_json(report)))
    assert from_json(data) == report
    [old] = data["priorities"][0]["commitments"][0]["actions"]
    for name in ("reference", "parent", "owner", "dropped_on", "dropped_why", "moved"):
        del old[name]
    [action] = from_json(data).priorities[0].commitments[0].actions
    assert (action.reference, action.owner, action.dropped_on, action.moved) == ("", "", None, ())


@pytest.mark.django_db
def test_the_report_names_teams_and_organisations_and_no_person(strategy, commitment, officer, charity, now):
    running = make_round(strategy)
    parent = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Find a hall", "5b"))
    plan_action(
        by=officer, at=now, commitment=commitment, plan=Plan("Ask", "i", parent, officer, charity, "Libraries"), due_on=running.observes_to,
    )  # fmt: skip
    nameless = plan_action(by=officer, at=now, commitment=commitment, title="No reference")
    plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Its part", parent=nameless))
    report = assembly.assemble(round_=running, making=ProductionDetails(at=now))
    found = {one.title: one for one in report.commitments()[0].actions}
    assert (found["Ask"].reference, found["Ask"].parent, found["Ask"].owner) == (
        "i",
        "5b",
        f"Libraries, {charity.name}",
    )
    assert found["Its part"].parent == "No reference"
    assert report.commitments()[0].actions[0].title == "Ask", "those without a due date come last"
    assert officer.name not in json.dumps(to_json(report)["priorities"])


@pytest.mark.django_db
def test_moves_and_drops_are_told_with_their_reasons(strategy, commitment, officer):
    running = make_round(strategy)
    at = timezone.make_aware(datetime.combine(running.observes_to, time(12)))
    due, then = running.observes_to + timedelta(10), running.observes_to + timedelta(90)
    one = plan_action(by=officer, at=at, commitment=commitment, title="Find a hall", due_on=due)
    one = move_action(by=officer, at=at, action=one, due_on=then, reason="The roof leaks.")
    drop_action(by=officer, at=at, action=one, dropped_on=running.observes_to, reason="No money.")
    [action] = assembly.assemble(round_=running, making=ProductionDetails(at=at)).commitments()[0].actions
    assert action.moved == (ActionMoveFacts(due, then, "The roof leaks.", running.observes_to),)
    assert (action.due_on, action.dropped_on, action.dropped_why, action.slipped) == (
        then,
        running.observes_to,
        "No money.",
        False,
    )
