"""Say how a commitment stands: change its status; write, send, approve and return the update of a round."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments import status as words
from commitments import workflow
from commitments.models import Commitment, Evidence, HistoryEntry, ProgressUpdate, Round
from commitments.permissions import check_can_approve, check_can_return_update, check_can_update
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
    """Keep a draft of the round's update.

    :param version: the version that the person saw, None for "there was none".
    Raise :class:`Refused` without the right, outside the round's window, or once it was sent; :class:`Conflict` if
    another person's version has come between.
    """
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    workflow.check_act(workflow.UPDATE_ACT["save"], update.state, what="update")
    was = update.state
    update.state = "returned" if was == "returned" else "draft"  # the reason it was returned for stays in sight
    _write(by=by, at=at, update=update, said=said.tidy())
    _history(by=by, at=at, update=update, act="save", was=was, said=asdict(said))
    return update


@transaction.atomic
def submit_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    said: Said,
    version: int | None,
    answers: Sequence[dict[str, str]] = (),
    cites: Iterable[Evidence] | None = None,
    confirms: Round | None = None,
) -> ProgressUpdate:
    """Send the round's update to be approved.

    :param answers: what was answered to the questions asked on sending, each with ``code``, ``question``, ``answer``.
    :param cites: accepted evidence that it rests on; None leaves what is there.
    :param confirms: the round whose words are confirmed unchanged.
    Arguments and errors as in :func:`save_update`; also :class:`Refused` for a transition the table lacks, a missing
    reason, or evidence that is not accepted for this commitment.
    """
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    workflow.check_act(workflow.UPDATE_ACT["submit"], update.state, what="update")
    said = said.tidy()
    _check_whole(_locked(commitment), round_, said)
    was, update.state, update.state_reason = update.state, "submitted", ""
    update.submitted_at, update.submitted_by = at, by
    update.answers, update.confirms = list(answers), confirms
    _write(by=by, at=at, update=update, said=said)
    if cites is not None:
        cited = list(cites)
        if Evidence.objects.accepted().filter(commitments=commitment, pk__in=[one.pk for one in cited]).count() != len(
            set(cited)
        ):
            raise Refused("An update can rest on accepted evidence for this commitment only.")
        update.cites.set(cited)
    _history(
        by=by, at=at, update=update, act="submit", was=was,
        said={**asdict(said), "answers": update.answers, "confirms": confirms.slug if confirms else ""},
    )  # fmt: skip
    return update


@transaction.atomic
def confirm_update(
    *, by: User, at: datetime, commitment: Commitment, round_: Round, version: int | None
) -> ProgressUpdate:
    """Send the last approved update's words unchanged: they are still true. Errors as in :func:`submit_update`.

    Raise :class:`Refused` where there is nothing to confirm, or the status has been changed since it was approved.
    """
    before = (
        ProgressUpdate.objects.published()
        .filter(commitment=commitment, round__observes_from__lt=round_.observes_from)
        .select_related("round")
        .order_by("-round__observes_from", "-id")
        .first()
    )
    if before is None:
        raise Refused("There is no earlier update whose words could still be true. Write this one.")
    now = _locked(commitment).status
    if before.status != now:
        label = words.of(now).label
        raise Refused(f"The status was changed to “{label}” since {before.round.slug}. Write what is true now.")
    said = Said(before.status, before.reason, before.remedy, before.narrative, before.next_steps)
    return submit_update(
        by=by,
        at=at,
        commitment=commitment,
        round_=round_,
        said=said,
        version=version,
        confirms=before.confirms or before.round,
    )


@transaction.atomic
def take_back_update(*, by: User, at: datetime, update: ProgressUpdate) -> ProgressUpdate:
    """Make a sent update a draft again, so that it can be changed before somebody approves it."""
    update = _locked_update(update)
    check_can_update(by, update.commitment)
    return _move(by=by, at=at, update=update, act="take_back")


@transaction.atomic
def approve_update(*, by: User, at: datetime, update: ProgressUpdate, version: int | None = None) -> ProgressUpdate:
    """Let it be read by anybody, and let its status hold, unless a later round has spoken already.

    Raise :class:`Refused` for whoever sent it, :class:`Conflict` if it has changed since ``version`` was read.
    """
    update = _locked_update(update)
    check_can_approve(by, update)
    if version is not None and version != update.version:
        raise Conflict("This update has changed since you opened it. Read it again, then decide.")
    commitment = _locked(update.commitment)
    update.published_at, update.published_by = at, by
    update = _move(by=by, at=at, update=update, act="approve")
    later = ProgressUpdate.objects.published().filter(
        commitment=commitment, round__observes_from__gt=update.round.observes_from
    )
    if not later.exists() and update.submitted_by is not None:
        said = Said(update.status, update.reason, update.remedy)
        # What the officer said holds, under the officer's name; the approval stands in the update's own history.
        _set_status(by=update.submitted_by, at=at, commitment=commitment, said=said, update=update)
    return update


@transaction.atomic
def return_update(
    *, by: User, at: datetime, update: ProgressUpdate, reason: str, version: int | None = None
) -> ProgressUpdate:
    """Send it back with a reason that the officer reads. What was approved is no longer public until it is approved again."""
    update = _locked_update(update)
    check_can_return_update(by, update)
    if version is not None and version != update.version:
        raise Conflict("This update has changed since you opened it. Read it again, then decide.")
    if update.round.state == "closed":
        raise Refused(f"The round {update.round.slug} is closed. It can be opened again, with a reason.")
    if not reason.strip():
        raise Refused("Say what needs to change. The officer will read it.")
    update.published_at = update.published_by = None
    return _move(by=by, at=at, update=update, act="return", reason=check_text(reason))


def _check_whole(commitment: Commitment, round_: Round, said: Said) -> None:
    if not said.status:
        raise Refused("Choose how the commitment stands.")
    later = ProgressUpdate.objects.published().filter(
        commitment=commitment, round__observes_from__gt=round_.observes_from
    )
    was = said.status if later.exists() else commitment.status
    words.check_transition(was, said.status, ongoing=commitment.ongoing)
    words.check_reasons(was, said.status, reason=said.reason, remedy=said.remedy)


def _locked_update(update: ProgressUpdate) -> ProgressUpdate:
    Commitment.objects.select_for_update().get(pk=update.commitment_id)  # the same order of locks everywhere
    return (
        ProgressUpdate.objects.select_for_update(of=("self",))
        .select_related("commitment", "round", "submitted_by")
        .get(pk=update.pk)
    )


def _move(*, by: User, at: datetime, update: ProgressUpdate, act: str, reason: str = "") -> ProgressUpdate:
    step, was = workflow.UPDATE_ACT[act], update.state
    workflow.check_act(step, was, what="update")
    update.state, update.state_reason = step.to, reason
    if step.to in {"draft", "returned"}:
        update.submitted_at = update.submitted_by = None
    update.version += 1
    update.save()
    said = asdict(Said(update.status, update.reason, update.remedy, update.narrative, update.next_steps))
    _history(by=by, at=at, update=update, act=act, was=was, reason=reason, said=said if act == "approve" else {})
    return update


def _history(
    *,
    by: User,
    at: datetime,
    update: ProgressUpdate,
    act: str,
    was: str,
    reason: str = "",
    said: dict[str, Any] | None = None,
) -> None:
    HistoryEntry.objects.create(
        at=at, by=by, act=act, commitment_id=update.commitment_id, update=update, from_state=was,
        to_state=update.state, reason=reason or update.reason, said=said or {},
    )  # fmt: skip


def _locked(commitment: Commitment) -> Commitment:
    return Commitment.objects.select_for_update(of=("self",)).select_related("status_by").get(pk=commitment.pk)


def _begin(*, by: User, at: datetime, commitment: Commitment, round_: Round, version: int | None) -> ProgressUpdate:
    check_can_update(by, commitment)
    if round_.strategy_id != commitment.strategy_id:
        raise Refused("This round belongs to another strategy.")
    _locked(commitment)  # two people who begin the same update wait for one another here
    round_ = Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round_.pk)
    update = ProgressUpdate.objects.select_related("saved_by").filter(commitment=commitment, round=round_).first()
    mending = round_.state == "in_review" and update is not None and update.state in {"draft", "returned"}
    if not (mending or round_.takes_updates(timezone.localdate(at))):
        raise Refused(_not_open(round_))
    if (update.version if update else None) != version:
        who = update.saved_by.name if update and update.saved_by else "Somebody"
        raise Conflict(
            f"{who} has saved this update while you were writing. Both versions are below: choose what stays."
        )
    return update or ProgressUpdate(commitment=commitment, round=round_, version=0)


def _not_open(round_: Round) -> str:
    opens, closes = (f"{day.day} {day:%B %Y}" for day in (round_.opens_on, round_.closes_on))
    said = {
        "planned": f"The round {round_.slug} has not been opened yet; it takes updates from {opens} to {closes}.",
        "open": f"The round {round_.slug} took updates from {opens} to {closes}.",
        "in_review": f"The round {round_.slug} took updates from {opens} to {closes}; what was sent is being read now.",
        "closed": f"The round {round_.slug} is closed; it took updates from {opens} to {closes}.",
    }[round_.state]
    return f"{said} You can still change the status."


def _write(*, by: User, at: datetime, update: ProgressUpdate, said: Said) -> None:
    if said.status not in {"", *words.BY_CODE}:
        raise Refused("Choose one of the status words that the portal offers.")
    for field, value in asdict(said).items():
        setattr(update, field, value)
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
