"""Write a file of areas into the portal. Areas are only added to or amended; past evidence names them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from partners import roles
from partners.area_file import AreaEntry
from partners.models import Area, HistoryEntry, User
from partners.permissions import check_permission_anywhere
from vcsportal.common.data_file import Fault, Faulty

FIELDS = ("name", "kind", "valid_from", "valid_to")


@transaction.atomic
def load_areas(*, by: User | None, at: datetime, entries: Sequence[AreaEntry]) -> list[str]:
    """Add new areas and amend known ones; return what was done as sentences, none when nothing changed.

    ``by=None`` is the portal's own loader; anybody else needs to manage organisations. Raise :class:`Faulty`, having
    written nothing, where an area is said to be replaced by one that neither the file nor the portal knows.
    """
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_ORGANISATIONS, "Only an administrator can load areas.")
    known = {area.gss_code: area for area in Area.objects.select_for_update().order_by("id")}
    changes = []
    for entry in entries:
        values = {name: getattr(entry, name) for name in FIELDS}
        area = known.get(entry.gss_code)
        if area is None:
            known[entry.gss_code] = Area.objects.create(gss_code=entry.gss_code, **values)
            changes.append(f"Added {entry.name} ({entry.gss_code}).")
            continue
        changed = [name for name, value in values.items() if getattr(area, name) != value]
        if changed:
            for name in changed:
                setattr(area, name, values[name])
            area.save(update_fields=changed)
            changes.append(_amended(by, at, area, changed))
    return changes + _replace(by, at, entries, known)


def _replace(by: User | None, at: datetime, entries: Sequence[AreaEntry], known: dict[str, Area]) -> list[str]:
    """Point areas at their successors, once all of them are there."""
    faults, changes = [], []
    for entry in entries:
        successor = known.get(entry.replaced_by)
        if entry.replaced_by and successor is None:
            sentence = f"“{entry.replaced_by}” is neither in this file nor in the portal."
            faults.append(Fault(entry.line, f"area {entry.gss_code}", "replaced_by", sentence))
            continue
        area = known[entry.gss_code]
        if area.replaced_by_id != (successor.pk if successor else None):
            area.replaced_by = successor
            area.save(update_fields=["replaced_by"])
            changes.append(_amended(by, at, area, ["replaced_by"]))
    if faults:
        raise Faulty(faults)
    return changes


def _amended(by: User | None, at: datetime, area: Area, changed: list[str]) -> str:
    detail = f"{area.name} ({area.gss_code}): {', '.join(changed)}"
    HistoryEntry.objects.create(at=at, by=by, act="area amended", detail=detail)
    return f"Amended {detail}."
