"""What is late and what comes next, by the day for which the report knows of actions."""

from dataclasses import replace
from datetime import date

import pytest

from reporting.facts import ActionFacts
from reporting.narrative import late_actions
from tests.reporting.small import small

DAY = date(2025, 6, 30)


def with_actions(*actions: ActionFacts, team: str = ""):
    """The small year, as at 30 June 2025, whose first commitment has these actions and no other has any."""
    report = small()
    first, *others = report.priorities
    commitments = [replace(each, actions=(), team=team) for each in first.commitments]
    commitments[0] = replace(commitments[0], actions=actions)
    rest = tuple(replace(p, commitments=tuple(replace(c, actions=()) for c in p.commitments)) for p in others)
    return replace(report, actions_as_at=DAY, priorities=(replace(first, commitments=tuple(commitments)), *rest))


def action(title: str, due_on: date | None, **more):
    return ActionFacts(title, due_on, None, **({"slipped": False} | more))


def titles(found):
    return [due.title for due in found]


@pytest.mark.parametrize(("due_on", "is_late"), [
    (date(2025, 6, 29), True), (date(2025, 6, 30), False), (date(2025, 7, 1), False),
])  # fmt: skip
def test_what_is_due_on_the_day_itself_is_not_late_yet(due_on, is_late):
    report = with_actions(action("Write", due_on))
    assert (titles(late_actions.late(report)), titles(late_actions.coming(report))) == (
        (["Write"], []) if is_late else ([], ["Write"])
    )


def test_what_is_done_dropped_or_without_a_day_is_neither():
    old = date(2025, 1, 1)
    report = with_actions(
        replace(action("Done", old), done_on=date(2025, 2, 1)),
        action("Done since", old, done_since=date(2025, 5, 1)),
        action("Dropped", old, dropped_on=date(2025, 2, 1)),
        action("Dropped since", old, dropped_since=date(2025, 5, 1)),
        action("Some day", None),
    )
    assert late_actions.late(report) == late_actions.coming(report) == []


def test_the_longest_late_comes_first_and_the_nearest_day_to_come():
    report = with_actions(
        action("Later", date(2025, 9, 1)), action("Soon", date(2025, 7, 1)), action("Late", date(2025, 3, 1)),
        action("Very late", date(2023, 3, 1)),
    )  # fmt: skip
    assert titles(late_actions.late(report)) == ["Very late", "Late"]
    assert titles(late_actions.coming(report)) == ["Soon", "Later"]


def test_it_says_since_when_and_whose_by_the_owner_before_the_team():
    own, teams = action("Write", date(2025, 3, 1), owner="Library (Halls team)"), action("Ring", date(2025, 8, 2))
    report = with_actions(own, teams, team="Communities")
    assert [due.late_since for due in late_actions.late(report)] == ["late since 1 March 2025 (Library (Halls team))"]
    assert [due.due for due in late_actions.coming(report)] == ["by 2 August 2025 (Communities)"]
    nobodys = with_actions(action("Write", date(2025, 3, 1)))
    assert late_actions.late(nobodys)[0].late_since == "late since 1 March 2025"
