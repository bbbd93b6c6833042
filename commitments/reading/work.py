"""What a person owes: updates to give, evidence to mend, actions that are late. A few queries, whatever the number of rows."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.models import Action, Commitment, Evidence, ProgressUpdate, Round
from partners import roles
from partners.models import User
from partners.permissions import has_permission

MINUTES_AN_UPDATE: Final = 5
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class OwedUpdate:
    """One commitment's update in the open round, and how far it is: ``""``, ``draft`` or ``published``."""

    commitment: Commitment
    round: Round
    state: str
    leads: bool


@dataclass(frozen=True, slots=True)
class OwedUpdates:
    """The updates of commitments that a person leads (those they owe) or supports, in the rounds open today."""

    updates: tuple[OwedUpdate, ...]

    @property
    def to_do(self) -> int:
        """How many updates the person owes: of commitments they lead, and not published yet."""
        return sum(one.leads and one.state not in {"submitted", "published"} for one in self.updates)

    @property
    def sentence(self) -> str:
        """``You owe 3 updates, about 15 minutes.`` Nothing for nothing."""
        if not self.to_do:
            return ""
        what = f"{self.to_do} update{'' if self.to_do == 1 else 's'}"
        return f"You owe {what}, about {_long(self.to_do * MINUTES_AN_UPDATE)}."


def _long(minutes: int) -> str:
    halves = round(minutes / 30)
    if minutes < 60:
        return f"{minutes} minutes"
    return "1 hour" if halves == 2 else f"{halves // 2}{'½' if halves % 2 else ''} hours"


def owed_updates(person: User, today: date) -> OwedUpdates:
    """Return what a council officer leads or supports in the rounds open today: unpublished first, the longest silent on top."""
    if not has_permission(person, roles.UPDATE_COMMITMENTS):
        return OwedUpdates(())
    rounds = {one.strategy_id: one for one in Round.objects.open()}
    if not rounds:
        return OwedUpdates(())
    mine = list(
        Commitment.objects.led_or_supported_by(person)
        .filter(strategy__in=list(rounds))
        .select_related("strategy")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")
    )
    said = dict(
        ProgressUpdate.objects.filter(commitment__in=mine, round__in=list(rounds.values())).values_list(
            "commitment_id", "state"
        )
    )
    owed = [
        OwedUpdate(one, rounds[one.strategy_id], said.get(one.pk, ""), one.lead_officer_id == person.pk) for one in mine
    ]
    return OwedUpdates(tuple(sorted(owed, key=_most_pressing)))


def _most_pressing(owed: OwedUpdate) -> tuple[bool, date, bool, float]:
    spoken = owed.commitment.status_at
    return owed.state == "published", owed.round.closes_on, spoken is not None, spoken.timestamp() if spoken else 0.0


def late_actions(person: User, today: date) -> list[Action]:
    """Return the steps that should be done by now, of commitments that the person leads or supports."""
    return list(
        Action.objects.filter(done_on__isnull=True, due_on__lt=today)
        .filter(commitment__in=Commitment.objects.led_or_supported_by(person))
        .select_related("commitment__strategy")
        .order_by("due_on", "id")[:MOST_SHOWN]
    )


def open_evidence(person: User) -> list[Evidence]:
    """Return what the person's organisations have begun, been sent back or sent, what asks for something first."""
    order = {"returned": 0, "draft": 1, "submitted": 2}
    found = (
        Evidence.objects.filter(organisation__in=[one.pk for one in person.organisations], state__in=list(order))
        .select_related("organisation")
        .order_by("logged_at", "id")[:MOST_SHOWN]
    )
    return sorted(found, key=lambda piece: order[piece.state])


def without_lead(today: date) -> list[Commitment]:
    """Return the commitments of strategies in term that nobody leads."""
    return list(
        Commitment.objects.filter(
            lead_officer__isnull=True, strategy__starts_on__lte=today, strategy__ends_on__gte=today
        )
        .select_related("strategy")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")[:MOST_SHOWN]
    )
