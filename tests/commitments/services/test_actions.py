"""Actions: planned, edited, moved with a reason, done on the day that somebody says, dropped with a reason, reopened."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.models import Action, ActionDueDateChange, HistoryEntry
from commitments.reading import actions as reading
from commitments.reading.pages import WHOLE
from commitments.services.actions import (
    Plan,
    complete_action,
    drop_action,
    edit_action,
    move_action,
    plan_action,
    plan_of,
    reopen_action,
)
from tests.factories import make_person
from vcsportal.common.dates import in_words
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


@pytest.fixture
def action(officer, commitment, now, today) -> Action:
    """Due in nine days."""
    return plan_action(by=officer, at=now, commitment=commitment, title="Find a hall", due_on=today + timedelta(9))


def refusal(act, **arguments) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**arguments)
    return refused.value.sentence


def entries(action) -> list[tuple[str, str]]:
    return [(one.act, one.reason) for one in HistoryEntry.objects.filter(action=action).order_by("id")]


def test_an_action_holds_its_reference_parent_and_owner(officer, commitment, charity, now, action):
    plan = Plan("  Ask  the school ", "5b i", action, officer, charity, "Communities team")
    made = plan_action(by=officer, at=now, commitment=commitment, plan=plan)
    made.refresh_from_db()
    assert plan_of(made) == Plan("Ask the school", "5b i", action, officer, charity, "Communities team")
    assert (made.due_on, made.is_open) == (None, True)
    said = HistoryEntry.objects.get(action=made).said
    assert (said["action"], said["reference"], said["owner_team"], said["due"]) == (
        "Ask the school",
        "5b i",
        "Communities team",
        "",
    )
    assert said["owner_person"] == [officer.pk, officer.name]
    assert said["owner_organisation"] == [charity.pk, charity.name]


def test_without_a_due_day_it_is_never_late_and_comes_last(officer, commitment, now, action):
    plan_action(by=officer, at=now, commitment=commitment, title="Some day")
    assert [one.title for one in Action.objects.in_order()] == ["Find a hall", "Some day"]
    assert not Action.objects.get(title="Some day").is_late(date(2999, 1, 1))
    assert [one.title for one in Action.objects.late(date(2999, 1, 1))] == ["Find a hall"]


def test_it_is_late_from_the_day_after_its_due_day(action):
    assert not action.is_late(action.due_on)
    assert action.is_late(action.due_on + timedelta(1))
    assert not Action.objects.late(action.due_on).exists()
    assert Action.objects.late(action.due_on + timedelta(1)).exists()


def test_a_move_keeps_both_days_and_the_reason(officer, action, now, today):
    first, then = action.due_on, today + timedelta(40)
    moved = move_action(by=officer, at=now, action=action, due_on=then, reason=" The hall is closed. ", version=0)
    assert (moved.due_on, moved.version) == (then, 1)
    [change] = ActionDueDateChange.objects.all()
    assert (change.was, change.now, change.reason, change.by, change.at) == (
        first,
        then,
        "The hall is closed.",
        officer,
        now,
    )
    move_action(by=officer, at=now, action=moved, due_on=None, reason="Nobody knows.")
    assert [(one.was, one.now) for one in ActionDueDateChange.objects.order_by("id")] == [(first, then), (then, None)]
    assert entries(action)[1:] == [("move_action", "The hall is closed."), ("move_action", "Nobody knows.")]


def test_a_move_without_a_reason_or_to_the_same_day_is_refused(officer, action, now):
    move = {"by": officer, "at": now, "action": action}
    assert "Say why" in refusal(move_action, **move, due_on=None, reason=" ")
    assert "It is already due on" in refusal(move_action, **move, due_on=action.due_on, reason="So")
    assert not ActionDueDateChange.objects.exists()


def test_the_day_it_was_done_is_as_somebody_says_and_never_in_the_future(officer, action, strategy, now, today):
    done = {"by": officer, "at": now, "action": action}
    assert "in the future" in refusal(complete_action, **done, done_on=today + timedelta(1))
    assert "The strategy began on" in refusal(complete_action, **done, done_on=strategy.starts_on - timedelta(1))
    assert complete_action(**done, done_on=today - timedelta(20)).done_on == today - timedelta(20)
    assert "Reopen it first." in refusal(complete_action, **done, done_on=today)
    assert Action.objects.get().done_on == today - timedelta(20)


@pytest.mark.parametrize("back", [0, None])
def test_today_and_the_strategy_s_first_day_may_be_the_day(officer, action, strategy, now, today, back):
    day = today if back == 0 else strategy.starts_on
    assert complete_action(by=officer, at=now, action=action, done_on=day).done_on == day


def test_a_dropped_action_keeps_its_day_and_reason_and_is_not_late(officer, action, now, today):
    drop = {"by": officer, "at": now, "action": action}
    assert "Say why" in refusal(drop_action, **drop, dropped_on=today, reason="")
    assert "in the future" in refusal(drop_action, **drop, dropped_on=today + timedelta(1), reason="No money.")
    dropped = drop_action(**drop, dropped_on=today, reason="No money.")
    assert (dropped.dropped_on, dropped.dropped_why, dropped.is_open) == (today, "No money.", False)
    assert not dropped.is_late(date(2999, 1, 1))
    assert not Action.objects.late(date(2999, 1, 1)).exists()
    assert entries(action)[-1] == ("drop_action", "No money.")
    for act, more in (
        (complete_action, {"done_on": today}),
        (move_action, {"due_on": today, "reason": "So"}),
        (drop_action, {"dropped_on": today, "reason": "So"}),
    ):
        assert "Reopen it first." in refusal(act, **drop, **more)


def test_done_and_dropped_can_be_taken_back_with_a_reason(officer, action, now, today):
    reopen = {"by": officer, "at": now, "action": action}
    assert refusal(reopen_action, **reopen, reason="So") == "This action is already open."
    complete_action(by=officer, at=now, action=action, done_on=today)
    assert "Say why" in refusal(reopen_action, **reopen, reason="")
    assert reopen_action(**reopen, reason="It was the wrong one.").is_open
    drop_action(by=officer, at=now, action=action, dropped_on=today, reason="No money.")
    again = reopen_action(**reopen, reason="There is money.")
    assert (again.is_open, again.dropped_on, again.dropped_why) == (True, None, "")
    assert entries(action)[-1] == ("reopen_action", "There is money.")
    assert HistoryEntry.objects.latest("id").said["was"] == {
        "done": "",
        "dropped": today.isoformat(),
        "why": "No money.",
    }


def test_an_edit_keeps_what_was_written_before(officer, action, now):
    plan = Plan("Find two halls", "1", owner_team="Communities team")
    edited = edit_action(by=officer, at=now, action=action, plan=plan)
    assert (edited.title, edited.due_on, edited.version) == ("Find two halls", action.due_on, 1)
    said = HistoryEntry.objects.latest("id").said
    assert said["was"] == {"action": "Find a hall", "reference": "", "owner_team": ""}
    assert said["now"] == {"action": "Find two halls", "reference": "1", "owner_team": "Communities team"}
    edit_action(by=officer, at=now, action=edited, plan=plan)
    assert Action.objects.get().version == 1, "the same again writes nothing"


@pytest.mark.parametrize("mine", ["edit", "move", "done", "drop", "reopen"])
def test_two_officers_cannot_overwrite_each_other_unseen(officer, second_officer, action, now, today, mine):
    edit_action(by=second_officer, at=now, action=action, plan=Plan("Find two halls"))
    acts: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "edit": (edit_action, {"plan": Plan("Find three halls")}), "move": (move_action, {"due_on": None, "reason": "So"}),
        "done": (complete_action, {"done_on": today}), "drop": (drop_action, {"dropped_on": today, "reason": "So"}),
        "reopen": (reopen_action, {"reason": "So"}),
    }  # fmt: skip
    act, more = acts[mine]
    with pytest.raises(Conflict, match=f"{second_officer.name} has changed this action"):
        act(by=officer, at=now, action=action, version=0, **more)
    with pytest.raises(Conflict, match="You have changed this action"):
        act(by=second_officer, at=now, action=action, version=0, **more)
    assert Action.objects.get().title == "Find two halls"


def test_a_parent_is_another_action_of_the_same_commitment_without_a_parent(officer, commitment, strategy, action, now):
    part = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Ask", parent=action))
    elsewhere = plan_action(by=officer, at=now, commitment=strategy.commitments.get(reference="1.2"), title="There")
    alone = plan_action(by=officer, at=now, commitment=commitment, title="Alone")

    def refused(one, parent):
        return refusal(edit_action, by=officer, at=now, action=one, plan=Plan("Ask", parent=parent))

    assert "of the same commitment" in refused(alone, elsewhere)
    assert "part of itself" in refused(alone, alone)
    assert "only have two levels" in refused(alone, part)
    assert "has parts of its own" in refused(action, alone)
    assert list(action.parts.all()) == [part]


def test_a_reference_stands_once_at_its_place(officer, commitment, strategy, action, now):
    first = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("One", "i"))
    assert "has the reference i" in refusal(
        plan_action, by=officer, at=now, commitment=commitment, plan=Plan("Two", " i ")
    )
    edit_action(by=officer, at=now, action=first, plan=Plan("One again", "i"))
    plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Under it", "i", action))
    plan_action(by=officer, at=now, commitment=strategy.commitments.get(reference="1.2"), plan=Plan("Elsewhere", "i"))


def test_only_somebody_at_work_in_the_council_owns_an_action(officer, partner, council, commitment, action, now):
    assert "is not an officer of Oxfordshire County Council" in refusal(
        plan_action, by=officer, at=now, commitment=commitment, plan=Plan("Ask", owner_person=partner)
    )
    gone = make_person("officer", council, name="Gwen Gone")
    owned = plan_action(by=officer, at=now, commitment=commitment, plan=Plan("Ask", owner_person=gone))
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    assert "Gwen Gone is not an officer of Oxfordshire County Council" in refusal(
        edit_action, by=officer, at=now, action=action, plan=Plan("Find", owner_person=gone)
    )
    edit_action(by=officer, at=now, action=owned, plan=Plan("Ask twice", owner_person=gone))  # she owns it already


@pytest.mark.parametrize("who", ["partner_lead", "outsider", "steering_member", "nobody"])
def test_only_officers_and_administrators_write_actions(request, action, commitment, now, today, who):
    person, sentence = (
        request.getfixturevalue(who),
        "Only a council officer or an administrator can change a commitment’s people and actions.",
    )
    assert refusal(plan_action, by=person, at=now, commitment=commitment, title="So") == sentence
    for act, more in (
        (edit_action, {"plan": Plan("So")}), (move_action, {"due_on": None, "reason": "So"}),
        (complete_action, {"done_on": today}), (drop_action, {"dropped_on": today, "reason": "So"}), (reopen_action, {"reason": "So"}),
    ):  # fmt: skip
        assert refusal(act, by=person, at=now, action=action, **more) == sentence


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (Plan("  "), "Say what will be done."),
        (Plan("x" * 201), "The action’s description must be 200 characters or fewer. You have used 201."),
        (Plan("Ask", "x" * 21), "The reference must be 20 characters or fewer. You have used 21."),
        (Plan("Ask", owner_team="x" * 121), "The team must be 120 characters or fewer. You have used 121."),
    ],
)
def test_what_cannot_be_kept_is_refused(officer, commitment, now, plan, sentence):
    assert refusal(plan_action, by=officer, at=now, commitment=commitment, plan=plan) == sentence


@pytest.mark.parametrize(
    "wrong",
    [
        {"dropped_on": date(2025, 1, 1)}, {"dropped_why": "No money."}, {"done_on": date(2025, 1, 1), "dropped_on": date(2025, 1, 1), "dropped_why": "So"},
    ],
)  # fmt: skip
def test_the_database_keeps_the_rules_too(action, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(parent=action.pk)


def test_the_database_deletes_no_action_and_changes_no_move(officer, action, now):
    move_action(by=officer, at=now, action=action, due_on=None, reason="So")
    with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
        ActionDueDateChange.objects.update(reason="Otherwise")
    with pytest.raises(IntegrityError, match="can only be added to"), transaction.atomic():
        ActionDueDateChange.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError, match="ended and never deleted"), transaction.atomic():
        Action.objects.filter(pk=action.pk)._raw_delete("default")


def test_a_person_s_name_is_for_those_who_take_part(officer, commitment, charity, now):
    plan_action(
        by=officer,
        at=now,
        commitment=commitment,
        plan=Plan("Ask", owner_person=officer, owner_organisation=charity, owner_team="Grants team"),
    )
    [line] = reading.lines_of(WHOLE(slug=commitment.strategy.slug, key=commitment.key)[0])
    assert line.owner(named=True) == f"{officer.name}, Grants team, {charity.name}"
    assert line.owner(named=False) == f"Grants team, {charity.name}"


def test_days_are_said_in_words(officer, commitment, now, today, action):
    def said(day=today):
        [line] = reading.lines_of(WHOLE(slug=commitment.strategy.slug, key=commitment.key)[0])
        return line.state(day).code, line.days(day)

    due = action.due_on
    assert due is not None
    on = {"by": officer, "at": now, "action": action}
    assert said() == ("planned", f"Due on {in_words(due)}.")
    assert said(due + timedelta(1)) == ("late", f"It was due on {in_words(due)}.")
    move_action(**on, due_on=today - timedelta(3), reason="Sooner.")
    complete_action(**on, done_on=today - timedelta(3))
    assert said() == ("done", f"Done on {in_words(today - timedelta(3))}.")
    reopen_action(**on, reason="No.")
    complete_action(**on, done_on=today - timedelta(2))
    assert said() == (
        "done",
        f"Done on {in_words(today - timedelta(2))}, late: it was due on {in_words(today - timedelta(3))}.",
    )
    reopen_action(**on, reason="No.")
    drop_action(**on, dropped_on=today, reason="No money.")
    assert said() == ("dropped", f"Dropped on {in_words(today)}.")
    reopen_action(**on, reason="No.")
    move_action(**on, due_on=None, reason="Nobody knows.")
    assert said() == ("planned", "No due date.")
    [line] = reading.lines_of(WHOLE(slug=commitment.strategy.slug, key=commitment.key)[0])
    assert [move.sentence for move in line.moves] == [
        f"Due date moved from {in_words(due)} to {in_words(today - timedelta(3))}.",
        f"Due date of {in_words(today - timedelta(3))} removed.",
    ]
    assert [reading.entry_in_words(entry) for entry in reading.history_of(action)][::-1] == [
        "Planned.",
        f"Due date moved from {in_words(due)} to {in_words(today - timedelta(3))}. Sooner.",
        f"Done on {in_words(today - timedelta(3))}.",
        "Reopened. No.",
        f"Done on {in_words(today - timedelta(2))}.",
        "Reopened. No.",
        f"Dropped on {in_words(today)}. No money.",
        "Reopened. No.",
        f"Due date of {in_words(today - timedelta(3))} removed. Nobody knows.",
    ]


def test_own_actions_are_those_late_or_due_within_thirty_days(officer, second_officer, commitment, now, today):
    def plan(title, due, owner=officer):
        return plan_action(by=officer, at=now, commitment=commitment, due_on=due, plan=Plan(title, owner_person=owner))

    plan("Late", today - timedelta(1))
    plan("Soon", today + timedelta(30))
    plan("Far", today + timedelta(31))
    plan("Some day", None)
    plan("Hers", today, second_officer)
    complete_action(by=officer, at=now, action=plan("Done", today), done_on=today)
    assert [one.title for one in reading.owned(officer, today)] == ["Late", "Soon"]


def test_late_actions_elsewhere_are_of_ones_commitments_and_not_ones_own(
    officer, second_officer, commitment, strategy, now, today
):
    commitment.lead_officer = officer
    commitment.save(update_fields=["lead_officer"])
    for place, owner in (
        (commitment, officer),
        (commitment, second_officer),
        (commitment, None),
        (strategy.commitments.get(reference="1.2"), None),
    ):
        name = f"{place.reference} {owner.name if owner else 'nobody'}"
        plan_action(
            by=officer, at=now, commitment=place, due_on=today - timedelta(1), plan=Plan(name, owner_person=owner)
        )
    assert {one.title for one in reading.late_elsewhere(officer, today)} == {f"1.1 {second_officer.name}", "1.1 nobody"}
