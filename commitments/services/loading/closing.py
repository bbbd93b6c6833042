"""Closes a commitment as a strategy's file says, unless a person has decided otherwise in the portal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, HistoryEntry
from commitments.services.update_transitions import set_status
from commitments.strategy_file.priorities import CommitmentEntry
from partners.models import User
from vcsportal.common.data_file import Fault
from vcsportal.common.dates import in_words
from vcsportal.common.words import Refused


class LoadOutcome(Protocol):
    """The changes, notes and faults of a load, as they are collected."""

    changes: list[str]
    notes: list[str]
    faults: list[Fault]


def close_from_file(
    *,
    by: User | None,
    at: datetime,
    commitment: Commitment,
    entry: CommitmentEntry,
    everyone: Mapping[str, Commitment],
    done: LoadOutcome,
) -> None:
    """Close the commitment on the file's day, for its reason, into what carries it on.

    What a person has closed or opened again in the portal stays as they left it, with a note that says so.
    """
    into = everyone.get(entry.merged_into) if entry.merged_into else None
    if entry.merged_into and into is None:
        done.faults.append(
            entry.fault("merged_into", f"“{entry.merged_into}” is not the key of a commitment in this strategy.")
        )
        return
    was, now = _closing(commitment), (entry.closed_on, entry.closed_because, into)
    if commitment.status == "closed" and was == now:
        return
    if hand := _decided_by_hand(commitment):
        did = "closed it" if commitment.status == "closed" else "opened it again"
        done.notes.append(
            f"Left commitment {commitment.reference}, “{commitment.short_title}”, as it is: {hand.by.name if hand.by else 'somebody'} {did} in the portal on "
            f"{in_words(timezone.localdate(hand.at))}. Update the file to match."
        )
        return
    if into is not None and into.status == "closed" and into != was[2]:
        done.faults.append(
            entry.fault("merged_into", f"“{entry.merged_into}” is closed. Name one that continues the work.")
        )
        return
    before = commitment.status
    try:
        set_status(
            by=by,
            at=at,
            commitment=commitment,
            content=UpdateContent("closed", entry.closed_because),
            update=None,
            into=into,
            on=entry.closed_on,
        )
    except Refused as refused:
        done.faults.append(entry.fault("closed_on", refused.sentence))
        return
    if before == "closed":
        said = {"strategy": commitment.strategy.slug, "was": _words(was), "now": _words(now)}
        HistoryEntry.objects.create(at=at, by=by, act="amend", commitment=commitment, said=said)
        done.changes.append(f"Amended how commitment {commitment.reference}, “{commitment.short_title}”, was closed.")
        return
    done.changes.append(f"Closed commitment {commitment.reference}, “{commitment.short_title}”: {entry.closed_because}")


def _decided_by_hand(commitment: Commitment) -> HistoryEntry | None:
    """Return how a person closed it, or opened it again after the file had closed it; None where the file may speak."""
    entries = HistoryEntry.objects.filter(commitment=commitment, act="status").select_related("by").newest_first()
    last = entries.first()
    if last is None or last.by_id is None:
        return None
    reopened = entries.filter(to_state="closed", by__isnull=True).exists()
    return last if commitment.status == "closed" or reopened else None


Closing = tuple[date | None, str, Commitment | None]


def _closing(commitment: Commitment) -> Closing:
    return commitment.closed_on, commitment.status_reason, commitment.merged_into


def _words(closing: Closing) -> dict[str, str]:
    on, because, into = closing
    return {"closed_on": str(on or ""), "closed_because": because, "merged_into": into.key if into else ""}
