"""Plans, edits, moves, completes, drops and reopens actions. An action is never deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from commitments.models import Action, ActionDueDateChange, Commitment, HistoryEntry
from commitments.permissions.progress import check_can_manage_commitment, check_can_own_actions
from commitments.services.files_named import from_file
from commitments.services.locks import lock_commitment
from partners.models import Organisation, User
from partners.services.standing import check_can_be_named
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import check_text
from vcsportal.common.saving_together import change_known, held_once, write_entry
from vcsportal.common.words import Conflict, Invalid, NotAllowed, NotNow

References = dict[tuple[int | None, str], int]
PLANNED: Final = ("title", "reference", "parent", "owner_person", "owner_organisation", "owner_team")
"""What a :class:`Plan` says of an action, by the names of its fields."""
NO_TITLE = "Say what will be done."
NO_REASON = {
    "move": "Say why the due date is changing. Everyone can read this.",
    "drop": "Say why it is being dropped. Everyone can read this.",
    "reopen": "Say why you are reopening it. This is recorded in the history.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written of an action, apart from its due date and what became of it.

    ``owner_team`` is a team in words. Everybody reads the organisation and the team; the person is for those who have
    signed in.
    """

    title: str
    reference: str = ""
    parent: Action | None = None
    owner_person: User | None = None
    owner_organisation: Organisation | None = None
    owner_team: str = ""

    def tidy(self) -> "Plan":
        """Return the same with tidy texts; raise :class:`Refused` for a text that cannot be kept, or no title."""
        title, reference, team = (
            " ".join(check_text(getattr(self, name), field=name).split())
            for name in ("title", "reference", "owner_team")
        )
        if not title:
            raise Invalid(NO_TITLE, field="title")
        for field, text, most, what in (
            ("title", title, 200, "The action’s description"),
            ("reference", reference, 20, "The reference"),
            ("owner_team", team, 120, "The team"),
        ):
            if len(text) > most:
                raise Invalid(f"{what} must be {most} characters or fewer. You have used {len(text)}.", field=field)
        return Plan(title, reference, self.parent, self.owner_person, self.owner_organisation, team)


def plan_of(action: Action) -> Plan:
    """Return what an action's row says."""
    return Plan(
        action.title, action.reference, action.parent, action.owner_person, action.owner_organisation, action.owner_team
    )


@transaction.atomic
def plan_action(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    title: str = "",
    due_on: date | None = None,
    plan: Plan | None = None,
    file: str = "",
) -> Action:
    """Add an action. ``title`` is enough; ``plan`` says more. ``due_on`` None is an action without a due date.

    :param file: here and below, the name of the spreadsheet that the change comes from, for the history.
    Raise :class:`Refused` without the right, without a title, for a reference that is taken, a parent that cannot be one, or
    an owner who cannot own actions.
    """
    check_can_manage_commitment(by, commitment)
    lock_commitment(commitment.pk)
    plan = (plan or Plan(title)).tidy()
    action = Action(commitment=commitment, due_on=due_on)
    _write(action, plan)
    action.save()
    _remember_reference(action)
    _note(by=by, at=at, action=action, act="plan", said={**_words(plan), "due": _iso(due_on), **from_file(file)})
    return action


@transaction.atomic
def edit_action(
    *, by: User, at: datetime, action: Action, plan: Plan, version: int | None = None, file: str = ""
) -> Action:
    """Change what an action says. Its due date is moved by :func:`move_action`.

    :param version: the ``action.version`` that the person saw; None skips the comparison.
    Raise :class:`Refused` as :func:`plan_action` does; :class:`Conflict` if somebody changed it since.
    """
    action = _held(by, action, version)
    plan, was = plan.tidy(), _words(plan_of(action))
    _write(action, plan)
    now = _words(plan)
    if now == was:
        return action
    changed = {name: text for name, text in was.items() if now[name] != text}
    said = {"was": changed, "now": {name: now[name] for name in changed}, **from_file(file)}
    _save(action, *PLANNED, by=by, at=at, act="edit_action", said=said)
    _remember_reference(action)
    return action


