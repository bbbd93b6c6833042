"""A status that was changed after an update was sent: whoever approves the update sees both and chooses one."""

from dataclasses import dataclass

from django.utils import timezone

from commitments.models import Commitment, ProgressUpdate
from commitments.rules import status as words
from vcsportal.common.dates import in_words
from vcsportal.common.words import Conflict


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """Which status holds once the update is approved: the newer one (``keep``) or the update's own.

    ``version`` is the ``commitment.version`` that the person saw, so that a third status is not overridden unseen.
    """

    keep: bool
    version: int


def is_newer(commitment: Commitment, update: ProgressUpdate) -> bool:
    """Whether the status, or its reason, was changed directly since the update was sent, and says something else.

    What another update's approval brought is no direct change: of two updates the later round's holds. One query at most.
    """
    if update.submitted_at is None or commitment.status_at is None or commitment.status_at <= update.submitted_at:
        return False
    now = commitment.status, commitment.status_reason, commitment.status_remedy
    if now == (update.status, update.reason, update.remedy) or spoken_later(update):
        return False
    from_update = ProgressUpdate.objects.published().filter(commitment=commitment.pk, published_at=commitment.status_at)
    return not from_update.exists()


def keeps_newer(commitment: Commitment, update: ProgressUpdate, choice: StatusChoice | None) -> bool:
    """Return whether the newer status stays. Raise :class:`Conflict` where there is one and nobody has chosen, having seen it."""
    if not is_newer(commitment, update):
        return False
    if choice is None or choice.version != commitment.version:
        raise Conflict(sentence(commitment, update))
    return choice.keep


def check_no_newer(update: ProgressUpdate) -> None:
    """Raise :class:`Conflict` for an update that can't be approved without a choice. Its commitment is read already."""
    keeps_newer(update.commitment, update, None)


def sentence(commitment: Commitment, update: ProgressUpdate) -> str:
    """Return what happened and what to do, with both words."""
    who = commitment.status_by.name if commitment.status_by else "Somebody"
    on = in_words(timezone.localdate(commitment.status_at)) if commitment.status_at else "a later day"
    now, then = words.of(commitment.status).label, words.of(update.status).label
    changed = f"changed the status to “{now}”" if now != then else f"changed the reason for “{now}”"
    return (
        f"{who} {changed} on {on}, after this update (“{then}”) was sent. "
        "Open the update and choose which of the two is the status now."
    )


def spoken_later(update: ProgressUpdate) -> bool:
    """Whether an update of a later round is approved already, so that this one leaves the status alone. One query."""
    later = ProgressUpdate.objects.published().filter(
        commitment=update.commitment_id, round__observes_from__gt=update.round.observes_from
    )
    return later.exists()
