"""What would change if several commitments got the same people, partners and due date: the page before it and the service ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from commitments.models import Action, Commitment, DeliveryPartner
from partners.models import Organisation, User


@dataclass(frozen=True, slots=True)
class NewPartner:
    """An organisation that is to help deliver: with which role (of ``DELIVERY_ROLES``), and from when if that is known."""

    organisation: Organisation
    role: str
    started_on: date | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What several commitments get. What is not set stays as it is.

    :param changes_lead: whether ``lead`` takes the place of who leads now; None with it leaves nobody.
    :param supporting: officers who support as well; with ``replaces_supporting`` instead of those who do now.
    :param due_on: the due date of open actions that have none, with ``reason`` for the history.
    """

    changes_lead: bool = False
    lead: User | None = None
    supporting: tuple[User, ...] = ()
    replaces_supporting: bool = False
    partners: tuple[NewPartner, ...] = ()
    due_on: date | None = None
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.changes_lead or self.supporting or self.replaces_supporting or self.partners or self.due_on)


@dataclass(frozen=True, slots=True)
class CommitmentChange:
    """What an assignment changes of one commitment: who leads and supports, which partners join, which actions get a due date."""

    commitment: Commitment
    lead: tuple[User | None, User | None]
    supporting: tuple[tuple[User, ...], tuple[User, ...]]
    helping: tuple[Organisation, ...]
    joining: tuple[NewPartner, ...]
    undated: tuple[Action, ...]
    assignment: Assignment

    @property
    def changes_people(self) -> bool:
        """Whether somebody else leads or supports afterwards."""
        return self.lead[0] != self.lead[1] or set(self.supporting[0]) != set(self.supporting[1])

    @property
    def dated(self) -> tuple[Action, ...]:
        """The actions that get a due date."""
        return self.undated if self.assignment.due_on else ()

    def __bool__(self) -> bool:
        return self.changes_people or bool(self.joining) or bool(self.dated)

    @property
    def shown(self) -> dict[str, str]:
        """What stands before the change, in words by what it is: to compare what somebody saw with what is there now.

        What the assignment has nothing to do with is left out.
        """
        name = self.commitment.reference
        rows = {
            f"{name}, lead officer": self.lead[0].name if self.lead[0] else "",
            f"{name}, supporting officers": ", ".join(person.name for person in self.supporting[0]),
        }
        if self.assignment.partners:
            rows[f"{name}, delivery partners"] = ", ".join(organisation.name for organisation in self.helping)
        if self.assignment.due_on:
            rows[f"{name}, actions without a due date"] = ", ".join(action.title for action in self.undated)
        return rows


def assignment_changes(assignment: Assignment, commitments: Iterable[Commitment]) -> list[CommitmentChange]:
    """Return what an assignment would change of each commitment, in the strategy's order. Four queries.

    An organisation that helps already does not join, and somebody who leads does not support as well.
    """
    read = (
        Commitment.objects.filter(pk__in=[commitment.pk for commitment in commitments])
        .select_related("strategy__owner", "lead_officer")
        .prefetch_related("supporting_officers")
        .in_order()
    )
    chosen = list(read)
    helping: dict[int, list[Organisation]] = {commitment.pk: [] for commitment in chosen}
    parts = DeliveryPartner.objects.current().filter(commitment__in=chosen).select_related("organisation")
    for part in parts.order_by("organisation__sort_name", "id"):
        helping[part.commitment_id].append(part.organisation)
    undated: dict[int, list[Action]] = {commitment.pk: [] for commitment in chosen}
    for action in Action.objects.open().filter(commitment__in=chosen, due_on__isnull=True).order_by("id"):
        undated[action.commitment_id].append(action)
    return [_change(assignment, commitment, helping[commitment.pk], undated[commitment.pk]) for commitment in chosen]


def _change(
    assignment: Assignment, commitment: Commitment, helping: list[Organisation], undated: list[Action]
) -> CommitmentChange:
    lead = assignment.lead if assignment.changes_lead else commitment.lead_officer
    now = sorted(commitment.supporting_officers.all(), key=lambda person: (person.name, person.pk))
    kept = () if assignment.replaces_supporting else now
    wanted = {person.pk: person for person in (*kept, *assignment.supporting) if person != lead}
    return CommitmentChange(
        commitment,
        (commitment.lead_officer, lead),
        (tuple(now), tuple(sorted(wanted.values(), key=lambda person: (person.name, person.pk)))),
        tuple(helping),
        tuple(partner for partner in assignment.partners if partner.organisation not in helping),
        tuple(undated),
        assignment,
    )
