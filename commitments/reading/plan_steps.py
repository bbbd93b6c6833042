"""What a strategy that was created from an action plan still needs before its first report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from commitments.models import Commitment, PlanUpload, Round, Strategy
from commitments.queries.plan_names import people_who_can_lead
from partners import roles
from partners.invitation_states import OPEN, STATE
from partners.models import Invitation, Organisation


@dataclass(frozen=True, slots=True)
class ToInvite:
    """Someone whom the plan names and who has no role yet: what the plan calls them, and what for.

    ``role`` and ``organisation`` (its slug) are those of the invitation; ``state`` is "" while none was made.
    """

    label: str
    email: str
    role: str
    role_label: str
    organisation: str
    organisation_name: str
    references: tuple[str, ...]
    state: str

    @property
    def state_label(self) -> str:
        """What became of the invitation; "" where none was sent."""
        return STATE[self.state].label if self.state else ""

    @property
    def to_be_sent(self) -> bool:
        """Whether an invitation is still to be sent, or to be sent again because the last one came to nothing."""
        return self.state not in {*OPEN, "accepted"}

    @property
    def query(self) -> str:
        """The query of the page that invites, so that its form is filled in."""
        return urlencode(
            {"email": self.email, "name": self.label, "role": self.role, "organisation": self.organisation}
        )


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Counts and lists for the page of next steps."""

    to_invite: tuple[ToInvite, ...]
    without_lead: int
    without_partner: int
    total: int
    can_lead: int
    rounds: tuple[Round, ...]


def next_steps(strategy: Strategy) -> NextSteps:
    """Return what still has to be done. The number of queries does not grow with the strategy."""
    commitments = Commitment.objects.filter(strategy=strategy).exclude(status="closed")
    total = commitments.count()
    kept = PlanUpload.objects.filter(strategy=strategy).order_by("-created_at").values_list("to_invite", flat=True)
    return NextSteps(
        to_invite=_to_invite(strategy, [entry for entries in kept for entry in entries]),
        without_lead=commitments.filter(lead_officer__isnull=True).count(),
        without_partner=total - commitments.filter(delivery_partners__ended_on__isnull=True, delivery_partners__isnull=False).distinct().count(),
        total=total,
        can_lead=people_who_can_lead(strategy.owner).count(),
        rounds=tuple(Round.objects.filter(strategy=strategy).order_by("observes_from", "id")),
    )  # fmt: skip


def _to_invite(strategy: Strategy, entries: Sequence[dict[str, Any]]) -> tuple[ToInvite, ...]:
    if not entries:
        return ()
    organisations = Organisation.objects.in_bulk([entry["organisation"] for entry in entries])
    references = dict(Commitment.objects.filter(strategy=strategy).in_order().values_list("key", "reference"))
    invited = {
        (email, organisation): state
        for email, organisation, state in Invitation.objects.filter(email__in=[entry["email"] for entry in entries])
        .order_by("invited_at", "id")
        .values_list("email", "organisation", "state")
    }
    found = []
    for entry in entries:
        organisation = organisations[entry["organisation"]]
        leads = entry["what"] == "lead" and organisation.kind == "public_body"
        role = roles.OFFICER if leads else roles.PARTNER_LEAD
        found.append(
            ToInvite(
                entry["label"], entry["email"], role.code, role.label, organisation.slug, organisation.name,
                tuple(references[key] for key in entry["commitments"] if key in references),
                invited.get((entry["email"], organisation.pk), ""),
            )
        )  # fmt: skip
    return tuple(found)
