"""Writes the details of a commitment's plan: its team in words, its first and last day, what it replaces and its related commitments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Self

from django.db import transaction

from commitments.models import Commitment, HistoryEntry
from commitments.permissions.progress import check_can_manage_commitment
from commitments.rules.plan_limits import EARLIEST_DAY, LATEST_DAY, MAX_RELATED, MAX_TEAM_CHARACTERS
from commitments.services.commitment_ties import lock_ties, tie_commitment
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid

PLAN_ACTS: Final = ("details", "tie")
"""What the history calls a change of these details."""


@dataclass(frozen=True, slots=True)
class PlanDetails:
    """The details of a commitment's plan. All of them may be empty."""

    team: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    follows: Commitment | None = None
    related: tuple[Commitment, ...] = ()

    @classmethod
    def of(cls, commitment: Commitment) -> Self:
        """Return those that a commitment has; what relates to it in the strategies' order."""
        related = commitment.related.select_related("strategy").order_by(
            "strategy__starts_on", "priority__number", "number", "id"
        )
        return cls(commitment.team, commitment.starts_on, commitment.ends_on, commitment.follows, tuple(related))


@transaction.atomic
def edit_plan(*, by: User, at: datetime, commitment: Commitment, plan: PlanDetails) -> None:
    """Write a commitment's plan details. The history has a line for what is different.

    Raise :class:`Refused` without the right to manage the commitment, for a team that is too long, for days out of order or
    out of reason, for more than :data:`MAX_RELATED` related commitments, and for ties that can't be.
    """
    check_can_manage_commitment(by, commitment)
    held = lock_ties(commitment)
    team = " ".join(check_text(plan.team, field="team").split())
    if len(team) > MAX_TEAM_CHARACTERS:
        raise Invalid(f"This has {len(team):,} characters. {MAX_TEAM_CHARACTERS} is the limit.", field="team")
    _check_days(plan.starts_on, plan.ends_on)
    if len(plan.related) > MAX_RELATED:
        raise Invalid(f"The limit is {MAX_RELATED} related ones. Choose fewer.", field="related")
    now = {"team": team, "starts_on": plan.starts_on, "ends_on": plan.ends_on}
    was = {name: getattr(held, name) for name, value in now.items() if getattr(held, name) != value}
    if was:
        for name in was:
            setattr(held, name, now[name])
        held.save(update_fields=list(was))
        said = {"was": _plain(was), "now": _plain({name: now[name] for name in was})}
        HistoryEntry.objects.create(at=at, by=by, act="details", commitment=held, said=said)
    tie_commitment(by=by, at=at, commitment=commitment, follows=plan.follows, related=plan.related)


@transaction.atomic
def change_plan(
    *, by: User, at: datetime, commitment: Commitment, was: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """Write some of a commitment's plan details; the others stay as they are at that moment.

    :param was: what the person read, by fields of :class:`PlanDetails`.
    :param now: what to write, likewise.
    Raise :class:`Conflict` where ``was`` is no longer so; else :class:`Refused` as :func:`edit_plan` does.
    """
    check_can_manage_commitment(by, commitment)
    details = PlanDetails.of(lock_ties(commitment))
    if any(_comparable(getattr(details, name)) != _comparable(value) for name, value in was.items()):
        last = commitment.history.filter(act__in=PLAN_ACTS).select_related("by").newest_first().first()
        who = (
            "Somebody has"
            if last is None or last.by is None
            else "You have"
            if last.by == by
            else f"{last.by.name} has"
        )
        raise Conflict(f"{who} changed these details since they were read. Read it again, then send your change.")
    edit_plan(by=by, at=at, commitment=commitment, plan=replace(details, **now))


def _comparable(value: Any) -> Any:
    return {each.pk for each in value} if isinstance(value, tuple) else value


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            raise Invalid("Check the year.", field=name)
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid("The last day comes before the first. Check both.", field="ends_on")


def _plain(values: dict[str, object]) -> dict[str, str]:
    return {name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in values.items()}
