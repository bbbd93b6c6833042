"""Which people have a permission."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, RoleGrant, User
from partners.permissions import OfStrategy


def owners_grants(permission: str, owner: Any) -> Q:
    """Return the condition under which a role allows something for the strategies of its organisation, their owner.

    :param owner: the owner's key, or where an outer query has it.
    """
    officers = Q(role__in=_codes(permission, "council"), organisation=owner)
    leads = Q(role__in=_leads(permission), organisation=owner, organisation__owns_strategies=True)
    return officers | (leads & ~Q(organisation__kind=PUBLIC_BODY))


def supporters_grants(permission: str, supporter: Any) -> Q:
    """Return the condition under which a role allows something for a strategy whose owner its organisation supports.

    The caller has made sure that the owner is not a public body.

    :param supporter: the key of the organisation that supports the owner, or where an outer query has it.
    """
    able = [*_codes(permission, "council"), *_leads(permission)]
    return Q(role__in=able, organisation=supporter, organisation__supports_strategies=True)


def grants_that_allow(permission: str, strategy: OfStrategy | None = None) -> QuerySet[RoleGrant]:
    """Return the roles held now that allow something: for one strategy, or anywhere.

    :param permission: a code of :mod:`partners.roles`.
    """
    found = Q(role__in=[*_codes(permission, ""), *_codes(permission, "partner")])
    officers, members = (
        Q(role__in=_codes(permission, within), organisation__isnull=False) for within in ("council", "group")
    )
    if strategy is None:
        answering = Organisation.objects.whose_leads_answer_for_strategies()
        found |= officers | members | Q(role__in=_leads(permission), organisation__in=answering)
        return RoleGrant.objects.current().filter(found)
    found |= owners_grants(permission, strategy.owner_id) | (members & Q(organisation=strategy.steered_by_id))
    if strategy.supported_by_id is not None and not strategy.is_councils:
        found |= supporters_grants(permission, strategy.supported_by_id)
    return RoleGrant.objects.current().filter(found)


def _codes(permission: str, within: str) -> list[str]:
    return [role.code for role in roles.ROLES if permission in role.may and role.within == within]


def _leads(permission: str) -> list[str]:
    return [role.code for role in roles.ROLES if permission in role.may_for_own_strategies]


def people_who_may(permission: str, strategy: OfStrategy | None = None) -> QuerySet[User]:
    """Return the people whose roles allow something now, by name: active, with a role that has not ended.

    :param permission: a code of :mod:`partners.roles`.
    :param strategy: the strategy that it is about; None for "anywhere".
    """
    grants = grants_that_allow(permission, strategy).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(grants), is_active=True).order_by("name", "id")
