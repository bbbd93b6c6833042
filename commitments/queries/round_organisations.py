"""Which organisations a round asks what they did, and who answers for each."""

from collections.abc import Iterable

from django.db.models import QuerySet

from commitments.models import DeliveryPartner, Round
from commitments.queries.signatories import signatories_asked
from partners import roles
from partners.models import RoleGrant
from partners.standings import TAKES_PART


def people_who_answer(organisation_ids: Iterable[int]) -> dict[int, int]:
    """Return who to ask in each organisation: a lead before a contributor, then the longest-standing member. One query."""
    grants = (
        RoleGrant.objects.current()
        .filter(organisation__in=organisation_ids, role__in=roles.PARTNER_ROLES, person__is_active=True)
        .order_by("granted_at", "id")
        .values_list("organisation_id", "role", "person_id")
    )
    found: dict[int, int] = {}
    for organisation, _role, person in sorted(grants, key=lambda grant: roles.PARTNER_ROLES.index(grant[1])):
        found.setdefault(organisation, person)
    return found


def organisations_asked(round_: Round) -> set[int]:
    """Return the organisations that a round asks: those that helped to deliver in the period it observes, and those that
    do now; in a charter's, its signatories too. Public bodies are left out, and so are those that are only listed or have
    ended: nobody there can answer.
    """
    parts = delivery_asked_about(round_)
    return set(parts.values_list("organisation_id", flat=True)) | signatories_asked(round_)


def delivery_asked_about(round_: Round) -> QuerySet[DeliveryPartner]:
    """Return the parts in delivering that a round asks about; several of one organisation each by itself."""
    deliver = DeliveryPartner.objects.current() | DeliveryPartner.objects.between(
        round_.observes_from, round_.observes_to
    )
    return (
        deliver.filter(commitment__strategy=round_.strategy_id)
        .filter(organisation__standing=TAKES_PART)
        .exclude(organisation__kind="public_body")
    )


def email_topic(round_: Round) -> str:
    """Return what the emails of a round are about; its page finds them by it. The strategy needs to be read already."""
    return f"round:{round_.strategy.slug}/{round_.slug}"