@transaction.atomic
def move_action(
    *,
    by: User,
    at: datetime,
    action: Action,
    due_on: date | None,
    reason: str,
    version: int | None = None,
    file: str = "",
) -> Action:
    """Move an open action's due date, with the reason. None takes the due date away.

    Raise :class:`Refused` without the right or a reason, for an action that is done or dropped, or the same day;
    :class:`Conflict` if somebody changed it since ``version``.
    """
    action = _held(by, action, version)
    _check_open(action)
    if due_on == action.due_on:
        raise Invalid(
            f"It is already due on {in_words(due_on)}." if due_on else "It already has no due date.", field="due_on"
        )
    reason = _reason("move", reason)
    was, action.due_on = action.due_on, due_on
    write_entry(ActionDueDateChange(action=action, was=was, now=due_on, reason=reason, at=at, by=by))
    said = {"was": _iso(was), "now": _iso(due_on), **from_file(file)}
    _save(action, "due_on", by=by, at=at, act="move_action", reason=reason, said=said)
    return action


@transaction.atomic
def complete_action(
    *, by: User, at: datetime, action: Action, done_on: date, version: int | None = None, file: str = ""
) -> Action:
    """Record the day on which an action was done: as a person said it, never assumed.

    Raise :class:`Refused` without the right, for an action that is done or dropped, a day in the future or before the
    strategy began; :class:`Conflict` if somebody changed it since ``version``.
    """
    action = _held(by, action, version)
    _check_open(action)
    check_action_day(action, done_on, timezone.localdate(at), "done")
    action.done_on = done_on
    _save(action, "done_on", by=by, at=at, act="action", said={"done": _iso(done_on), **from_file(file)})
    return action


@transaction.atomic
def drop_action(
    *, by: User, at: datetime, action: Action, dropped_on: date, reason: str, version: int | None = None, file: str = ""
) -> Action:
    """Record that an action will not be done: since which day, and why. Raise as :func:`complete_action`, and without a reason."""
    action = _held(by, action, version)
    _check_open(action)
    check_action_day(action, dropped_on, timezone.localdate(at), "dropped")
    action.dropped_on, action.dropped_why = dropped_on, _reason("drop", reason)
    said = {"dropped": _iso(dropped_on), **from_file(file)}
    _save(
        action, "dropped_on", "dropped_why", by=by, at=at, act="drop_action", reason=action.dropped_why, said=said,
    )  # fmt: skip
    return action


@transaction.atomic
def reopen_action(
    *, by: User, at: datetime, action: Action, reason: str, version: int | None = None, file: str = ""
) -> Action:
    """Take back that an action was done or dropped, with the reason.

    Raise :class:`Refused` without the right or a reason, or for an action that is open; :class:`Conflict` as above.
    """
    action = _held(by, action, version)
    if action.is_open:
        raise NotNow("This action is already open.")
    reason = _reason("reopen", reason)
    said = {"done": _iso(action.done_on), "dropped": _iso(action.dropped_on), "why": action.dropped_why}
    action.done_on, action.dropped_on, action.dropped_why = None, None, ""
    _save(
        action, "done_on", "dropped_on", "dropped_why", by=by, at=at, act="reopen_action", reason=reason,
        said={"was": said, **from_file(file)},
    )  # fmt: skip
    return action


@transaction.atomic
def pass_on_action(*, by: User, at: datetime, action: Action, to: User) -> None:
    """Give an open action to another person. Part of handing over: the caller has asked whether ``by`` may.

    Raise :class:`Refused` for somebody who cannot own actions.
    """
    check_can_own_actions(to, action.commitment.strategy)
    action = locked_actions().get(pk=action.pk)
    was = _words(plan_of(action))["owner_person"]
    action.owner_person = to
    said = {"was": {"owner_person": was}, "now": {"owner_person": [to.pk, to.name]}}
    _save(action, "owner_person", by=by, at=at, act="edit_action", said=said)


def locked_actions() -> QuerySet[Action]:
    """Return the actions as a query that locks them."""
    related = ("commitment__strategy", "parent", "owner_person", "owner_organisation")
    return Action.objects.select_for_update(of=("self",)).select_related(*related)


def _held(by: User, action: Action, version: int | None) -> Action:
    """Return the action as it is now, kept so until the transaction ends."""
    check_can_manage_commitment(by, action.commitment)
    lock_commitment(action.commitment_id)  # its references stay as they are
    held = held_once((Action, action.pk), lambda: locked_actions().get(pk=action.pk))
    if version is not None and version != held.version:
        last = held.history.select_related("by").order_by("-at", "-id").first()
        who = last.by.name if last and last.by else "Somebody"
        who = "You have" if last and last.by_id == by.pk else f"{who} has"
        raise Conflict(f"{who} changed this action since you opened the page. Read both versions, then decide.")
    return held


def _check_open(action: Action) -> None:
    if action.done_on:
        raise NotNow(f"This action was done on {in_words(action.done_on)}. Reopen it first.")
    if action.dropped_on:
        raise NotNow(f"This action was dropped on {in_words(action.dropped_on)}. Reopen it first.")


