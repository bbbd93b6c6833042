"""Opens, ends, closes and reopens rounds, and records each step. Changes to the rounds of one strategy wait for one
another, so that two are never open at once.
"""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments.models import (
    Commitment,
    Contribution,
    FrozenStanding,
    HistoryEntry,
    IndicatorValue,
    ProgressUpdate,
    Round,
    RoundTask,
)
from commitments.permissions.progress import check_can_run_rounds
from commitments.queries.round_commitments import commitments_asked
from commitments.queries.round_organisations import organisations_asked, people_who_answer
from commitments.queries.signatories import replies_of_signatories
from commitments.rules import workflow
from commitments.services.charter_counts import freeze_counts
from commitments.services.locks import lock_strategy
from commitments.services.reminder_emails import announce, stop_asking
from partners.models import User
from vcsportal.common import plurals
from vcsportal.common.words import Invalid, NotNow, Refused


@transaction.atomic
def open_round(*, by: User | None, at: datetime, round_: Round) -> Round:
    """Open a planned round: one update for each commitment, one contribution for each delivery organisation, one task a person.

    ``by=None`` is the portal's own calendar. Two who do it at once do it once: the second is told that it is open.
    """
    round_ = _begin(by=by, round_=round_, act="open")
    if timezone.localdate(at) < round_.opens_on:
        raise NotNow(f"The window of {round_.label} begins on {round_.opens_on:%-d %B %Y}. Change the date first.")
    if timezone.localdate(at) > round_.grace_until:
        raise NotNow(
            f"The last day of {round_.label}, {round_.grace_until:%-d %B %Y}, has passed. Change the dates first."
        )
    _check_no_other_open(round_)
    _move(by=by, at=at, round_=round_, act="open")
    _ask(round_, at)
    announce(at=at, round_=round_)
    return round_


@transaction.atomic
def begin_review(*, by: User | None, at: datetime, round_: Round) -> Round:
    """End the window for submissions; what was returned can still be edited and resent."""
    return _move(by=by, at=at, round_=_begin(by=by, round_=round_, act="begin_review"), act="begin_review")


@transaction.atomic
def close_round(*, by: User, at: datetime, round_: Round) -> Round:
    """Freeze how every commitment stands, for the report. Raise :class:`Refused` while an update or a figure waits."""
    round_ = _begin(by=by, round_=round_, act="close")
    waiting = ProgressUpdate.objects.awaiting_approval().filter(round=round_).count()
    if waiting:
        these = f"{plurals.counted(waiting, 'update')} {plurals.be(waiting)}"
        raise NotNow(f"{these} waiting for approval. Approve or return them, then close the round.")
    if figures := IndicatorValue.objects.proposed().filter(round=round_).count():
        these = f"{plurals.counted(figures, 'figure')} {plurals.be(figures)}"
        raise NotNow(f"{these} waiting for a council officer. Approve or return them, then close the round.")
    round_.closings += 1
    said = {
        update.commitment_id: update
        for update in ProgressUpdate.objects.published().filter(round=round_).select_related("confirms")
    }
    FrozenStanding.objects.bulk_create(
        _frozen(round_, commitment, said.get(commitment.pk), at)
        for commitment in Commitment.objects.filter(strategy=round_.strategy_id).in_order()
    )
    freeze_counts(by=by, at=at, round_=round_)
    stop_asking(round_=round_)
    return _move(by=by, at=at, round_=round_, act="close")


@transaction.atomic
def reopen_round(
    *,
    by: User,
    at: datetime,
    round_: Round,
    reason: str,
    grace_until: date | None = None,
    closes_on: date | None = None,
) -> Round:
    """Take updates again, for a reason that the history keeps. What was frozen before stays beside what will be.

    :param grace_until: until when it takes updates now; needed where the day that stands is past.
    :param closes_on: the last day that emails and pages speak of; None leaves what stands.
    """
    round_ = _begin(by=by, round_=round_, act="reopen")
    if not reason.strip():
        raise Invalid("Say why you are reopening the round. This is recorded in the history.", field="reason")
    if grace_until is not None:
        round_.grace_until = grace_until
    if round_.grace_until < timezone.localdate(at):
        raise Invalid("Say until when it will accept late updates. The current date has passed.", field="grace_until")
    if closes_on is not None and closes_on < timezone.localdate(at):
        raise Invalid("The window can’t close before today, because emails give the date.", field="closes_on")
    if closes_on is None:
        round_.closes_on = min(round_.closes_on, round_.grace_until)
    elif round_.opens_on <= closes_on <= round_.grace_until and closes_on >= round_.observes_to:
        round_.closes_on = closes_on
    else:
        raise Invalid(
            "The window has to close after it opens, and no later than the last day for late updates.",
            field="closes_on",
        )
    _check_no_other_open(round_)
    _move(by=by, at=at, round_=round_, act="reopen", reason=reason.strip())
    _ask(round_, at)
    announce(at=at, round_=round_)
    return round_


