"""Names and ends deputies. A deputy sees the person's tasks and gets their reminders too."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from partners.models import Deputy, HistoryEntry, RoleGrant, User
from partners.permissions import check_can_name_deputy
from vcsportal.common.words import Invalid


def possible_deputies(person: User) -> QuerySet[User]:
    """Return who could be the person's deputy: colleagues of one organisation, or holders of the same role for the whole portal."""
    held = RoleGrant.objects.current().filter(person=person)
    alike = Q(organisation__in=held.filter(organisation__isnull=False).values("organisation")) | Q(
        organisation__isnull=True, role__in=held.filter(organisation__isnull=True).values("role")
    )
    able = RoleGrant.objects.current().filter(alike)
    return (
        User.objects.filter(is_active=True, pk__in=able.values("person")).exclude(pk=person.pk).order_by("name", "id")
    )


@transaction.atomic
def name_deputy(
    *, by: User, at: datetime, person: User, deputy: User, until: date | None = None, from_on: date | None = None
) -> Deputy:
    """Let a colleague cover from a day on (today), until a day or until it is ended.

    Naming the same deputy again changes the days. Raise :class:`Refused` without the right, or for somebody who could
    not do what the person does.
    """
    check_can_name_deputy(by, person)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two who name the same deputy name one
    if person.pk == deputy.pk:
        raise Invalid("Nobody can cover for themselves. Choose someone else.", field="deputy")
    if not possible_deputies(person).filter(pk=deputy.pk).exists():
        raise Invalid(
            f"{deputy.name} can’t cover for {person.name}. Choose a colleague who has the same role in the portal.",
            field="deputy",
        )
    today = timezone.localdate(at)
    begins = from_on or today
    if until is not None and until < max(today, begins):
        raise Invalid("The last day can’t be in the past, or before the first.", field="until")
    Deputy.objects.filter(person=person, deputy=deputy, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    made = Deputy.objects.create(
        person=person, deputy=deputy, from_on=begins, until_on=until, named_at=at, named_by=by
    )  # fmt: skip
    HistoryEntry.objects.create(at=at, by=by, act="deputy named", person=person, detail=deputy.name)
    return made


@transaction.atomic
def end_deputy(*, by: User, at: datetime, deputy: Deputy) -> None:
    """End a colleague's cover. They may end it themselves, too."""
    if by.pk != deputy.deputy_id:
        check_can_name_deputy(by, deputy.person)
    if Deputy.objects.filter(pk=deputy.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        HistoryEntry.objects.create(at=at, by=by, act="deputy ended", person=deputy.person, detail=deputy.deputy.name)


def move_deputies(*, by: User, at: datetime, person: User, to: User) -> list[Deputy]:
    """Let ``to`` cover where ``person`` did. Part of other services' transactions; return what moved."""
    today = timezone.localdate(at)
    moved = []
    held = Deputy.objects.filter(deputy=person, ended_at__isnull=True).exclude(person=to)
    for held_deputy in held.exclude(until_on__lt=today).select_related("person").order_by("id"):
        if possible_deputies(held_deputy.person).filter(pk=to.pk).exists():
            until, begins = held_deputy.until_on, max(held_deputy.from_on, today)
            moved.append(
                Deputy.objects.create(
                    person=held_deputy.person, deputy=to, from_on=begins, until_on=until, named_at=at, named_by=by
                )
            )
            HistoryEntry.objects.create(at=at, by=by, act="deputy named", person=held_deputy.person, detail=to.name)
    Deputy.objects.filter(deputy=person, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    return moved
