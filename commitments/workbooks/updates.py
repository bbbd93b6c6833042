"""The workbook of a round's progress updates: each commitment's status and words, with those of the last round beside."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, ProgressUpdate
from commitments.permissions.progress import check_can_update_commitment
from commitments.queries.round_commitments import commitments_asked
from commitments.reading.update_form import facts
from commitments.rules import status as words
from commitments.rules import update_questions, workflow
from commitments.services.locks import lock_round_by_id, locked_commitments
from commitments.services.progress import (
    check_not_empty,
    locked_updates,
    not_open,
    save_update,
    submit_update,
    told_after,
    told_later_key,
    update_key,
)
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind
from partners import roles
from partners.permissions import check_permission_here
from vcsportal.common.markdown import MAX_CHARACTERS
from vcsportal.common.plurals import capital
from vcsportal.common.saving_together import hold_known
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, plain_text, read_line
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.spreadsheets.workbook import SheetCell
from vcsportal.common.words import Invalid, NotNow

YES, NO = "Yes", "No"
SENT: Final = frozenset({"submitted", "published"})
TEXTS: Final = ("reason", "remedy", "narrative", "next_steps")


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns."""
    noun = scope.of.nouns.commitment
    return (
        SheetColumn("key", "Key", f"Identifies the {noun} in this row.", Use.KEY, width=24),
        SheetColumn("title", capital(noun), f"The {noun}, with its number.", Use.SHOWN, width=34),
        SheetColumn("last_status", "Status last time", "What was reported in the last approved update.", Use.SHOWN, width=14),
        SheetColumn("last_words", "Last update", "The words of the last approved update.", Use.SHOWN, width=50),
        SheetColumn("status", "Status", "Its status now.", choices=tuple(status.label for status in words.STATUSES), width=16),
        SheetColumn(
            "reason", "Why", "One or two sentences. Needed when the status changes, and whenever it is at risk or delayed.",
            longest=MAX_CHARACTERS, width=40,
        ),
        SheetColumn(
            "remedy", "What will be done about it", f"Needed when the {noun} is at risk or delayed.", longest=MAX_CHARACTERS,
            width=40,
        ),
        SheetColumn("narrative", "What has happened", "Plain words are enough.", longest=MAX_CHARACTERS, width=60),
        SheetColumn("next_steps", "What comes next", "Plain words are enough.", longest=MAX_CHARACTERS, width=40),
        SheetColumn(
            "send", "Send it",
            "Yes sends the update to be approved by a second person. With No, or nothing, it is saved as a draft.",
            choices=(YES, NO), reads=_read_send, width=10,
        ),
    )  # fmt: skip