def advance_rounds(*, at: datetime) -> list[Round]:
    """Do what the calendar says, once a day or oftener: end the windows whose grace is over, open the rounds whose day has come.

    Return the rounds that moved. What can't be done (another round is still open) waits for a person.
    """
    today = timezone.localdate(at)
    over = Round.objects.open().filter(grace_until__lt=today)
    due = Round.objects.filter(state="planned", opens_on__lte=today, grace_until__gte=today)
    moved = []
    for act, rounds in ((begin_review, over), (open_round, due)):
        for round_ in rounds.order_by("opens_on", "id"):
            with suppress(Refused):
                moved.append(act(by=None, at=at, round_=round_))
    return moved


def make_tasks(*, round_: Round, at: datetime) -> None:
    """Make sure that everybody who owes something in the round has a task. Called wherever somebody comes to owe.

    Somebody who had handed theirs on, and owes again, has it back; the history keeps both.
    """
    owing = set(
        ProgressUpdate.objects.unsent().filter(round=round_, owed_by__isnull=False).values_list("owed_by", flat=True)
    )
    owing |= set(
        Contribution.objects.filter(round=round_, answer="", owed_by__isnull=False).values_list("owed_by", flat=True)
    )
    RoundTask.objects.bulk_create(
        (RoundTask(round=round_, person_id=person, made_at=at) for person in sorted(owing)), ignore_conflicts=True
    )
    RoundTask.objects.filter(round=round_, person__in=owing, handed_at__isnull=False).update(
        handed_at=None, handed_to=None, handed_why=""
    )


def ask_for_updates(round_: Round) -> None:
    """Expect an update of each commitment that is not closed, where none is yet."""
    there = set(ProgressUpdate.objects.filter(round=round_).values_list("commitment_id", flat=True))
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(commitment=commitment, round=round_, state="expected", owed_by_id=commitment.lead_officer_id)
        for commitment in commitments_asked(round_)
        if commitment.pk not in there
    )


def ask_organisations(round_: Round) -> list[Contribution]:
    """Ask each organisation that helps to deliver, or has signed, and is not asked yet; return the new questions.

    A signatory that has replied already, before it took part or while the round was in review, has its answer noted and no
    question. Five queries.
    """
    there = set(Contribution.objects.filter(round=round_).values_list("organisation_id", flat=True))
    wanted = sorted(organisations_asked(round_) - there)
    people, replied = people_who_answer(wanted), replies_of_signatories(round_, wanted)
    made = Contribution.objects.bulk_create(
        Contribution(
            round=round_, organisation_id=organisation_id, owed_by_id=people.get(organisation_id),
            **replied.get(organisation_id, {}),
        )
        for organisation_id in wanted
    )  # fmt: skip
    return [contribution for contribution in made if not contribution.answer]


def _ask(round_: Round, at: datetime) -> None:
    ask_for_updates(round_)
    ask_organisations(round_)
    make_tasks(round_=round_, at=at)


def _check_no_other_open(round_: Round) -> None:
    other = Round.objects.open().filter(strategy=round_.strategy_id).exclude(pk=round_.pk).first()
    if other:
        raise NotNow(f"The {other.label} round is still open. End its window first.")


def _frozen(round_: Round, commitment: Commitment, update: ProgressUpdate | None, at: datetime) -> FrozenStanding:
    texts: dict[str, Any] = {}
    if update:
        texts = {name: getattr(update, name) for name in ("status", "reason", "remedy", "narrative", "next_steps")}
    elif commitment.status == "closed":
        texts = {"status": "closed", "reason": commitment.status_reason}
    if texts.get("status") == commitment.status == "closed":
        texts |= {"closed_on": commitment.closed_on, "merged_into_id": commitment.merged_into_id}
    return FrozenStanding(
        round=round_, closing=round_.closings, commitment=commitment, update=update, frozen_at=at,
        said_at=update.published_at if update else None,
        confirms=update.confirms.slug if update and update.confirms else "", **texts,
    )  # fmt: skip


def lock_round(round_: Round) -> Round:
    """Read the round afresh, and keep it and its strategy's other rounds as they are until the transaction ends."""
    # No lock on keys: a row that points at the strategy or the round may be written meanwhile.
    lock_strategy(round_.strategy_id)
    rounds = Round.with_deleted.select_for_update(of=("self",), no_key=True)
    return rounds.select_related("strategy").get(pk=round_.pk)


def _begin(*, by: User | None, round_: Round, act: str) -> Round:
    if by is not None:
        check_can_run_rounds(by, round_.strategy)
    round_ = lock_round(round_)
    workflow.check_act(workflow.ROUND_ACT[act], round_.state, what="round", thing=round_)
    return round_


def _move(*, by: User | None, at: datetime, round_: Round, act: str, reason: str = "") -> Round:
    was, round_.state = round_.state, workflow.ROUND_ACT[act].to
    round_.save()
    HistoryEntry.objects.create(
        at=at, by=by, act=f"round_{act}", round=round_, from_state=was, to_state=round_.state, reason=reason,
        said={"closing": round_.closings, "until": round_.grace_until.isoformat()},
    )  # fmt: skip
    return round_
