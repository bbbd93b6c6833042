"""The directory of organisations as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from partners.kinds import KINDS
from partners.models import Organisation
from vcsportal.common.prepared_queries import PreparedQuery

MOST_AT_ONCE: Final = 50
"""How many organisations stand on one page."""


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One organisation of the directory; ``districts`` are names with commas between them."""

    url: str
    name: str
    kind: str
    districts: str
    description: str


_DISTRICTS: Final = PreparedQuery(
    lambda organisations: (
        Organisation.districts.through.objects.filter(organisation__in=organisations)
        .order_by("area__name", "area_id")
        .values_list("organisation_id", "area__name")
    )
)
_EVERYBODY: Final = PreparedQuery(
    lambda: Organisation.objects.by_name().taking_part().only("slug", "name", "kind", "description")[: MOST_AT_ONCE + 1]
)


def whole_directory() -> list[Organisation] | None:
    """Return everybody who takes part, by name; None where there are more than :data:`MOST_AT_ONCE`. One query."""
    everybody = _EVERYBODY()
    return everybody if len(everybody) <= MOST_AT_ONCE else None


def directory_rows(chosen: Iterable[Organisation]) -> list[DirectoryRow]:
    """Return the rows of these organisations, in their order. One query, and one for ``chosen``."""
    organisations, kinds = list(chosen), dict(KINDS)
    districts: dict[int, list[str]] = {organisation.pk: [] for organisation in organisations}
    for organisation, name in _DISTRICTS(organisations=list(districts)):
        districts[organisation].append(name)
    return [
        DirectoryRow(
            organisation.get_absolute_url(),
            organisation.name,
            kinds[organisation.kind],
            ", ".join(districts[organisation.pk]),
            organisation.description,
        )
        for organisation in organisations
    ]
