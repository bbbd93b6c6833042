"""Hand everything that one person holds over to another: leads, supports, actions, points, what is owed, and covering for others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from commitments.models import (
    Action,
    Commitment,
    Contribution,
    HistoryEntry,
    Point,
    ProgressUpdate,
    Round,
    RoundTask,
    Strategy,
)
from commitments.permissions.progress import check_can_hand_over_work
from commitments.rules.kinds import Nouns, shared_nouns
from commitments.services.actions import locked_actions, pass_on_action
from commitments.services.locks import locked_commitments
from commitments.services.points import hand_point_to
from commitments.services.reminder_emails import tell_successor
from commitments.services.rounds import make_tasks
from commitments.services.tasks import check_can_take, move_owed
from partners.emails.composing import about_portal
from partners.emails.outbox import put_mail
from partners.models import Deputy, Organisation, User
from partners.models import HistoryEntry as PersonHistory
from partners.services.deputies import move_deputies
from vcsportal.common.words import Invalid, NotNow


@dataclass(frozen=True, slots=True)
class PersonHoldings:
    """What a person holds now. ``owed`` and ``contributions`` are of rounds that are not closed; ``points`` have not been answered, or
    to be done.
    """

    leads: tuple[Commitment, ...]
    supports: tuple[Commitment, ...]
    owed: tuple[ProgressUpdate, ...]
    contributions: tuple[Contribution, ...]
    stands_in: tuple[Deputy, ...]
    actions: tuple[Action, ...] = ()
    points: tuple[Point, ...] = ()

    def __bool__(self) -> bool:
        return any(
            (self.leads, self.supports, self.owed, self.contributions, self.stands_in, self.actions, self.points)
        )

    @property
    def nouns(self) -> Nouns:
        """What the strategies of all that the person leads or supports call their commitments."""
        return shared_nouns(commitment.strategy.kind for commitment in (*self.leads, *self.supports))

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """Everything that the person leads, supports or owes an update of, each once, in the strategy's order."""
        found = {
            commitment.pk: commitment
            for commitment in (*self.leads, *self.supports, *(update.commitment for update in self.owed))
        }
        return tuple(
            sorted(
                found.values(),
                key=lambda commitment: (commitment.strategy_id, commitment.priority_id, commitment.number),
            )
        )


def held_by(person: User) -> PersonHoldings:
    """Return what the person holds, in six queries."""
    rounds = Round.objects.exclude(state="closed")
    supports = Commitment.supporting_officers.through.objects.filter(user=person, commitment=OuterRef("pk"))
    theirs: Any = (
        Commitment.objects.led_or_supported_by(person)
        .annotate(supported=Exists(supports))
        .select_related("strategy")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")
    )
    commitments = list(theirs)
    return PersonHoldings(
        leads=tuple(commitment for commitment in commitments if commitment.lead_officer_id == person.pk),
        supports=tuple(commitment for commitment in commitments if commitment.supported),
        owed=tuple(
            ProgressUpdate.objects.exclude(state="published")
            .filter(owed_by=person, round__in=rounds)
            .select_related("round", "commitment__strategy")
            .order_by("round__observes_from", "commitment__priority__number", "commitment__number", "id")
        ),
        contributions=tuple(
            Contribution.objects.filter(owed_by=person, round__in=rounds)
            .select_related("round__strategy", "organisation")
            .order_by("round__observes_from", "organisation__sort_name", "id")
        ),
        stands_in=tuple(
            Deputy.objects.filter(deputy=person, ended_at__isnull=True).select_related("person").order_by("id")
        ),
        actions=tuple(Action.objects.open().filter(owner_person=person).select_related("commitment").in_order()),
        points=tuple(Point.objects.unfinished().filter(owner=person).oldest_first()),
    )


