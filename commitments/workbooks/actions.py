"""The workbook of a strategy’s actions: what will be done, when it is due and who does it, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.db import transaction

from commitments.models import Action, Commitment
from commitments.permissions.progress import check_can_manage_commitments
from commitments.services.actions import (
    NO_REASON,
    Plan,
    check_action_day,
    complete_action,
    drop_action,
    edit_action,
    locked_actions,
    move_action,
    plan_action,
    plan_of,
    references_key,
    references_of,
    reopen_action,
)
from commitments.services.locks import locked_commitments
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind, day_in
from commitments.workbooks.names import name_as_written, organisation_called
from vcsportal.common.plurals import capital
from vcsportal.common.saving_together import hold_known
from vcsportal.common.spreadsheets.columns import (
    SheetColumn,
    Thing,
    Use,
    plain_text,
    read_day,
    read_line,
    read_reference,
    tidied,
    write_day,
)
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.words import Invalid

PLAN_COLUMNS: Final = frozenset({"reference", "title", "owner_organisation", "owner_team"})


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns."""
    noun = scope.of.nouns.commitment
    references = tuple(_commitments(scope))
    return (
        SheetColumn("key", "Key", "Identifies the action in this row. Leave it empty to add an action.", Use.KEY, width=10),
        SheetColumn(
            "commitment", capital(noun), f"The number of the {noun} that the action belongs to.", Use.BEGUN,
            choices=references, reads=read_reference, width=14,
        ),
        SheetColumn("commitment_title", f"What the {noun} is", f"The {noun} in a few words.", Use.SHOWN, width=30),
        SheetColumn("reference", "Reference", "The action’s own number, if it has one.", longest=20, reads=read_reference, width=12),
        SheetColumn(
            "title", "Action", "What will be done, in one line that begins with a verb.", longest=200, reads=read_line,
            width=50,
        ),
        SheetColumn(
            "due_on", "Due", "The date by which it will be done, such as 31 March 2027.", reads=read_day, writes=write_day,
        ),
        SheetColumn(
            "owner_organisation", "Organisation", "The organisation that will do it, by its name in the portal.", longest=200,
            reads=tidied(lambda text: name_as_written(scope, text)), width=30,
        ),
        SheetColumn(
            "owner_team", "Team", "The team that will do it. Everyone can read this.", longest=120, reads=read_line, width=24,
        ),
        SheetColumn("done_on", "Done on", "The date it was done, if it has been.", reads=read_day, writes=write_day),
        SheetColumn(
            "dropped_on", "Dropped on", "The date it was decided not to do it.", reads=read_day,
            writes=write_day,
        ),
        SheetColumn(
            "reason", "Why", "Needed if you move a due date, or drop or reopen an action. Everyone can read it.", Use.REASON,
            longest=10_000, width=40,
        ),
    )  # fmt: skip


def _commitments(scope: Scope) -> dict[str, Commitment]:
    """Return the commitments that are under way, by reference."""
    found = Commitment.objects.filter(strategy=scope.of).exclude(status="closed").select_related("strategy__owner")
    return scope.once("commitments", lambda: {each.reference: each for each in found.in_order()})


def _references(scope: Scope) -> dict[tuple[int, int | None, str], set[int]]:
    """Return which actions have a reference, by commitment, parent and reference."""

    def ask() -> dict[tuple[int, int | None, str], set[int]]:
        taken: dict[tuple[int, int | None, str], set[int]] = {}
        actions = Action.objects.filter(commitment__strategy=scope.of).exclude(reference="").order_by("id")
        for commitment, parent, reference, key in actions.values_list("commitment", "parent", "reference", "id"):
            taken.setdefault((commitment, parent, reference), set()).add(key)
        return taken

    return scope.once("references", ask)


def things(scope: Scope) -> Sequence[Thing]:
    """Return the strategy's actions."""
    found = (
        Action.objects.filter(commitment__strategy=scope.of)
        .select_related("commitment__strategy__owner", "commitment__priority", "parent", "owner_person", "owner_organisation")
        .order_by("commitment__priority__number", "commitment__number", "due_on", "id")
    )  # fmt: skip
    return [_thing(action) for action in found]


def _thing(action: Action) -> Thing:
    organisation = action.owner_organisation
    values = {
        "commitment": action.commitment.reference,
        "commitment_title": action.commitment.short_title,
        "reference": action.reference,
        "title": action.title,
        "due_on": action.due_on,
        "owner_organisation": organisation.name if organisation else "",
        "owner_team": action.owner_team,
        "done_on": action.done_on,
        "dropped_on": action.dropped_on,
    }
    texts = {"key": str(action.pk), **{name: plain_text(value) for name, value in values.items()}}
    return Thing(str(action.pk), f"{action.commitment.reference} {action.title}", texts, source=action)


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    action: Action | None = thing.source if thing else None
    if action is None:
        _commitment(scope, wanted)
    elif changed & {"title", "reference"}:
        same = _references(scope).get((action.commitment_id, action.parent_id, wanted["reference"]), set())
        if wanted["reference"] and same - {action.pk}:
            raise Invalid(
                f"Another action here has the reference {wanted['reference']}. Choose a different one.",
                field="reference",
            )
    _plan(scope, action, wanted).tidy()
    done, dropped = day_in(wanted, "done_on"), day_in(wanted, "dropped_on")
    if done and dropped:
        raise Invalid("An action is either done or dropped. Clear one of the two cells.", field="dropped_on")
    reopened = _reopens(action, wanted)
    if action and not reopened and not action.is_open and "due_on" in changed:
        raise Invalid(
            "This action is done or dropped, so its due date cannot change. Clear that cell first, and say why.",
            field="due_on",
        )
    moved = bool(action) and "due_on" in changed
    for act, needed in (("reopen", reopened), ("move", moved), ("drop", bool(dropped) and "dropped_on" in changed)):
        if needed and not wanted["reason"]:
            raise Invalid(NO_REASON[act], field="reason")
    about = action or Action(commitment=_commitment(scope, wanted))
    for day, what in ((done, "done"), (dropped, "dropped")):
        if day and f"{what}_on" in changed:
            check_action_day(about, day, scope.today, what)


