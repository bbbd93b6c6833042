"""What happens to an update once it has been sent: a second person approves or returns it, or its officer withdraws
it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from commitments.content.updates import UpdateContent
from commitments.models import ProgressUpdate
from commitments.permissions.progress import (
    can_update_commitment,
    check_can_approve_update,
    check_can_return_update,
    check_can_update_commitment,
    check_update_waits,
)
from commitments.services.locks import lock_commitment
from commitments.services.newer_status import StatusChoice, keeps_newer, spoken_later
from commitments.services.update_transitions import lock_update, move, set_status
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow


@transaction.atomic
def take_back_update(*, by: User, at: datetime, update: ProgressUpdate) -> ProgressUpdate:
    """Make a sent update a draft again, so that it can be changed before somebody approves it."""
    update = lock_update(update)
    check_can_update_commitment(by, update.commitment)
    return move(by=by, at=at, update=update, act="take_back")


@transaction.atomic
def approve_update(
    *,
    by: User,
    at: datetime,
    update: ProgressUpdate,
    version: int | None = None,
    choice: StatusChoice | None = None,
) -> ProgressUpdate:
    """Let it be read by anybody, and let its status hold, unless a later round has spoken already.

    :param choice: which status holds where it was changed directly since the update was sent.
    Raise :class:`Refused` for whoever sent it, :class:`Conflict` if it has changed since ``version`` was read, or the
    status has been changed since it was sent and ``choice`` does not say which of the two holds.
    """
    update = lock_update(update)
    check_can_approve_update(by, update)
    if version is not None and version != update.version:
        raise Conflict("This update has changed since you opened it. Read it again, then decide.")
    check_update_waits(update)
    commitment = lock_commitment(update.commitment_id)
    keep = keeps_newer(commitment, update, choice)
    update.published_at, update.published_by = at, by
    kept = {"status_kept": commitment.status} if keep else {}
    update = move(by=by, at=at, update=update, act="approve", more=kept)
    if not keep and not spoken_later(update) and update.submitted_by is not None:
        content = UpdateContent(update.status, update.reason, update.remedy)
        # What the officer said holds, under the officer's name; the approval stands in the update's own history.
        set_status(by=update.submitted_by, at=at, commitment=commitment, content=content, update=update)
    return update


@transaction.atomic
def return_update(
    *, by: User, at: datetime, update: ProgressUpdate, reason: str, version: int | None = None
) -> ProgressUpdate:
    """Send it back with a reason, which its officer, and whoever owes it now, gets by email. What was approved is no longer public until it is approved again."""
    update = lock_update(update)
    check_can_return_update(by, update)
    if version is not None and version != update.version:
        raise Conflict("This update has changed since you opened it. Read it again, then decide.")
    if update.round.state == "closed":
        raise NotNow(f"The {update.round.label} round is closed. It can be reopened, with a reason.")
    if not reason.strip():
        raise Invalid("Say what needs to change. Whoever wrote it will read it.", field="reason")
    sender, was_public = update.submitted_by, update.state == "published"
    update.published_at = update.published_by = None
    update = move(by=by, at=at, update=update, act="return", reason=check_text(reason, field="reason"))
    told = {
        recipient.pk: recipient
        for recipient in (sender, update.owed_by)
        if recipient is not None and recipient.pk != by.pk
    }
    for to in told.values():
        if to.is_active and can_update_commitment(to, update.commitment):
            _tell_returned(by=by, at=at, to=to, update=update, was_public=was_public, wrote=to == sender)
    return update


def _tell_returned(*, by: User, at: datetime, to: User, update: ProgressUpdate, was_public: bool, wrote: bool) -> None:
    strategy, commitment = update.commitment.strategy, update.commitment
    put_mail(
        key=f"update-returned:{update.pk}:{update.version}:{to.pk}",
        kind="round:returned",
        about=f"round:{strategy.slug}/{update.round.slug}",
        to=to,
        template="update_returned",
        values={
            "by": by,
            "update": update,
            "reason": update.state_reason,
            "was_public": was_public,
            "wrote": wrote,
            "way_back": settings.PORTAL_URL + reverse("commitments:update", args=[strategy.slug, commitment.key]),
        },
        at=at,
    )
