"""Say how a commitment stands: change its status, save and publish the update of a round."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from commitments import status as words
from commitments.models import Commitment, HistoryEntry, ProgressUpdate, Round
from commitments.permissions import check_can_update
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Refused


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer writes in an update. Texts are Markdown, except ``reason`` and ``remedy``, which are plain."""

    status: str
    reason: str = ""
    remedy: str = ""
    narrative: str = ""
    next_steps: str = ""

    def tidy(self) -> "Said":
        """Return the same with tidy texts; raise :class:`Refused` for a text that can't be kept."""
        return Said(self.status, *(check_text(t) for t in (self.reason, self.remedy, self.narrative, self.next_steps)))


@transaction.atomic
def change_status(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    to: str,
    reason: str,
    remedy: str = "",
    version: int | None = None,
) -> Commitment:
    """Change a commitment's status outside a round's update; return it as it is now.

    :param version: the ``commitment.version`` that the person saw; None skips the comparison.
    Raise :class:`Refused` without the right, for a transition the table lacks, or a missing reason;
    :class:`Conflict` if somebody changed the status since.
    """
    check_can_update(by, commitment)
    commitment = _locked(commitment)
    if version is not None and version != commitment.version:
        who = commitment.status_by.name if commitment.status_by else "Somebody"
        raise Conflict(
            f"{who} has changed the status to “{words.of(commitment.status).label}” while you were writing. "
            "Read the page again, then decide."
        )
    _set_status(by=by, at=at, commitment=commitment, said=Said(to, reason, remedy).tidy(), update=None)
    return commitment


@transaction.atomic
def save_update(
    *, by: User, at: datetime, commitment: Commitment, round_: Round, said: Said, version: int | None
) -> ProgressUpdate:
    """Keep a draft of the round's update; an update that is already published stays so, with its old words, until published.

    :param version: the version that the person saw, None for "there was none".
    Raise :class:`Refused` without the right or outside the round's window, :class:`Conflict` if another person's
    version has come between.
    """
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    if update.state == "published":
        raise Refused("This update has been published. Publish it again to change it.")
    _write(by=by, at=at, update=update, said=said.tidy())
    HistoryEntry.objects.create(
        at=at, by=by, act="save", commitment=commitment, update=update, to_state="draft", said=asdict(said)
    )
    return update


@transaction.atomic
def publish_update(
    *, by: User, at: datetime, commitment: Commitment, round_: Round, said: Said, version: int | None
) -> ProgressUpdate:
    """Publish the round's update and let its status hold, unless a later round has spoken already.

    Arguments and errors as in :func:`save_update`; also :class:`Refused` for a transition the table lacks or a
    missing reason.
    """
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    said = said.tidy()
    was = update.state if update.published_at else ""
    later = ProgressUpdate.objects.published().filter(
        commitment=commitment, round__observes_from__gt=round_.observes_from
    )
    locked = _locked(commitment)
    if later.exists():
        words.check_reasons(said.status, said.status, reason=said.reason, remedy=said.remedy)
    update.state, update.published_at, update.published_by = "published", at, by
    _write(by=by, at=at, update=update, said=said)
    if not later.exists():
        _set_status(by=by, at=at, commitment=locked, said=said, update=update)
    HistoryEntry.objects.create(
        at=at, by=by, act="publish", commitment=commitment, update=update, from_state=was, to_state="published",
        reason=said.reason, said=asdict(said),
    )  # fmt: skip
    return update


def _locked(commitment: Commitment) -> Commitment:
    return Commitment.objects.select_for_update(of=("self",)).select_related("status_by").get(pk=commitment.pk)


def _begin(*, by: User, at: datetime, commitment: Commitment, round_: Round, version: int | None) -> ProgressUpdate:
    check_can_update(by, commitment)
    if round_.strategy_id != commitment.strategy_id:
        raise Refused("This round belongs to another strategy.")
    today = timezone.localdate(at)
    if round_.phase(today) != "open":
        opens, closes = (f"{day.day} {day:%B %Y}" for day in (round_.opens_on, round_.closes_on))
        raise Refused(
            f"The round {round_.slug} takes updates from {opens} to {closes}. You can still change the status."
        )
    _locked(commitment)  # two people who begin the same update wait for one another here
    update = ProgressUpdate.objects.select_related("saved_by").filter(commitment=commitment, round=round_).first()
    if (update.version if update else None) != version:
        who = update.saved_by.name if update else "Somebody"
        raise Conflict(
            f"{who} has saved this update while you were writing. Both versions are below: choose what stays."
        )
    return update or ProgressUpdate(commitment=commitment, round=round_, version=0)


def _write(*, by: User, at: datetime, update: ProgressUpdate, said: Said) -> None:
    if said.status not in {"", *words.BY_CODE}:
        raise Refused("Choose one of the status words that the portal offers.")
    for field, value in asdict(said).items():
        setattr(update, field, value)
    if update.state == "published" and not said.status:
        raise Refused("Choose how the commitment stands.")
    update.version += 1
    update.saved_at, update.saved_by = at, by
    update.save()


def _set_status(*, by: User, at: datetime, commitment: Commitment, said: Said, update: ProgressUpdate | None) -> None:
    was = commitment.status
    words.check_transition(was, said.status, ongoing=commitment.ongoing)
    words.check_reasons(was, said.status, reason=said.reason, remedy=said.remedy)
    commitment.status, commitment.status_reason, commitment.status_remedy = said.status, said.reason, said.remedy
    commitment.status_at, commitment.status_by = at, by
    commitment.version += 1
    commitment.save(update_fields=["status", "status_reason", "status_remedy", "status_at", "status_by", "version"])
    if was != said.status:
        HistoryEntry.objects.create(
            at=at, by=by, act="status", commitment=commitment, update=update, from_state=was, to_state=said.status,
            reason=said.reason, said={"remedy": said.remedy},
        )  # fmt: skip
