"""Districts, and areas of other kinds in which things happen, each with what it replaced and what replaced it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from partners.area_kinds import LOCAL_KINDS
from partners.models import Area


@dataclass(frozen=True, slots=True)
class DistrictRecord:
    """An area with its history.

    :ivar keys: its own key and those of all areas that it replaced, directly or through others. What was recorded for them is
        part of its record.
    :ivar before: the areas that it replaced.
    :ivar after: the areas that replaced it; several if it was divided.
    """

    area: Area
    keys: tuple[int, ...]
    before: tuple[Area, ...]
    after: tuple[Area, ...]

    def has_begun(self, today: date) -> bool:
        """Whether it is there already, or was."""
        return self.area.valid_from is None or self.area.valid_from <= today

    def has_ended(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.area.valid_to is not None and self.area.valid_to < today

    def read_on(self, today: date) -> date:
        """Return the day on which it is looked at: today, or its last day if it has ended."""
        return min(today, self.area.valid_to or today)


def every_district() -> list[DistrictRecord]:
    """Return all districts by name, whether in force or not. Two queries."""
    areas = {area.pk: area for area in Area.objects.order_by("name", "id")}
    before, after = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for earlier, later in Area.successors.through.objects.values_list("from_area", "to_area"):
        before[later].append(earlier)
        after[earlier].append(later)

    def named(keys: Iterable[int]) -> tuple[Area, ...]:
        return tuple(sorted((areas[key] for key in keys), key=lambda area: (area.name, area.pk)))

    return [
        DistrictRecord(area, _with_earlier(area.pk, before), named(before[area.pk]), named(after[area.pk]))
        for area in areas.values()
        if area.kind in LOCAL_KINDS
    ]


def _with_earlier(key: int, before: Mapping[int, list[int]]) -> tuple[int, ...]:
    found, new = {key}, {key}
    while new:
        new = {earlier for later in new for earlier in before.get(later, ())} - found
        found |= new
    return (key, *sorted(found - {key}))


def district_called(districts: Iterable[DistrictRecord], name: str, today: date) -> DistrictRecord | None:
    """Return the district that an address names by its GSS code, or by its name in small letters with hyphens.

    If several have the same name, it is the one that is in force, or else the one that ended last.
    """
    rows = list(districts)
    for district in rows:
        if district.area.gss_code == name.upper():
            return district
    called = [district for district in rows if slugify(district.area.name) == name.lower()]
    return max(called, key=lambda district: _how_current(district, today), default=None)


def _how_current(district: DistrictRecord, today: date) -> tuple[bool, bool, date]:
    return district.area.is_in_force(today), district.has_begun(today), district.area.valid_to or date.max
