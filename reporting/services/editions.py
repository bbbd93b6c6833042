"""Requests about an edition being made: request, retry, cancel."""

from datetime import datetime
from functools import partial

from django.db import models, transaction
from django.utils import timezone

from commitments.models import Round
from partners.models import User
from reporting import tasks
from reporting.models import Edition, Numbering
from reporting.permissions import check_can_cancel, check_can_request, check_can_retry
from reporting.production import edition_files, sweeping
from reporting.workflow import MAX_ATTEMPTS
from vcsportal.common.words import NotNow


@transaction.atomic
def request_edition(*, by: User | None, at: datetime, round_: Round) -> Edition:
    """Ask for a round's report; return the edition, which a worker makes soon. ``by=None`` is the portal itself.

    While an edition of the round is waiting or being made, asking again returns it, so a double click makes one job.
    Raise :class:`Refused` without the right, or for a round that has not begun.
    """
    if by is not None:
        check_can_request(by, round_.strategy)
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # two people who ask at once wait for one another here
    if round_.observes_from > timezone.localdate(at):
        raise NotNow(f"The {round_.period.noun} {round_.label} has not begun, so there is nothing to report yet.")
    sweeping.give_up_spent()  # one whose worker died too often must not stand in the way until somebody sweeps
    if active := Edition.objects.active().filter(round=round_).first():
        return active
    edition = Edition.objects.create(round=round_, number=_next_number(round_), requested_at=at, requested_by=by)
    _send_when_kept(edition)
    return edition


@transaction.atomic
def retry_edition(*, by: User, at: datetime, edition: Edition) -> Edition:
    """Have an edition tried again that could not be made. Asking twice is asking once."""
    Round.objects.select_for_update().get(pk=edition.round_id)
    sweeping.give_up_spent()
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    check_can_retry(by, edition)
    if edition.state != "failed":
        return edition
    if other := Edition.objects.active().filter(round=edition.round_id).first():
        raise NotNow(
            f"Edition {other.number} for this {edition.round.period.noun} is already being made. Its page shows the progress."
        )
    edition.state, edition.stage, edition.error = "queued", "", ""
    edition.done = edition.total = 0
    edition.attempts_allowed = edition.attempts + MAX_ATTEMPTS
    edition.requested_at, edition.requested_by = at, by
    edition.sent_at = edition.started_at = edition.finished_at = None
    edition.save()
    _send_when_kept(edition)
    return edition


@transaction.atomic
def cancel_edition(*, by: User, at: datetime, edition: Edition) -> Edition:
    """Stop an edition that waits or is being made. Its worker notices within seconds; stopping twice is stopping once.

    Raise :class:`Refused` without the right, or where it is ready or has failed by now.
    """
    edition = Edition.objects.select_for_update().defer("facts").get(pk=edition.pk)
    check_can_request(by, edition.round.strategy)
    if edition.state == "cancelled":
        return edition
    check_can_cancel(by, edition)
    edition.state, edition.stage, edition.lease_until = "cancelled", "", None
    edition.cancelled_at, edition.cancelled_by, edition.finished_at = at, by, at
    edition.save(update_fields=["state", "stage", "lease_until", "cancelled_at", "cancelled_by", "finished_at"])
    # A worker that lives removes its files itself; of one that is dead they are removed here.
    transaction.on_commit(partial(edition_files.forget, edition.pk, up_to=edition.attempts), robust=True)
    return edition


def _next_number(round_: Round) -> int:
    """Count an edition of a round up, under the round's lock; numbers of removed drafts never come again."""
    there = Edition.objects.filter(round=round_).aggregate(last=models.Max("number"))["last"] or 0
    kept, _new = Numbering.objects.get_or_create(round=round_)
    kept.last = max(kept.last, there) + 1
    kept.save(update_fields=["last"])
    return kept.last


def _send_when_kept(edition: Edition) -> None:
    transaction.on_commit(partial(tasks.send, edition.pk), robust=True)