@transaction.atomic
def hand_over(*, by: User, at: datetime, person: User, to: User, why: str) -> HistoryEntry:
    """Move everything at once; return the entry of the history that lists it, from which the brief is written.

    Raise :class:`Refused` without the right, without a reason, if there is nothing, or if ``to`` can't do some of it:
    then nothing moves.
    """
    check_can_hand_over_work(by)
    if person.pk == to.pk:
        raise Invalid("Choose someone else: this person already has it.", field="to")
    if not why.strip():
        raise Invalid("Say why it is handed over. The history keeps it.", field="why")
    list(Strategy.objects.select_for_update(no_key=True).order_by("pk"))  # no round opens meanwhile
    for locked in User.objects.select_for_update(no_key=True).filter(Q(pk=person.pk) | Q(pk=to.pk)).order_by("pk"):
        if locked.pk == to.pk:
            to = locked  # with the roles of now
    list(RoundTask.objects.select_for_update(no_key=True).filter(person=person).order_by("pk"))
    held = held_by(person)
    if not held:
        raise NotNow(f"{person.name} has no work to hand over.")
    # By key, as rows of a spreadsheet are locked, so that neither waits for the other.
    commitments = {*(each.pk for each in held.commitments), *(action.commitment_id for action in held.actions)}
    list(locked_commitments().filter(pk__in=commitments).order_by("pk"))
    list(locked_actions().filter(pk__in=[action.pk for action in held.actions]).order_by("pk"))
    check_can_take(to, held.commitments, [contribution.organisation for contribution in held.contributions])
    for commitment in held.leads:
        _lead(by, at, commitment, person, to)
    for commitment in held.supports:
        _support(by, at, commitment, person, to)
    rounds = list(Round.objects.exclude(state="closed").select_related("strategy").order_by("id"))
    updates, contributions = move_owed(person=person, to=to, rounds=rounds)
    moved = {update.round_id for update in updates} | {contribution.round_id for contribution in contributions}
    reason = " ".join(why.split())[:300]
    for round_ in rounds:
        make_tasks(round_=round_, at=at)
    tell_successor(at=at, rounds=[round_ for round_ in rounds if round_.pk in moved], person=person, to=to, why=reason)
    RoundTask.objects.filter(person=person, round__in=rounds).update(handed_at=at, handed_to=to, handed_why=reason)
    for action in held.actions:
        pass_on_action(by=by, at=at, action=action, to=to)
    for point in held.points:
        hand_point_to(by=by, at=at, point=point, to=to)
    move_deputies(by=by, at=at, person=person, to=to)
    PersonHistory.objects.create(at=at, by=by, act="work handed over", person=person, detail=f"to {to.name}: {reason}")
    PersonHistory.objects.create(at=at, by=by, act="work taken over", person=to, detail=f"from {person.name}")
    entry = HistoryEntry.objects.create(at=at, by=by, act="hand_over", reason=reason, said=_said(held, person, to))
    _tell(entry, held, by, person, to)
    return entry


def handed_on(entry: HistoryEntry) -> tuple[list[Commitment], list[Organisation]]:
    """Return the commitments that a hand-over named, and the organisations that were answered for, in two queries."""
    details = entry.said
    wanted = Q(pk__in=[*details.get("leads", []), *details.get("supports", [])])
    wanted |= Q(updates__in=details.get("updates", [])) | Q(actions__in=details.get("actions", []))
    asked = Contribution.objects.filter(pk__in=details.get("contributions", []))
    return (
        list(Commitment.objects.filter(wanted).select_related("strategy").distinct()),
        list(Organisation.objects.filter(pk__in=asked.values("organisation"))),
    )


def _tell(entry: HistoryEntry, held: PersonHoldings, by: User, person: User, to: User) -> None:
    values = {
        "by": by,
        "person": person,
        "reason": entry.reason,
        "commitments": [str(commitment) for commitment in held.commitments],
        "points": [f"{point.kind_of.label}, number {point.pk}" for point in held.points],
        "organisations": sorted({contribution.organisation.name for contribution in held.contributions}),
        "url": about_portal()["portal_url"] + reverse("commitments:handed-over", args=[entry.pk]),
    }
    put_mail(
        key=f"handed_over:{entry.pk}", kind="handed_over", to=to, template="handed_over", values=values, at=entry.at
    )


def _lead(by: User, at: datetime, commitment: Commitment, person: User, to: User) -> None:
    Commitment.objects.filter(pk=commitment.pk, lead_officer=person).update(lead_officer=to)
    commitment.supporting_officers.remove(to)
    said = {"lead": to.name, "before": person.name}
    HistoryEntry.objects.create(at=at, by=by, act="assign", commitment=commitment, said=said)


def _support(by: User, at: datetime, commitment: Commitment, person: User, to: User) -> None:
    commitment.supporting_officers.remove(person)
    if not Commitment.objects.filter(pk=commitment.pk, lead_officer=to).exists():
        commitment.supporting_officers.add(to)
    said = {"supporting": to.name, "before": person.name}
    HistoryEntry.objects.create(at=at, by=by, act="assign", commitment=commitment, said=said)


def _said(held: PersonHoldings, person: User, to: User) -> dict[str, object]:
    return {
        "from": person.name,
        "from_id": person.pk,
        "to": to.name,
        "to_id": to.pk,
        "leads": [commitment.pk for commitment in held.leads],
        "supports": [commitment.pk for commitment in held.supports],
        "updates": [update.pk for update in held.owed],
        "contributions": [contribution.pk for contribution in held.contributions],
        "stands_in": [cover.person.name for cover in held.stands_in],
        "actions": [action.pk for action in held.actions],
        "points": [point.pk for point in held.points],
    }
