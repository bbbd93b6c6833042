"""The directory of organisations as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from partners.kinds import KINDS
from partners.models import Organisation


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One organisation of the directory; ``districts`` are names with commas between them."""

    url: str
    name: str
    kind: str
    districts: str
    description: str


def directory_rows(chosen: Iterable[Organisation]) -> list[DirectoryRow]:
    """Return the rows of these organisations, in their order. One query, and one for ``found``."""
    organisations, kinds = list(chosen), dict(KINDS)
    districts: dict[int, list[str]] = {organisation.pk: [] for organisation in organisations}
    served = Organisation.districts.through.objects.filter(organisation__in=list(districts)).order_by(
        "area__name", "area_id"
    )
    for organisation, name in served.values_list("organisation_id", "area__name"):
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