def _read_send(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """No is the same as nothing: of a draft, the portal says neither."""
    text = read_line(cell, thing, today)
    return "" if text.casefold() == NO.casefold() else text


def check_may(scope: Scope) -> None:
    """Whoever updates the strategy's commitments, while the round takes updates."""
    sentence = f"Only a council officer can update {scope.of.nouns.a_commitment}."
    check_permission_here(scope.person, roles.UPDATE_COMMITMENTS, scope.of, sentence)
    if not _takes(scope):
        raise NotNow(not_open(scope.in_round))


def _takes(scope: Scope) -> bool:
    return scope.in_round.takes_updates(scope.today) or scope.in_round.state == "in_review"


def things(scope: Scope) -> Sequence[Thing]:
    """Return the commitments of which the round asks an update, with what there is of it. Three queries."""
    round_ = scope.in_round
    asked = commitments_asked(round_)
    updates = {
        update.commitment_id: update
        for update in ProgressUpdate.objects.visible_to(scope.person).filter(round=round_, commitment__in=asked)
    }
    before: dict[int, ProgressUpdate] = {}
    for update in (
        ProgressUpdate.objects.published()
        .filter(commitment__in=asked, round__observes_from__lt=round_.observes_from)
        .order_by("round__observes_from", "id")
    ):
        before[update.commitment_id] = update  # the latest stays
    return [_thing(scope, found, updates.get(found.pk), before.get(found.pk)) for found in asked]


def _thing(scope: Scope, commitment: Commitment, update: ProgressUpdate | None, before: ProgressUpdate | None) -> Thing:
    commitment.strategy = scope.of  # known already
    begun = update if update is not None and update.state != "expected" else None
    values = {
        "key": commitment.key,
        "title": str(commitment),
        "last_status": words.of(before.status).label if before else "",
        "last_words": before.narrative if before else "",
        "status": words.of(begun.status).label if begun and begun.status else "",
        **{name: getattr(begun, name) if begun else "" for name in TEXTS},
        "send": YES if begun is not None and begun.state in SENT else "",
    }
    offered = [status.label for status in words.may_follow(commitment.status, ongoing=commitment.ongoing)]
    if values["status"] and values["status"] not in offered:
        offered.append(values["status"])
    texts = {name: plain_text(value) for name, value in values.items()}
    return Thing(commitment.key, str(commitment), texts, {"status": offered}, (commitment, update))


def _content(wanted: Wanted) -> UpdateContent:
    code = next((status.code for status in words.STATUSES if status.label == wanted["status"]), "")
    return UpdateContent(code, *(wanted[name] for name in TEXTS))


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    if thing is None:
        raise Invalid("Rows can’t be added here.", field="key")
    commitment, update = thing.source
    check_can_update_commitment(scope.person, commitment)
    state = update.state if update else "expected"
    if state in SENT:
        past = "approved" if state == "published" else "sent"
        raise NotNow(f"This update has been {past} already. To change it, withdraw it on its page first.")
    if not scope.in_round.takes_updates(scope.today) and state not in {"draft", "returned"}:
        raise NotNow(not_open(scope.in_round))
    content = _content(wanted).tidy()
    if wanted["send"] != YES:
        workflow.check_act(workflow.UPDATE_ACT["save"], state, what="update")
        return
    workflow.check_act(workflow.UPDATE_ACT["submit"], state, what="update")
    nouns = scope.of.nouns
    if not content.status:
        raise Invalid(f"Choose the status of the {nouns.commitment}.", field="status")
    words.check_transition(commitment.status, content.status, ongoing=commitment.ongoing, nouns=nouns)
    words.check_reasons(commitment.status, content.status, reason=content.reason, remedy=content.remedy, nouns=nouns)
    check_not_empty(content, something_else=False)


def save(row: SavedRow) -> None:
    """Save one row: as a draft, or sent to be approved. What a form would ask on sending is recorded as not answered."""
    if row.thing is None:
        raise Invalid("Rows can’t be added here.", field="key")
    commitment, update = row.thing.source
    round_, content = row.scope.in_round, _content(row.wanted)
    version = update.version if update else None
    if row.wanted["send"] != YES:
        save_update(
            by=row.scope.person, at=row.at, commitment=commitment, round_=round_, content=content, version=version,
            file=row.file,
        )  # fmt: skip
        return
    asked = update_questions.questions(
        facts(commitment, content.status, round_, today=row.scope.today, figures=(), given=())
    )
    submit_update(
        by=row.scope.person, at=row.at, commitment=commitment, round_=round_, content=content, version=version,
        answers=update_questions.answered(asked, {}), file=row.file,
    )  # fmt: skip


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the commitments, the round and the updates."""
    keys = [row.thing.source[0].pk for row in rows if row.thing is not None]
    held = list(locked_commitments().filter(pk__in=keys).order_by("pk"))
    for commitment in held:
        commitment.strategy = scope.of
    hold_known({(Commitment, commitment.pk): commitment for commitment in held})
    round_ = lock_round_by_id(scope.in_round.pk)
    there = {
        each.commitment_id: each for each in locked_updates().filter(round=round_, commitment__in=keys).order_by("pk")
    }
    hold_known({update_key(key, round_.pk): there.get(key) for key in keys})
    later = set(told_after(round_).filter(commitment__in=keys).values_list("commitment", flat=True))
    hold_known({told_later_key(key, round_.pk): key in later for key in keys})


UPDATES: Final = WorkbookKind(
    code="updates",
    label="Progress updates",
    noun=("update", "updates"),
    sheet="Updates",
    purpose="Write the updates for the round, with the last update next to each.",
    steps=(
        "Fill in only the rows where there is something to report. Rows you leave empty will not change.",
        "An update is saved as a draft unless you choose Yes under “Send it”. A second person approves what is sent.",
    ),
    of_strategy=True,
    of_round=True,
    check_may=check_may,
    columns=columns,
    things=things,
    check=check,
    save=save,
    read_ahead=read_ahead,
)
