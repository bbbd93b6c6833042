"""Which people have a permission."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, RoleGrant, User
from partners.permissions import OfStrategy


def grants_that_allow(permission: str, strategy: OfStrategy | None = None) -> QuerySet[RoleGrant]:
    """Return the roles held now that allow something: for one strategy, or anywhere.

    :param permission: a code of :mod:`partners.roles`.
    """
    within: dict[str, list[str]] = {"": [], "partner": [], "council": [], "group": []}
    leads = [role.code for role in roles.ROLES if permission in role.may_for_own_strategies]
    for role in roles.ROLES:
        if permission in role.may:
            within[role.within].append(role.code)
    everywhere = Q(role__in=[*within[""], *within["partner"]])
    officers = Q(role__in=within["council"], organisation__isnull=False)
    members = Q(role__in=within["group"], organisation__isnull=False)
    if strategy is None:
        answering = Organisation.objects.whose_leads_answer_for_strategies()
        own = Q(role__in=leads, organisation__in=answering)
        return RoleGrant.objects.current().filter(everywhere | officers | members | own)
    owners = officers & Q(organisation=strategy.owner_id)
    own_leads = Q(role__in=leads, organisation=strategy.owner_id, organisation__owns_strategies=True)
    owners |= own_leads & ~Q(organisation__kind=PUBLIC_BODY)
    members &= Q(organisation=strategy.steered_by_id)
    if strategy.supported_by_id is not None and not strategy.is_councils:
        supporting = Q(organisation=strategy.supported_by_id, organisation__supports_strategies=True)
        owners |= supporting & (officers | Q(role__in=leads))
    return RoleGrant.objects.current().filter(everywhere | owners | members)


def people_who_may(permission: str, strategy: OfStrategy | None = None) -> QuerySet[User]:
    """Return the people whose roles allow something now, by name: active, with a role that has not ended.

    :param permission: a code of :mod:`partners.roles`.
    :param strategy: the strategy that it is about; None for "anywhere".
    """
    grants = grants_that_allow(permission, strategy).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(grants), is_active=True).order_by("name", "id")
