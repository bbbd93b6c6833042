"""All districts with how much was done in each, as a map of equal tiles and as a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from commitments.models import Evidence
from partners.area_tiles import TILE_PLACES
from partners.models import Area, Organisation
from partners.reading.areas import DistrictRecord
from partners.standings import ENDED
from vcsportal.common.addresses import address
from vcsportal.common.long_lists import MAX_COUNTED, counted


@dataclass(frozen=True, slots=True)
class DistrictCounts:
    """How many published items of evidence name a district, and how many organisations work there.

    Each is :data:`~vcsportal.common.long_lists.MAX_COUNTED` + 1 where there are more than are counted.
    """

    evidence: int
    organisations: int


@dataclass(frozen=True, slots=True)
class DistrictTile:
    """A district in the list. ``column`` and ``row`` are its place on the map in halves of a tile; None where it has none."""

    name: str
    url: str
    items: str
    organisations: str
    column: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class DistrictList:
    """All districts: those in force, those to come, and those that have ended with what replaced them."""

    tiles: tuple[DistrictTile, ...]
    to_come: tuple[DistrictRecord, ...]
    ended: tuple[DistrictRecord, ...]

    @property
    def has_map(self) -> bool:
        """Whether each district has a place on the map. One without would look as if nothing happened there."""
        return len(self.tiles) > 1 and all(tile.column is not None for tile in self.tiles)


def district_address(area: Area) -> str:
    """Return the address of an area's page."""
    return address("commitments:district", area.gss_code)


def named_in(keys: Iterable[int]) -> Any:
    """Return the keys of the items of evidence that name one of these areas, for a query."""
    return Evidence.districts.through.objects.filter(area__in=list(keys)).values("evidence_id")


def working_in(keys: Iterable[int]) -> Any:
    """Return the organisations that say that they work in one of these areas, apart from those that have ended."""
    there = Organisation.districts.through.objects.filter(area__in=list(keys)).values("organisation_id")
    return Organisation.objects.bodies().public().exclude(standing=ENDED).filter(pk__in=there)


def district_counts(districts: Iterable[DistrictRecord]) -> dict[int, DistrictCounts]:
    """Return the counts of districts by the keys of their areas, with what was recorded for areas that they replaced. One query.

    An item that names two areas which became one counts once.
    """
    here = {"area": OuterRef("pk")}
    published = Evidence.districts.through.objects.filter(**here, evidence__in=Evidence.objects.published())
    working = Organisation.districts.through.objects.filter(
        **here, organisation__in=Organisation.objects.bodies().public().exclude(standing=ENDED)
    )
    most = MAX_COUNTED + 1
    rows = Area.objects.annotate(
        items=ArraySubquery(published.values("evidence_id")[:most]),
        workers=ArraySubquery(working.values("organisation_id")[:most]),
    )
    found = {key: (set(items), set(workers)) for key, items, workers in rows.values_list("pk", "items", "workers")}
    counts = {}
    for district in districts:
        items, workers = (set().union(*(found[key][place] for key in district.keys)) for place in (0, 1))
        counts[district.area.pk] = DistrictCounts(min(len(items), most), min(len(workers), most))
    return counts


def district_list(districts: Iterable[DistrictRecord], today: date) -> DistrictList:
    """Return the districts for their page. One query."""
    rows = list(districts)
    current = [district for district in rows if district.area.is_in_force(today)]
    counts = district_counts(current) if current else {}
    return DistrictList(
        tuple(_tile(district.area, counts[district.area.pk]) for district in current),
        tuple(district for district in rows if not district.has_begun(today)),
        tuple(district for district in rows if district.has_ended(today)),
    )


def _tile(area: Area, counts: DistrictCounts) -> DistrictTile:
    place = TILE_PLACES.get(area.gss_code)
    return DistrictTile(
        area.name,
        district_address(area),
        counted(counts.evidence, "item of evidence"),
        counted(counts.organisations, "organisation"),
        place.column if place else None,
        place.row if place else None,
    )
