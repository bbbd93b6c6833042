"""References of actions that rows of one file give, take and give up, while the rows are saved together."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Action, ActionDueDateChange
from commitments.services.actions import Plan, move_action, plan_action
from commitments.workbooks.actions import ACTIONS
from tests.commitments.workbooks.filled import downloaded, filled, looked_through, saved, scope_of, with_rows

pytestmark = pytest.mark.django_db
TAKEN = "Another action here has the reference {}. Choose a different one."


def references() -> dict[str, str]:
    return dict(Action.objects.order_by("id").values_list("title", "reference"))


def save(officer: Any, commitment: Any, changed: dict[str, dict[str, Any]], *new: tuple[str, str]) -> list[str]:
    """Save rows that change, then new ones, and return what was refused."""
    scope = scope_of(officer, commitment.strategy)
    data = filled(downloaded(scope, ACTIONS), ACTIONS.sheet, changed)
    rows: list[dict[str, Any]] = [
        {"Commitment": commitment.reference, "Action": title, "Reference": reference} for title, reference in new
    ]
    upload, shown = looked_through(scope, with_rows(data, ACTIONS.sheet, *rows))
    return [fault.instead for fault in saved(scope, upload, shown).refused]


@pytest.fixture
def there(officer, commitment, now) -> Action:
    return plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Find a hall", "a"))


def test_of_two_new_rows_with_one_reference_the_second_is_refused(officer, commitment):
    refused = save(officer, commitment, {}, ("Write", "b"), ("Call", "b"), ("Ask", "c"))
    assert (refused, references()) == ([TAKEN.format("b")], {"Write": "b", "Ask": "c"})


def test_a_reference_that_a_row_above_has_given_up_can_be_taken(officer, commitment, there):
    assert save(officer, commitment, {str(there.pk): {"Reference": "b"}}, ("Write", "a"), ("Call", "b")) == [
        TAKEN.format("b")
    ]
    assert references() == {"Find a hall": "b", "Write": "a"}


def test_the_same_reference_below_another_commitment_is_another_one(officer, commitment, there):
    other = commitment.strategy.commitments.exclude(pk=commitment.pk).order_by("id")[0]
    assert save(officer, other, {}, ("Write", "a"), ("Call", "a")) == [TAKEN.format("a")]
    assert references() == {"Find a hall": "a", "Write": "a"}


def test_a_due_date_that_a_form_moves_is_recorded_at_once(officer, there, now):
    move_action(by=officer, at=now, action=there, due_on=date(2031, 1, 1), reason="Rain.", version=there.version)
    moved = ActionDueDateChange.objects.get()
    assert (moved.action, moved.was, moved.now, moved.reason) == (there, None, date(2031, 1, 1), "Rain.")
