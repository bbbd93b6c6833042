"""Write a file of areas into the portal. Areas are only added to or amended; past evidence names them."""

from collections.abc import Iterable, Sequence
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
    written nothing, where an area is said to be replaced by one that neither the file nor the portal knows, or, through others, by itself.
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
    """Point areas at their successors, once all of them are there. Raise :class:`Faulty` for one that is not there, and for a loop."""
    faults: list[Fault] = []
    changes = []
    after = {area.gss_code: {s.gss_code for s in area.successors.all()} for area in _with_successors(known)}
    before = {code: set(codes) for code, codes in after.items()}
    for entry in entries:
        after[entry.gss_code] = set(entry.replaced_by)
        for code in entry.replaced_by:
            if code not in known:
                faults.append(_fault(entry, f"“{code}” is neither in this file nor in the portal."))
    if faults:
        raise Faulty(faults)
    for entry in entries:
        if loop := _way_back(entry.gss_code, after):
            faults.append(_fault(entry, f"leads back to the area itself: {' is replaced by '.join(loop)}."))
    if faults:
        raise Faulty(faults)
    for entry in entries:
        if after[entry.gss_code] != before[entry.gss_code]:
            area = known[entry.gss_code]
            area.successors.set([known[code] for code in entry.replaced_by])
            changes.append(_amended(by, at, area, ["replaced_by"]))
    return changes


def _with_successors(known: dict[str, Area]) -> Iterable[Area]:
    return (
        Area.objects.filter(pk__in=[area.pk for area in known.values()]).prefetch_related("successors").order_by("id")
    )


def _fault(entry: AreaEntry, sentence: str) -> Fault:
    return Fault(entry.line, f"area {entry.gss_code}", "replaced_by", sentence)


def _way_back(start: str, after: dict[str, set[str]]) -> list[str]:
    """Return the codes from an area through its successors back to itself; nothing where no way leads back."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop()
        for code in sorted(after.get(way[-1], ())):
            if code == start:
                return [*way, start]
            if code not in seen:
                seen.add(code)
                ways.append([*way, code])
    return []


def _amended(by: User | None, at: datetime, area: Area, changed: list[str]) -> str:
    detail = f"{area.name} ({area.gss_code}): {', '.join(changed)}"
    HistoryEntry.objects.create(at=at, by=by, act="area amended", detail=detail)
    return f"Amended {detail}."
