"""An action that is due today is not late today, anywhere."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from commitments.models import Action, Commitment
from commitments.reading import actions as reading
from commitments.rules import lateness
from commitments.services.actions import complete_action, plan_action
from commitments.services.commitment_people import assign_people

DAY = date(2025, 3, 31)
NEXT = date(2025, 4, 1)


@pytest.mark.parametrize(
    ("due", "ended", "known_on", "missed"),
    [
        (DAY, None, DAY, False),
        (DAY, None, NEXT, True),
        (DAY, DAY, NEXT, False),
        (DAY, NEXT, NEXT, True),
        (DAY, NEXT, DAY, False),
        (None, None, NEXT, False),
    ],
)
def test_a_due_day_is_missed_when_it_is_over_and_not_before(due, ended, known_on, missed):
    assert lateness.missed_its_day(due, ended, known_on) is missed
    if ended is None:
        assert lateness.is_over(due, known_on) is missed


@pytest.mark.django_db
def test_rows_lists_and_my_tasks_keep_the_same_border(officer, commitment, now):
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    today = timezone.localdate(now)
    actions = {
        title: plan_action(by=officer, at=now, commitment=commitment, title=title, due_on=due)
        for title, due in (
            ("yesterday", today - timedelta(days=1)), ("today", today), ("tomorrow", today + timedelta(days=1)),
            ("done", today - timedelta(days=1)), ("dropped", today - timedelta(days=1)), ("without a day", None),
        )
    }  # fmt: skip
    complete_action(by=officer, at=now, action=actions["done"], done_on=today)
    Action.objects.filter(pk=actions["dropped"].pk).update(dropped_on=today, dropped_why="The hall has closed.")
    assert [one.title for one in Action.objects.late(today)] == ["yesterday"]
    assert [one.title for one in Action.objects.order_by("id") if one.is_late(today)] == ["yesterday"]
    assert [one.title for one in reading.late_elsewhere(officer, today)] == ["yesterday"]
    whole: Any = Commitment.objects.annotate(actions_of=reading.column()).get(pk=commitment.pk)
    lines = reading.lines(whole.actions_of)
    assert [one.title for one in lines if one.is_late(today)] == ["yesterday"]
    assert {one.title for one in Action.objects.late(today + timedelta(days=1))} == {"yesterday", "today"}
