"""Erases a person: the history stays, unnamed. What stays readable all the same is listed for the administrator."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from commitments.models import PointContact, WorkingCopy
from commitments.services.handover import held_by
from partners.models import HistoryEntry, User
from partners.services.erasure import check_can_erase_person, erase_account, unnamed
from reporting.models import EditionOpening
from reporting.services.following import forget_address
from vcsportal.common.words import Invalid, NotNow

FLOORS: Final = ("partners", "commitments", "reporting")
PASSED_OVER: Final = frozenset({"partners.User", "partners.SecurityEvent", "partners.SecurityEventLink"})
"""The person's own row, which is erased, and the trail of security events, which goes by its own days."""

SEALED: Final = frozenset({"reporting.Edition", "reporting.TextVersion", "commitments.FrozenStanding"})
"""Tables whose rows can't be changed."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of people in which a name stands: which table, and in how many rows. ``sealed`` ones can't be changed."""

    what: str
    count: int
    sealed: bool


@transaction.atomic
def erase_person(*, by: User, at: datetime, person: User, reason: str) -> User:
    """Erase a person whose access has ended and who is responsible for nothing. You cannot undo this.

    Raise :class:`Refused` without the right, for oneself, without a reason, or where something would be left without anyone.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    check_can_erase_person(by, person)
    if not reason.strip():
        raise Invalid("Say why this person’s data is erased.", field="reason")
    if held_by(person):
        raise NotNow(f"{person.name} is still responsible for something. Hand over their work first.")
    _erase(by=by, at=at, person=person, reason=" ".join(reason.split()))
    return person


def _erase(*, by: User | None, at: datetime, person: User, reason: str = "") -> None:
    name = unnamed(person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_unname_history(%s, %s)", [person.pk, name])
    WorkingCopy.objects.filter(person=person).delete()
    EditionOpening.objects.filter(person=person).delete()
    PointContact.objects.filter(email__iexact=person.email).delete()
    forget_address(at=at, email=person.email)
    erase_account(by=by, at=at, person=person, name=name, reason=reason)


def ended_accounts(cutoff: datetime) -> QuerySet[User]:
    """People whose access ended before ``cutoff`` and who are still named."""
    since = HistoryEntry.objects.filter(person=OuterRef("pk"), act="access ended", at__gte=cutoff)
    ended = HistoryEntry.objects.filter(person=OuterRef("pk"), act="access ended")
    return User.objects.filter(~Exists(since), Exists(ended), is_active=False, erased_at__isnull=True)


def erase_ended_accounts(people: Sequence[User], at: datetime) -> int:
    """Erase those of them who are responsible for nothing; the others wait until their work is handed over."""
    free = [person for person in people if not held_by(person)]
    for person in free:
        _erase(by=None, at=at, person=person)
    return len(free)


def mentions(person: User) -> list[Mention]:
    """Return where the person's name or address stands in words of people, before it is erased. One query for all tables."""
    asked = {model: rows for model in _tables() if (rows := _mentioning(model, person)) is not None}
    if not asked:
        return []
    first, *others = asked.values()
    counts = dict(first.union(*others, all=True).values_list("mentioning_table", "mentions"))
    return [
        Mention(str(model._meta.verbose_name_plural), count, model._meta.label in SEALED)
        for model in asked
        if (count := counts.get(model._meta.label, 0))
    ]


def _tables() -> Iterator[type[models.Model]]:
    for label in FLOORS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.label not in PASSED_OVER and not model._meta.label.endswith((".Mail", ".HistoryEntry")):
                yield model


def _mentioning(model: type[models.Model], person: User) -> QuerySet[Any] | None:
    """Return the table's label and in how many rows the name or address stands, as one row; None for a table without texts.

    JSON is passed over but for facts of editions, as no other holds a person's name.
    """
    texts = [f.name for f in model._meta.fields if isinstance(f, models.TextField | models.CharField) and not f.choices]
    if model._meta.label == "reporting.Edition":
        texts.append("facts")
    asked = Q()
    for text in texts:
        asked |= Q(**{f"{text}__icontains": person.name}) | Q(**{f"{text}__icontains": person.email})
    if not texts:
        return None
    labelled = model._default_manager.filter(asked).order_by().annotate(
        mentioning_table=Value(model._meta.label, output_field=models.CharField())
    )  # fmt: skip
    counted: QuerySet[Any] = labelled.values("mentioning_table").annotate(mentions=Count("pk"))
    return counted
