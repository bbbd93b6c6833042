"""What a yearly report says of actions that were not done by their day: the truth on two days, in every face."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.models import Action
from commitments.services.actions import complete_action, plan_action
from commitments.services.rounds import close_round
from reporting import assembly, rendering
from reporting.assembly.actions import AssembledAction
from reporting.easy import drawing
from reporting.exports.dictionary import everything
from reporting.facts import ActionFacts, ActionMoveFacts, ProductionDetails, Report, from_json, to_json
from reporting.narrative import change_sentences, dates
from reporting.narrative.actions import outcome
from reporting.paper.outline import outline
from vcsportal.common.dates import in_words

pytestmark = pytest.mark.django_db


def words(html: str) -> str:
    html = re.sub(r"<(style|title|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def paper(report: Report) -> str:
    found = []
    for block in outline(report).blocks:
        found.append("".join(run.text for run in getattr(block, "runs", ())))
        found += [getattr(block, "caption", ""), *(cell for row in getattr(block, "rows", ()) for cell in row)]
    return " ".join(found)


@pytest.fixture
def planned(year, now):
    """Actions on both sides of both borders of the year, as days from the last day that the year observes."""
    end, first = year.round.observes_to, year.round.observes_from
    commitment = year.strategy.commitments.get(reference="1.1")
    for title, due, done in (
        ("Open, due on the last day", end, None),
        ("Due on the last day, done on it", end, end),
        ("Due on the last day, done the day after", end, end + timedelta(days=1)),
        ("Due on the first day, done late", first, first + timedelta(days=9)),
        ("Due the day before, open", first - timedelta(days=1), None),
        ("Due the day before, done since", first - timedelta(days=1), end + timedelta(days=30)),
        ("Due the day before, done in the year", first - timedelta(days=1), first + timedelta(days=3)),
        ("Due the day after the year", end + timedelta(days=1), None),
        ("Dropped in the year", first + timedelta(days=40), first + timedelta(days=50)),
        ("Dropped since", first + timedelta(days=40), end + timedelta(days=20)),
    ):
        action = plan_action(by=year.officer, at=now, commitment=commitment, title=title, due_on=due)
        if title.startswith("Dropped"):
            Action.objects.filter(pk=action.pk).update(dropped_on=done, dropped_why="The hall has closed.")
        elif done:
            complete_action(by=year.officer, at=now, action=action, done_on=done)
    return year


def made_on(year, day: date) -> Report:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return assembly.assemble(round_=year.round, making=ProductionDetails(at, edition=1))


def titles(found) -> set[str]:
    return {one.title for one in found}


def test_late_and_overdue_actions_are_counted_once_each(planned):
    end = planned.round.observes_to
    report = made_on(planned, end + timedelta(days=60))
    changes = report.changes
    assert changes is not None
    assert titles(changes.slipped) == {
        "Open, due on the last day", "Due on the last day, done the day after", "Due on the first day, done late", "Dropped since",
    }  # fmt: skip
    assert titles(changes.overdue) == {"Due the day before, open", "Due the day before, done since"}
    assert {"Due on the first day, done late", "Due the day before, done in the year"} <= titles(changes.done)
    assert not titles(changes.done) & titles(changes.overdue)
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_what_was_done_since_is_never_said_to_be_still_not_done(planned):
    end, made = planned.round.observes_to, planned.round.observes_to + timedelta(days=60)
    report = made_on(planned, made)
    last, day = in_words(end), in_words(made)
    assert report.changes is not None
    says = " ".join(change_sentences.sentences(report.changes))
    assert (
        "Four actions were not done by the date they were due; "
        f"1 was done later, 1 has been done since {last}, 1 has been dropped since {last} and 1 was still not done on {day}."
    ) in says
    first = in_words(planned.round.observes_from)
    assert (
        f"Two actions that were due before {first} were not done by {last}; "
        f"1 has been done since {last} and 1 was still not done on {day}."
    ) in says
    assert "two actions were overdue from earlier years" in change_sentences.headline(report.changes).lower()
    since = f"not done by {last}; done since, on {in_words(end + timedelta(days=1))}"
    faces = {
        "print": words(rendering.to_html(report)),
        "page": words(rendering.to_alone(report, photographs={})),
        "paper": paper(report),
    }
    for face, text in faces.items():
        assert text.lower().count(since.lower()) == 2, f"in what changed and under its commitment, in {face}"
        assert f"still not done on {day}" in text, face
        assert "not done yet" not in text, face
    assert "Open, due on the last day: due" in faces["print"]
    assert f"late, not done by {day}" in faces["print"]
    tables = {table.name: table for table in everything(report)}
    columns = [column.name for column in tables["actions"].columns]
    rows = {row[columns.index("title")]: dict(zip(columns, row, strict=True)) for row in tables["actions"].rows}
    assert rows["Due on the last day, done the day after"]["done_since"] == end + timedelta(days=1)
    assert rows["Due on the last day, done the day after"]["done_on"] is None
    assert rows["Due on the last day, done on it"]["done_since"] is None
    assert rows["Dropped since"]["dropped_since"] == end + timedelta(days=20)
    assert rows["Dropped in the year"]["dropped_on"] == planned.round.observes_from + timedelta(days=50)
    easy = words(drawing.to_html(report))
    assert "4 steps were not done by the date set. 2 steps from earlier years were not done either." in easy
    assert "2 of these have been done since." in easy


def test_on_the_last_day_itself_what_is_due_is_not_late(planned):
    end = planned.round.observes_to
    on_the_day, next_day = made_on(planned, end), made_on(planned, end + timedelta(days=1))
    assert on_the_day.changes is not None
    assert next_day.changes is not None
    assert "Open, due on the last day" not in titles(on_the_day.changes.slipped)
    assert "Open, due on the last day" in titles(next_day.changes.slipped)
    for report, words_ in (
        (on_the_day, "still to come"),
        (next_day, f"late, not done by {in_words(end + timedelta(1))}"),
    ):
        [action] = [one for one in report.commitments()[0].actions if one.title == "Open, due on the last day"]
        assert outcome(action, ended=dates.ended_on(report), as_at=dates.actions_on(report)) == words_


def test_an_action_done_on_the_last_day_of_a_year_is_told_in_that_year_alone(year, now):
    border = year.round.observes_from - timedelta(days=1)
    commitment = year.strategy.commitments.get(reference="1.1")
    for title, done in (("Done on the last day", border), ("Done on the first day", border + timedelta(days=1))):
        action = plan_action(
            by=year.officer, at=now, commitment=commitment, title=title, due_on=border + timedelta(days=9)
        )
        complete_action(by=year.officer, at=now, action=action, done_on=done)
    changes = made_on(year, year.round.observes_to + timedelta(days=60)).changes
    assert changes is not None
    assert changes.since == border
    assert "Done on the first day" in titles(changes.done)
    assert "Done on the last day" not in titles(changes.done)


def test_a_due_date_that_moves_on_a_day_holds_from_that_day():
    before, after, day = date(2025, 3, 1), date(2025, 5, 1), date(2025, 3, 31)
    step = AssembledAction("Ask", after, None, moved=(ActionMoveFacts(before, after, "The hall is closed.", day),))
    assert step.on(day).due_on == after
    assert step.on(day - timedelta(days=1)).due_on == before


DUE, END, MADE = date(2025, 3, 1), date(2025, 3, 31), date(2025, 6, 5)


@pytest.mark.parametrize(
    ("due", "more", "says"),
    [
        (DUE, {"done_on": date(2025, 2, 1)}, "done on 1 February 2025"),
        (DUE, {"done_on": date(2025, 3, 9), "slipped": True}, "done late, on 9 March 2025"),
        (
            DUE,
            {"slipped": True, "done_since": date(2025, 4, 2)},
            "not done by 31 March 2025; done since, on 2 April 2025",
        ),
        (DUE, {"slipped": True, "dropped_since": MADE}, "not done by 31 March 2025; dropped since, on 5 June 2025"),
        (DUE, {"dropped_on": date(2025, 2, 1)}, "dropped on 1 February 2025"),
        (DUE, {"slipped": True}, "late, not done by 5 June 2025"),
        (date(2025, 6, 4), {}, "late, not done by 5 June 2025"),
        (MADE, {}, "still to come"),
        (date(2025, 4, 30), {"done_since": date(2025, 4, 30)}, "done since, on 30 April 2025"),
        (date(2025, 4, 30), {"done_since": date(2025, 5, 1)}, "done since, on 1 May 2025, late"),
        (None, {}, "not done by 5 June 2025"),
        (None, {"done_since": MADE}, "done since, on 5 June 2025"),
    ],
)
def test_what_became_of_an_action_is_said_as_it_is_known(due, more, says):
    facts = {"title": "Ask", "due_on": due, "done_on": None, "slipped": False, **more}
    assert outcome(ActionFacts(**facts), ended=END, as_at=MADE) == says


def test_both_days_are_named_in_every_face(planned, administrator, now):
    running = made_on(planned, planned.round.observes_to + timedelta(days=60))
    day = in_words(planned.round.observes_to + timedelta(days=60))
    assert dates.named(running) == f"Statuses are as they stood on {day}, not yet frozen; actions are as at {day}."
    planned.rounds[0].state, planned.rounds[0].closings = "closed", 1
    planned.rounds[0].save()
    closed = close_round(by=administrator, at=now, round_=planned.round)
    later = now + timedelta(days=40)
    report = assembly.assemble(round_=closed, making=ProductionDetails(later, edition=1))
    frozen, known = in_words(now.date()), in_words(later.date())
    says = f"Statuses are as frozen on {frozen}; actions are as at {known}."
    assert dates.named(report) == says
    printed = words(rendering.to_html(report))
    assert printed.count(says) == 2, "on the cover and in the summary"
    assert says in words(rendering.to_alone(report, photographs={}))
    assert paper(report).count(says) == 2, "in the summary and over the table of actions"
    easy = words(drawing.to_html(report))
    assert f"Here is how each one stood on {frozen}. Steps are as they were on {known}." in easy
    tables = {table.name: table for table in everything(report)}
    assert ("Days", says) in tables["about"].rows
    assert later.date() in tables["round"].rows[0]


def test_facts_of_older_shapes_say_what_was_known_then(planned):
    data = json.loads(json.dumps(to_json(made_on(planned, planned.round.observes_to + timedelta(days=60)))))
    data["schema"] = 3
    for key in ("actions_as_at", "unpublished"):
        del data[key]
    for key in ("overdue", "as_at", "owner"):
        del data["changes"][key]
    slipped = [
        *data["changes"]["slipped"],
        *(a for p in data["priorities"] for c in p["commitments"] for a in c["actions"]),
    ]
    for one in slipped:
        del one["done_since"], one["dropped_since"]
    report = from_json(data)
    last = in_words(planned.round.observes_to)
    printed = words(rendering.to_html(report))
    assert f"actions are as at {last}." in printed
    assert f"still not done on {last}" in printed
    assert f"late, not done by {last}" in printed
    assert "; done since, on" not in printed