def _commitment(scope: Scope, wanted: Wanted) -> Commitment:
    noun = scope.of.nouns.commitment
    found = _commitments(scope).get(wanted["commitment"])
    if found is None:
        raise Invalid(f"Give the number of the {noun} that this action belongs to.", field="commitment")
    return found


def _reopens(action: Action | None, wanted: Wanted) -> bool:
    """Whether a day on which it was done or dropped is taken away or changed."""
    if action is None or action.is_open:
        return False
    return (day_in(wanted, "done_on"), day_in(wanted, "dropped_on")) != (action.done_on, action.dropped_on)


def _plan(scope: Scope, action: Action | None, wanted: Wanted) -> Plan:
    plan = plan_of(action) if action else Plan("")
    organisation = plan.owner_organisation
    if wanted["owner_organisation"] != (organisation.name if organisation else ""):
        name = wanted["owner_organisation"]
        organisation = organisation_called(scope, name, "owner_organisation") if name else None
    return replace(
        plan, title=wanted["title"], reference=wanted["reference"], owner_organisation=organisation,
        owner_team=wanted["owner_team"],
    )  # fmt: skip


@transaction.atomic
def save(row: SavedRow) -> None:
    """Save one row: a new action, or what changes of one that is there."""
    wanted, changed, by = row.wanted, row.changed, row.scope.person
    done, dropped, reason = day_in(wanted, "done_on"), day_in(wanted, "dropped_on"), wanted["reason"]
    if row.thing is None:
        commitment, plan = _commitment(row.scope, wanted), _plan(row.scope, None, wanted)
        action = plan_action(
            by=by, at=row.at, commitment=commitment, plan=plan, due_on=day_in(wanted, "due_on"), file=row.file
        )
        version = action.version
    else:
        action = row.thing.source
        version = action.version
        if _reopens(action, wanted):
            action = reopen_action(by=by, at=row.at, action=action, reason=reason, version=version, file=row.file)
            version = action.version
            changed = changed | {name for name in ("done_on", "dropped_on") if wanted[name]}
        if changed & PLAN_COLUMNS:
            plan = _plan(row.scope, action, wanted)
            action = edit_action(by=by, at=row.at, action=action, plan=plan, version=version, file=row.file)
            version = action.version
        if "due_on" in changed:
            action = move_action(
                by=by,
                at=row.at,
                action=action,
                due_on=day_in(wanted, "due_on"),
                reason=reason,
                version=version,
                file=row.file,
            )
            version = action.version
    if done and "done_on" in changed:
        complete_action(by=by, at=row.at, action=action, done_on=done, version=version, file=row.file)
    if dropped and "dropped_on" in changed:
        drop_action(by=by, at=row.at, action=action, dropped_on=dropped, reason=reason, version=version, file=row.file)


def identity(scope: Scope, wanted: Wanted) -> tuple[str, ...] | None:
    """Actions differ by their words, commitment, due date or reference."""
    if not wanted.get("title"):
        return None
    return tuple(wanted.get(name, "") for name in ("commitment", "title", "due_on", "reference"))


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the actions and their commitments."""
    actions: list[Action] = [row.thing.source for row in rows if row.thing is not None]
    known = _commitments(scope)
    new = [known[row.wanted["commitment"]].pk for row in rows if row.wanted and row.wanted["commitment"] in known]
    keys = {*new, *(action.commitment_id for action in actions)}
    hold_known({(Commitment, each.pk): each for each in locked_commitments().filter(pk__in=keys).order_by("pk")})
    held = locked_actions().filter(pk__in=[action.pk for action in actions]).order_by("pk")
    hold_known({(Action, action.pk): action for action in held})
    hold_known({references_key(key): references for key, references in references_of(keys).items()})


ACTIONS: Final = WorkbookKind(
    code="actions",
    label="Actions",
    noun=("action", "actions"),
    sheet="Actions",
    purpose="Change what is planned, move due dates, record what has been done, and add actions.",
    steps=(
        "To add an action, fill in one of the empty rows at the end. Leave its key empty.",
        "Actions are never deleted. If one will not be done, fill in “Dropped on” and “Why”.",
    ),
    of_strategy=True,
    of_round=False,
    check_may=lambda scope: check_can_manage_commitments(scope.person, scope.of),
    columns=columns,
    things=things,
    check=check,
    save=save,
    read_ahead=read_ahead,
    identity=identity,
)
