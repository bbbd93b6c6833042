"""Which people have a permission."""

from django.db.models import Exists, OuterRef, QuerySet

from partners import roles
from partners.models import RoleGrant, User


def people_who_may(permission: str) -> QuerySet[User]:
    """Return the people whose roles allow something now, by name: active, with a role that has not ended.

    :param permission: a code of :mod:`partners.roles`.
    """
    able = [role.code for role in roles.ROLES if permission in role.may]
    grants = RoleGrant.objects.current().filter(person=OuterRef("pk"), role__in=able)
    return User.objects.filter(Exists(grants), is_active=True).order_by("name", "id")
