"""Changes a commitment's status, and saves and sends its update in a round. Approval has its own module."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Evidence, ProgressUpdate, Round
from commitments.permissions.progress import check_can_update_commitment
from commitments.rules import status as words
from commitments.rules import workflow
from commitments.services.files_named import from_file
from commitments.services.locks import lock_commitment, lock_round_by_id
from commitments.services.update_transitions import history, move, set_status
from partners.models import User
from vcsportal.common.saving_together import held_once, hold_known
from vcsportal.common.words import Conflict, Invalid, NotNow

NOTHING_WRITTEN: Final = "Write what has happened, even if it is one sentence."


@transaction.atomic
def change_status(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    to: str,
    reason: str,
    remedy: str = "",
    into: Commitment | None = None,
    version: int | None = None,
) -> Commitment:
    """Change a commitment's status outside a round's update; return it as it is now.

    :param into: the commitment that carries on one that is closed by being merged.
    :param version: the ``commitment.version`` that the person saw; None skips the comparison.
    Raise :class:`Refused` without the right, for a transition the table lacks, a missing reason, or a merger with what
    can't carry it on; :class:`Conflict` if somebody changed the status since.
    """
    check_can_update_commitment(by, commitment)
    commitment = lock_commitment(commitment.pk)
    if version is not None and version != commitment.version:
        who = commitment.status_by.name if commitment.status_by else "Somebody"
        raise Conflict(
            f"{who} has changed the status to “{words.of(commitment.status).label}” while you were writing. "
            "Read the page again, then decide."
        )
    if into is not None and (to != words.CLOSED.code or not mergeable(commitment).filter(pk=into.pk).exists()):
        raise Invalid(
            commitment.strategy.nouns.reworded(
                "A commitment is merged by closing it into another one of its strategy that is not closed."
            ),
            field="merged_into",
        )
    set_status(
        by=by, at=at, commitment=commitment, content=UpdateContent(to, reason, remedy).tidy(), update=None, into=into
    )
    return commitment


def mergeable(commitment: Commitment) -> QuerySet[Commitment]:
    """Return the commitments that may carry this one on: of its strategy, not closed, not itself."""
    return (
        Commitment.objects.filter(strategy=commitment.strategy_id)
        .exclude(pk=commitment.pk)
        .exclude(status=words.CLOSED.code)
        .in_order()
    )


@transaction.atomic
def save_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    content: UpdateContent,
    version: int | None,
    cites: Iterable[Evidence] | None = None,
    file: str = "",
) -> ProgressUpdate:
    """Keep a draft of the round's update.

    :param version: the version that the person saw, None for "there was none".
    :param cites: accepted evidence that supports it; None leaves what is there.
    :param file: the name of the spreadsheet that it comes from, for the history.
    Raise :class:`Refused` without the right, outside the round's window, or once it was sent; :class:`Conflict` if
    another person's version has come between.
    """
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    workflow.check_act(workflow.UPDATE_ACT["save"], update.state, what="update", thing=update)
    was = update.state
    update.state = "returned" if was == "returned" else "draft"  # the reason it was returned for stays in sight
    update.answers, update.confirms = [], None
    _write(by=by, at=at, update=update, content=content.tidy(), cites=cites)
    history(by=by, at=at, update=update, act="save", was=was, said={**asdict(content), **from_file(file)})
    return update


@transaction.atomic
def submit_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    content: UpdateContent,
    version: int | None,
    answers: Sequence[dict[str, str]] = (),
    cites: Iterable[Evidence] | None = None,
    confirms: Round | None = None,
    replaces: bool = False,
    with_figures: bool = False,
    file: str = "",
) -> ProgressUpdate:
    """Send the round's update to be approved.

    :param answers: what was answered to the questions asked on sending, each with ``code``, ``question``, ``answer``.
    :param cites: accepted evidence that supports it; None leaves what is there.
    :param confirms: the round whose words are confirmed unchanged.
    :param replaces: True takes the place of what somebody else has sent meanwhile; the history keeps theirs.
    :param with_figures: True where figures of the round are entered with it.
    :param file: the name of the spreadsheet that it comes from, for the history.
    Arguments and errors as in :func:`save_update`; also :class:`Refused` for a transition the table lacks, a missing
    reason, an update with nothing in it, or evidence that is not accepted for this commitment.
    """
    cites = list(cites) if cites is not None else None
    update = _begin(by=by, at=at, commitment=commitment, round_=round_, version=version)
    if replaces and update.state == "submitted":
        update = move(by=by, at=at, update=update, act="take_back")
    workflow.check_act(workflow.UPDATE_ACT["submit"], update.state, what="update", thing=update)
    content = content.tidy()
    _check_whole(lock_commitment(commitment.pk), round_, content)
    if confirms is None:
        cited = update.cites.exists() if cites is None and update.pk else bool(cites)
        check_not_empty(content, something_else=cited or with_figures)
    was, update.state, update.state_reason = update.state, "submitted", ""
    update.submitted_at, update.submitted_by = at, by
    update.answers, update.confirms = list(answers), confirms
    cites_none = cites is None and update.pk is None
    _write(by=by, at=at, update=update, content=content, cites=cites)
    cited_now = [] if cites_none else list(update.cites.order_by("id").values_list("pk", flat=True))
    history(
        by=by, at=at, update=update, act="submit", was=was,
        said={
            **asdict(content), "answers": update.answers, "confirms": confirms.slug if confirms else "",
            "cites": cited_now, **from_file(file),
        },
    )  # fmt: skip
    return update


@transaction.atomic
def confirm_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    version: int | None,
    answers: Sequence[dict[str, str]] = (),
) -> ProgressUpdate:
    """Send the last approved update's words unchanged: they are still true. Arguments and errors as in :func:`submit_update`.

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
        raise NotNow("There is no earlier update whose words could still be true. Write this one.")
    now = lock_commitment(commitment.pk).status
    if before.status != now:
        label = words.of(now).label
        raise NotNow(f"The status was changed to “{label}” since {before.round.label}. Write what is true now.")
    content = UpdateContent(before.status, before.reason, before.remedy, before.narrative, before.next_steps)
    return submit_update(
        by=by,
        at=at,
        commitment=commitment,
        round_=round_,
        content=content,
        version=version,
        answers=answers,
        confirms=before.confirms or before.round,
    )


