"""Which organisations take part in a strategy, and since when.

An organisation joined on the first of these days: the day on which it first helped to deliver a commitment, as recorded, or
else the day on which that was first recorded; the day on which its first published item of evidence was accepted. The rule depends neither
on when a report is made nor on the organisation's name, so that an organisation is new in one year only.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from commitments.models import DeliveryPartner, Evidence, Strategy
from partners.models import Organisation
from vcsportal.common.long_lists import MAX_COUNTED


def organisations(strategy: Strategy, since: date, until: date) -> list[Any]:
    """Return the organisations that take part, in one query.

    Each has ``joined_on``, the day on which it joined: for one that joined by ``since`` some day up to then, None where
    nobody knows; ``is_owner``, whether it is the strategy's owner; and ``came_in``, whether one of its items was accepted
    after ``since`` and up to ``until``; and ``items_in_all``, the same number for each: how many items of all of them were
    accepted in that time, one more than :data:`vcsportal.common.long_lists.MAX_COUNTED` for any larger number.
    """
    here = models.OuterRef("pk")
    published = _published(strategy).filter(organisation=here)
    parts = DeliveryPartner.objects.lasting().filter(organisation=here, commitment__strategy=strategy)
    first_day = (
        parts.order_by()
        .values("organisation")
        .annotate(it=models.Min(Coalesce("started_on", TruncDate("recorded_at"))))
    )
    rows: list[Any] = list(
        Organisation.objects.annotate(
            # One item on each side of the day, by the index: nobody reads all that was ever accepted.
            accepted_on=Coalesce(
                _day_of(published.filter(accepted_at__lt=_midnight(since)).order_by("-accepted_at")),
                _day_of(published.filter(accepted_at__gte=_midnight(since)).order_by("accepted_at")),
            ),
            is_partner=models.Exists(parts),
            delivers_from=models.Subquery(first_day.values("it")),
            always_there=models.Exists(parts.filter(started_on__isnull=True, recorded_at__isnull=True)),
            came_in=models.Exists(published.filter(_between(since, until))),
            items_in_all=_number_of(_published(strategy).filter(_between(since, until))),
        )
        .filter(models.Q(accepted_on__isnull=False) | models.Q(is_partner=True))
        .by_name()
    )
    for row in rows:
        known = [day for day in (row.accepted_on, row.delivers_from) if day]
        row.is_owner = row.pk == strategy.owner_id
        row.joined_on = None if row.always_there else min(known)
    return rows


def newcomers(organisations: Iterable[Any], since: date, until: date) -> tuple[str, ...]:
    """Return the names of those that joined after ``since`` and up to ``until``; the strategy's owner is no partner of its own."""
    organisations = [organisation for organisation in organisations if not organisation.is_owner]
    return tuple(
        organisation.name
        for organisation in organisations
        if organisation.joined_on is not None and since < organisation.joined_on <= until
    )


def _published(strategy: Strategy) -> Any:
    about = Evidence.commitments.through.objects.filter(evidence=models.OuterRef("pk"), commitment__strategy=strategy)
    was_published = models.Subquery(about.values(yes=models.Value(value=True))[:1], output_field=models.BooleanField())
    return Evidence.objects.published().filter(Coalesce(was_published, models.Value(value=False)))


def _number_of(items: Any) -> models.Func:
    """Return how many there are, counted once for the whole query and no further than one more than is ever shown."""
    return models.Func(
        ArraySubquery(items.order_by().values("pk")[: MAX_COUNTED + 1]),
        function="cardinality",
        output_field=models.IntegerField(),
    )


def _day_of(ordered: Any) -> models.Subquery:
    return models.Subquery(ordered.values(day=TruncDate("accepted_at"))[:1])


def _between(since: date, until: date) -> models.Q:
    return models.Q(accepted_at__gte=_midnight(since), accepted_at__lt=_midnight(until))


def _midnight(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
