"""The steps that all acts on an update share: lock it, change its state, record it in the history. Only services call
these."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, HistoryEntry, ProgressUpdate
from commitments.rules import status as words
from commitments.rules import workflow
from commitments.services.locks import lock_commitment, lock_round_by_id
from partners.models import User
from vcsportal.common.changing_many import change_many
from vcsportal.common.saving_together import write_entry

STATUS_FIELDS: Final = (
    "status", "status_reason", "status_remedy", "status_at", "status_by", "closed_on", "merged_into", "version",
)  # fmt: skip
"""What changes with a commitment's status."""


def lock_update(update: ProgressUpdate) -> ProgressUpdate:
    """Return it as it is now, held with its commitment and its round until the transaction ends."""
    lock_commitment(update.commitment_id)  # the same order of locks everywhere
    lock_round_by_id(update.round_id)  # it does not close meanwhile
    return (
        ProgressUpdate.objects.select_for_update(of=("self",))
        .select_related("commitment", "round", "submitted_by", "owed_by")
        .get(pk=update.pk)
    )


def move(
    *, by: User, at: datetime, update: ProgressUpdate, act: str, reason: str = "", more: dict[str, str] | None = None
) -> ProgressUpdate:
    """Lead it to the state that the act leads to, and note it. Raise :class:`Refused` where the table has no such way.

    :param more: what the history keeps beside the words of an approval.
    """
    step, was = workflow.UPDATE_ACT[act], update.state
    workflow.check_act(step, was, what="update", thing=update)
    update.state, update.state_reason = step.to, reason
    if step.to in {"draft", "returned"}:
        update.submitted_at = update.submitted_by = None
    update.version += 1
    update.save()
    content = asdict(
        UpdateContent(update.status, update.reason, update.remedy, update.narrative, update.next_steps)
    ) | (more or {})
    history(by=by, at=at, update=update, act=act, was=was, reason=reason, said=content if act == "approve" else {})
    return update


def history(
    *,
    by: User,
    at: datetime,
    update: ProgressUpdate,
    act: str,
    was: str,
    reason: str = "",
    said: dict[str, Any] | None = None,
) -> None:
    """Note an act upon an update."""
    write_entry(
        HistoryEntry(
            at=at, by=by, act=act, commitment_id=update.commitment_id, update=update, from_state=was,
            to_state=update.state, reason=reason or update.reason, said=said or {},
        )
    )  # fmt: skip


def set_status(
    *,
    by: User | None,
    at: datetime,
    commitment: Commitment,
    content: UpdateContent,
    update: ProgressUpdate | None,
    into: Commitment | None = None,
    on: date | None = None,
) -> None:
    """Give a commitment its status, and note the change where there is one. The commitment is held by the caller.

    :param by: None is the strategy's file, which may close a commitment and nothing else.
    :param into: the commitment that carries it on, where it is closed by being merged.
    :param on: the day on which it was closed; None for the day of ``at``.
    """
    was = commitment.status
    nouns = commitment.strategy.nouns
    words.check_transition(was, content.status, ongoing=commitment.ongoing, nouns=nouns)
    words.check_reasons(was, content.status, reason=content.reason, remedy=content.remedy, nouns=nouns)
    commitment.status, commitment.status_reason, commitment.status_remedy = (
        content.status,
        content.reason,
        content.remedy,
    )
    commitment.status_at, commitment.status_by = at, by
    if content.status == "closed":
        commitment.closed_on = on or commitment.closed_on or timezone.localdate(at)
        commitment.merged_into = into or commitment.merged_into
        ask_no_longer(commitment)
    else:
        commitment.closed_on = commitment.merged_into = None
    commitment.version += 1
    commitment.save(update_fields=STATUS_FIELDS)
    if was != content.status:
        merged = {"merged_into": into.key, "merged_into_title": str(into)} if into else {}
        HistoryEntry.objects.create(
            at=at, by=by, act="status", commitment=commitment, update=update, from_state=was, to_state=content.status,
            reason=content.reason, said={"remedy": content.remedy, **merged},
        )  # fmt: skip


def set_first_statuses(*, by: User, at: datetime, contents: Mapping[Commitment, UpdateContent]) -> None:
    """Give commitments that have no status yet their first one, as :func:`set_status` does. Few queries for all of them.

    The caller holds them, and has asked for the right. Raise :class:`Refused` as :func:`set_status` does.
    """
    entries = []
    for commitment, content in contents.items():
        nouns = commitment.strategy.nouns
        words.check_transition("", content.status, ongoing=commitment.ongoing, nouns=nouns)
        words.check_reasons("", content.status, reason=content.reason, remedy=content.remedy, nouns=nouns)
        commitment.status, commitment.status_reason = content.status, content.reason
        commitment.status_remedy, commitment.status_at, commitment.status_by = content.remedy, at, by
        if content.status == words.CLOSED.code:
            commitment.closed_on = timezone.localdate(at)
            ask_no_longer(commitment)
        commitment.version += 1
        entries.append(
            HistoryEntry(
                at=at, by=by, act="status", commitment=commitment, from_state="", to_state=content.status,
                reason=content.reason, said={"remedy": content.remedy},
            )
        )  # fmt: skip
    change_many(contents, STATUS_FIELDS)
    HistoryEntry.objects.bulk_create(entries)


def ask_no_longer(commitment: Commitment) -> None:
    """Expect no update of a commitment that has ended. What somebody has begun stays; opened again, it is asked for again."""
    untouched = commitment.updates.filter(state="expected", history__isnull=True, notes__isnull=True)
    untouched.filter(round__state__in=["open", "in_review"]).delete()
