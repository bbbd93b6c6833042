"""Which organisations take part in a strategy, and since when: a part of :mod:`reporting.assembly`.

An organisation joined on the first of these days: the day on which it first helped to deliver a commitment, as recorded, or
else the day on which that was first recorded; the day on which its first published item of evidence was accepted. Reports ask
the same of it whenever they are made and whatever it is called by then, so that it is new in one year only.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from commitments.models import DeliveryPartner, Evidence, Strategy
from partners.models import Organisation


def organisations(strategy: Strategy, since: date, until: date) -> list[Any]:
    """Return who takes part: the day on which each joined (``joined_on``, None where nobody knows), whether it is the
    strategy's owner (``is_owner``), and how many of its items were accepted after ``since`` and up to ``until`` (``pieces``). One query.
    """
    here = models.OuterRef("pk")
    published = Evidence.objects.published().filter(organisation=here, commitments__strategy=strategy)
    parts = DeliveryPartner.objects.lasting().filter(organisation=here, commitment__strategy=strategy)

    def one(found: Any, what: Any) -> models.Subquery:
        return models.Subquery(found.order_by().values("organisation").annotate(it=what).values("it"))

    recent = models.Count(
        "pk", distinct=True, filter=models.Q(accepted_at__gte=_midnight(since), accepted_at__lt=_midnight(until))
    )
    rows: list[Any] = list(
        Organisation.objects.filter(models.Exists(published) | models.Exists(parts))
        .annotate(
            accepted_on=one(published, models.Min(TruncDate("accepted_at"))),
            delivers_from=one(parts, models.Min(Coalesce("started_on", TruncDate("recorded_at")))),
            always_there=models.Exists(parts.filter(started_on__isnull=True, recorded_at__isnull=True)),
            pieces=Coalesce(one(published, recent), 0),
        )
        .by_name()
    )
    for row in rows:
        known = [day for day in (row.accepted_on, row.delivers_from) if day]
        row.is_owner = row.pk == strategy.owner_id
        row.joined_on = None if row.always_there else min(known)
    return rows


def newcomers(found: Iterable[Any], since: date, until: date) -> tuple[str, ...]:
    """Return the names of those that joined after ``since`` and up to ``until``; the strategy's owner is no partner of its own."""
    found = [one for one in found if not one.is_owner]
    return tuple(one.name for one in found if one.joined_on is not None and since < one.joined_on <= until)


def _midnight(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
