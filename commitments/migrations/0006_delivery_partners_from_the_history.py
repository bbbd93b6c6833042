"""Gives delivery partners the days that the history knows, and brings back those whose rows were deleted.

Until now a change of partners left one entry with the names of everybody who delivered from then on. A row's start is the
day of the entry that named it; a name that a later entry left out becomes a row that ended on that entry's day. History
holds names: one that belongs to no organisation today, or that began and ended on the same day, is left out.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import migrations
from django.utils import timezone

Period = tuple[str, str, datetime, date | None]


def periods(entries: Iterable[tuple[datetime, list[list[str]]]]) -> list[Period]:
    """Return who delivered, from the entries of one commitment, oldest first: name, part, since when, until when or None."""
    found: list[Period] = []
    running: dict[str, tuple[str, datetime]] = {}
    for at, named in entries:
        now = dict(named)
        for name in [name for name in running if name not in now]:
            role, since = running.pop(name)
            found.append((name, role, since, timezone.localdate(at)))
        for name, role in now.items():
            running[name] = (role, running[name][1] if name in running else at)
    return [*found, *((name, role, since, None) for name, (role, since) in running.items())]


def rebuild(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("commitments", "HistoryEntry")
    parts = apps.get_model("commitments", "DeliveryPartner")
    organisations: dict[str, list[int]] = {}
    for pk, name in apps.get_model("partners", "Organisation").objects.values_list("pk", "name"):
        organisations.setdefault(name, []).append(pk)
    told: dict[int, list[tuple[datetime, list[list[str]]]]] = {}
    naming = entries.objects.filter(act="assign", commitment__isnull=False, said__has_key="partners")
    for commitment, at, said in naming.order_by("at", "id").values_list("commitment_id", "at", "said"):
        told.setdefault(commitment, []).append((at, said["partners"]))
    for commitment, named in told.items():
        for name, role, since, ended_on in periods(named):
            known = organisations.get(name, [])
            if len(known) != 1:
                continue
            days = {"started_on": timezone.localdate(since), "recorded_at": since}
            if ended_on is None:
                open_part = parts.objects.filter(commitment=commitment, organisation=known[0], ended_on__isnull=True)
                open_part.update(**days)
            elif days["started_on"] < ended_on:
                parts.objects.create(
                    commitment_id=commitment, organisation_id=known[0], role=role, ended_on=ended_on, **days
                )


class Migration(migrations.Migration):
    dependencies = [("commitments", "0005_actions_and_delivery")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