def check_not_empty(content: UpdateContent, *, something_else: bool) -> None:
    """Raise :class:`Invalid` if nothing is written.

    :param something_else: whether evidence is cited or figures are entered, which say something without a text.
    """
    if not something_else and not any((content.reason, content.remedy, content.narrative, content.next_steps)):
        raise Invalid(NOTHING_WRITTEN, field="narrative")


def _check_whole(commitment: Commitment, round_: Round, content: UpdateContent) -> None:
    nouns = commitment.strategy.nouns
    if not content.status:
        raise Invalid(f"Choose the status of the {nouns.commitment}.", field="status")
    told_later = held_once(
        told_later_key(commitment.pk, round_.pk), lambda: told_after(round_).filter(commitment=commitment).exists()
    )
    was = content.status if told_later else commitment.status
    words.check_transition(was, content.status, ongoing=commitment.ongoing, nouns=nouns)
    words.check_reasons(was, content.status, reason=content.reason, remedy=content.remedy, nouns=nouns)


def _begin(*, by: User, at: datetime, commitment: Commitment, round_: Round, version: int | None) -> ProgressUpdate:
    check_can_update_commitment(by, commitment)
    if round_.strategy_id != commitment.strategy_id:
        raise Invalid("This round belongs to another strategy.", field="round")
    lock_commitment(commitment.pk)  # two people who begin the same update wait for one another here
    round_ = lock_round_by_id(round_.pk)
    update = held_once(
        update_key(commitment.pk, round_.pk),
        lambda: locked_updates().filter(commitment=commitment, round=round_).first(),
    )
    mending = round_.state == "in_review" and update is not None and update.state in {"draft", "returned"}
    if not (mending or round_.takes_updates(timezone.localdate(at))):
        raise NotNow(not_open(round_))
    check_unchanged(update, version, by=by)
    return update or ProgressUpdate(commitment=commitment, round=round_, version=0)


def locked_updates() -> QuerySet[ProgressUpdate]:
    """Return the updates as a query that locks them, so that a hand-over meanwhile is not undone."""
    return ProgressUpdate.objects.select_for_update(of=("self",)).select_related("saved_by")


def update_key(commitment_id: int, round_id: int) -> tuple[str, int, int]:
    """Return the key under which an update, or that there is none, is remembered while rows are saved together."""
    return ("update", commitment_id, round_id)


def told_after(round_: Round) -> QuerySet[ProgressUpdate]:
    """Return the approved updates of later rounds: where there is one, the status now is not what a round changes."""
    return ProgressUpdate.objects.published().filter(round__observes_from__gt=round_.observes_from)


def told_later_key(commitment_id: int, round_id: int) -> tuple[str, int, int]:
    """Return the key under which it is remembered whether a commitment has an approved update of a later round."""
    return ("told later", commitment_id, round_id)


def check_unchanged(update: ProgressUpdate | None, version: int | None, *, by: User) -> None:
    """Raise :class:`Conflict` where the update is no longer the one that ``by`` read. ``version`` None means "there was none"."""
    if (update.version if update else None) == version:
        return
    who = update.saved_by.name if update and update.saved_by else "Somebody"
    did = {"submitted": "sent", "published": "sent"}.get(update.state, "saved") if update else "changed"
    if update and update.saved_by_id == by.pk:
        raise Conflict(
            f"You have {did} this update in another window. Compare the two versions, then choose what stays."
        )
    raise Conflict(
        f"{who} has {did} this update while you were writing. Compare the two versions, then choose what stays."
    )


def not_open(round_: Round) -> str:
    """Return the sentence for someone who writes in a round that is not accepting updates today."""
    last = (
        round_.closes_on if round_.state == "planned" else round_.grace_until
    )  # taken until then, whatever was announced
    opens, closes = (f"{day.day} {day:%B %Y}" for day in (round_.opens_on, last))
    said = {
        "planned": f"The {round_.label} round has not been opened yet. It accepts updates from {opens} to {closes}.",
        "open": f"The {round_.label} round accepted updates from {opens} to {closes}.",
        "in_review": f"The {round_.label} round accepted updates from {opens} to {closes}. What was sent is now being reviewed.",
        "closed": f"The {round_.label} round is closed. It accepted updates from {opens} to {closes}.",
    }[round_.state]
    return f"{said} You can still change the status."


def _write(
    *, by: User, at: datetime, update: ProgressUpdate, content: UpdateContent, cites: Iterable[Evidence] | None
) -> None:
    if content.status not in {"", *words.BY_CODE}:
        raise Invalid("Choose one of the status words that the portal offers.", field="status")
    for field, value in asdict(content).items():
        setattr(update, field, value)
    update.version += 1
    update.saved_at, update.saved_by = at, by
    update.save()
    hold_known({update_key(update.commitment_id, update.round_id): update})
    if cites is None:
        return
    cited = {piece.pk for piece in cites}
    accepted = Evidence.objects.accepted().filter(commitments=update.commitment_id, pk__in=cited)
    if accepted.count() != len(cited):
        raise Invalid(
            f"An update can only cite accepted evidence for this {update.commitment.strategy.nouns.commitment}.",
            field="cites",
        )
    update.cites.set(cited)
