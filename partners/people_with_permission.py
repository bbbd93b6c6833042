"""Which people have a permission."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partners import roles
from partners.models import RoleGrant, User
from partners.permissions import OfStrategy


def grants_that_allow(permission: str, strategy: OfStrategy | None = None) -> QuerySet[RoleGrant]:
    """Return the roles held now that allow something: for one strategy, or anywhere.

    :param permission: a code of :mod:`partners.roles`.
    """
    within: dict[str, list[str]] = {}
    for role in roles.ROLES:
        if permission in role.may:
            within.setdefault(role.within, []).append(role.code)
    found = Q(role__in=[*within.get("", ()), *within.get("partner", ())])
    councils, groups = (Q(role__in=within.get(name, ()), organisation__isnull=False) for name in ("council", "group"))
    if strategy is not None:
        councils &= Q(organisation=strategy.owner_id)
        groups &= Q(organisation=strategy.steered_by_id)
    return RoleGrant.objects.current().filter(found | councils | groups)


def people_who_may(permission: str, strategy: OfStrategy | None = None) -> QuerySet[User]:
    """Return the people whose roles allow something now, by name: active, with a role that has not ended.

    :param permission: a code of :mod:`partners.roles`.
    :param strategy: the strategy that it is about; None for "anywhere".
    """
    grants = grants_that_allow(permission, strategy).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(grants), is_active=True).order_by("name", "id")
