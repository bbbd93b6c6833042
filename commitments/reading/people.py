"""The people who may take over from a colleague, for a list of choices."""

from datetime import date

from django.db.models import Q, QuerySet

from commitments.models import Point, Strategy
from partners import roles
from partners.group_permissions import secretaries
from partners.models import Organisation, RoleGrant, User
from partners.people_with_permission import grants_that_allow


def who_may_take(person: User, *, points_on: date | None = None) -> QuerySet[User]:
    """Return who could take the person's work: officers of the same council for an officer's, colleagues for a partner's,
    and for what the person leads or owes of a strategy its owner's people and those of whoever supports the owner.

    :param points_on: the day, where the person's points go along: those of a strategy to the same people, and those of a
        group to its secretaries of that day.

    Roles that have ended count too: whoever left owes what their part was.
    """
    held = RoleGrant.objects.filter(person=person)
    officers = [role.code for role in roles.ROLES if roles.UPDATE_COMMITMENTS in role.may]
    able = Q(organisation__in=held.filter(role__in=roles.PARTNER_ROLES).values("organisation"))
    able |= Q(role__in=officers, organisation__in=held.filter(role__in=officers).values("organisation"))
    tied = Q(pk__in=person.leads.values("strategy")) | Q(pk__in=person.owes.values("commitment__strategy"))
    points = Point.objects.unfinished().filter(owner=person) if points_on else Point.objects.none()
    tied |= Q(pk__in=points.values("strategy")) | Q(pk__in=points.values("engagement__strategy"))
    for strategy in Strategy.objects.filter(tied).select_related("owner").order_by("id"):
        able |= Q(pk__in=grants_that_allow(roles.UPDATE_COMMITMENTS, strategy))
    current = RoleGrant.objects.current().filter(able)
    groups = Q(seat__group__in=points.values("group")) | Q(seat__group__in=points.values("engagement__group"))
    found = Q(pk__in=current.values("person"))
    if points_on:
        found |= Q(pk__in=secretaries(points_on).filter(groups).values("person"))
    return User.objects.filter(found, is_active=True).exclude(pk=person.pk).order_by("name", "id")


def who_may_answer(organisation: Organisation) -> QuerySet[User]:
    """Return the people of an organisation who may log evidence for it."""
    able = [role.code for role in roles.ROLES if roles.LOG_EVIDENCE in role.may]
    current = RoleGrant.objects.current().filter(organisation=organisation, role__in=able)
    return User.objects.filter(is_active=True, pk__in=current.values("person")).order_by("name", "id")