def check_action_day(action: Action, day: date, today: date, what: str) -> None:
    """Raise :class:`Invalid` for a day on which an action can't have been done or dropped.

    :param what: "done" or "dropped".
    """
    begins = action.commitment.strategy.starts_on
    if day > today:
        raise Invalid(f"The date it was {what} is in the future. Enter today or an earlier date.", field=f"{what}_on")
    if day < begins:
        raise Invalid(f"The strategy began on {in_words(begins)}. Enter that date or a later one.", field=f"{what}_on")


def _reason(act: str, reason: str) -> str:
    if not (text := check_text(reason, field="reason").strip()):
        raise Invalid(NO_REASON[act], field="reason")
    return text


def _write(action: Action, plan: Plan) -> None:
    """Put what is planned on the row; raise :class:`Refused` where it cannot be so."""
    if plan.owner_person and plan.owner_person.pk != action.owner_person_id:
        try:
            check_can_own_actions(plan.owner_person, action.commitment.strategy)
        except NotAllowed as refused:  # it is the choice that needs correcting
            raise Invalid(refused.sentence, field="owner_person") from refused
    if plan.owner_organisation and plan.owner_organisation.pk != action.owner_organisation_id:
        check_can_be_named(plan.owner_organisation, "owner_organisation")
    if plan.parent:
        _check_parent(action, plan.parent)
    place = (plan.parent.pk if plan.parent else None, plan.reference)
    if plan.reference and _references(action.commitment_id).get(place, action.pk) != action.pk:
        raise Invalid(
            f"Another action here has the reference {plan.reference}. Choose a different one.", field="reference"
        )
    for name in PLANNED:
        setattr(action, name, getattr(plan, name))


def _references(commitment_id: int) -> References:
    """Return which action of a commitment has which reference. They stay so while the commitment is held."""
    return held_once(references_key(commitment_id), lambda: references_of([commitment_id])[commitment_id])


def references_of(commitment_ids: Iterable[int]) -> dict[int, References]:
    """Return which action has which reference, by the key of its parent and the reference, for each of these commitments."""
    found: dict[int, References] = {commitment_id: {} for commitment_id in commitment_ids}
    actions = Action.objects.filter(commitment__in=found).exclude(reference="").order_by("id")
    for commitment, parent, reference, key in actions.values_list("commitment", "parent", "reference", "id"):
        found[commitment][parent, reference] = key
    return found


def references_key(commitment_id: int) -> tuple[str, int]:
    """Return the key under which the references of a commitment's actions are remembered while rows are saved together."""
    return ("references", commitment_id)


def _remember_reference(action: Action) -> None:
    """Have :func:`_references` know what an action is called now."""
    change_known(
        references_key(action.commitment_id),
        lambda known: {
            **{place: key for place, key in known.items() if key != action.pk},
            (action.parent_id, action.reference): action.pk,
        },
    )


def _check_parent(action: Action, parent: Action) -> None:
    if parent.commitment_id != action.commitment_id:
        raise Invalid(
            f"An action can only be part of another action of the same {action.commitment.strategy.nouns.commitment}.",
            field="parent",
        )
    if parent.pk == action.pk:
        raise Invalid("An action can’t be part of itself.", field="parent")
    if parent.parent_id is not None:
        raise Invalid(f"“{parent}” is itself part of another action. Actions can only have two levels.", field="parent")
    if action.pk and action.parts.exists():
        raise Invalid(f"“{action}” has parts of its own, so it can’t become part of another action.", field="parent")


def _words(plan: Plan) -> dict[str, Any]:
    """Return a plan as the history keeps it: keys beside the names that were valid then."""
    person, organisation = plan.owner_person, plan.owner_organisation
    return {
        "action": plan.title,
        "reference": plan.reference,
        "parent": str(plan.parent) if plan.parent else "",
        "owner_person": [person.pk, person.name] if person else [],
        "owner_organisation": [organisation.pk, organisation.name] if organisation else [],
        "owner_team": plan.owner_team,
    }


def _save(action: Action, *changed: str, **entry: Any) -> None:
    action.version += 1
    action.save(update_fields=[*changed, "version"])
    _note(action=action, **entry)


def _note(*, by: User, at: datetime, action: Action, act: str, said: dict[str, Any], reason: str = "") -> None:
    write_entry(
        HistoryEntry(
            at=at, by=by, act=act, commitment=action.commitment, action=action, reason=reason,
            said={"action": action.title, **said},
        )
    )  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
