"""The directory of organisations as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from partners.kinds import KINDS
from partners.likeness import alike
from partners.models import Organisation
from partners.standings import ENDED, TAKES_PART
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.states import State

MOST_AT_ONCE: Final = 50
"""How many organisations stand on one page."""


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One organisation of the directory.

    :ivar districts: names with commas between them.
    :ivar standing: its status in the directory; None for one that takes part, as most do.
    :ivar formerly: earlier names, with commas between them.
    :ivar successor: the organisation that replaced it, if it has ended and one did.
    """

    url: str
    name: str
    kind: str
    districts: str
    description: str
    standing: State | None = None
    formerly: str = ""
    successor: Organisation | None = None


COLUMNS: Final = ("slug", "name", "kind", "description", "standing", "former_names", "succeeded_by")
_DISTRICTS: Final = PreparedQuery(
    lambda organisations: (
        Organisation.districts.through.objects.filter(organisation__in=organisations)
        .order_by("area__name", "area_id")
        .values_list("organisation_id", "area__name")
    )
)
_EVERYBODY: Final = PreparedQuery(
    lambda: Organisation.objects.by_name().bodies().public().exclude(standing=ENDED).only(*COLUMNS)[: MOST_AT_ONCE + 1]
)


def whole_directory() -> list[Organisation] | None:
    """Return everyone who takes part or is listed, by name; None where there are more than :data:`MOST_AT_ONCE`. One query."""
    everybody = _EVERYBODY()
    return everybody if len(everybody) <= MOST_AT_ONCE else None


def organisations_like(name: str) -> list[Organisation]:
    """Return the organisations whose name, or a former one, is so like this one that they may be the same. Two queries."""
    rows = Organisation.objects.values_list("pk", "name", "former_names")
    found = alike(name, [(key, called) for key, now, former in rows for called in (now, *former.splitlines())])
    known = Organisation.objects.in_bulk(found)
    return [known[key] for key in found]


def directory_rows(chosen: Iterable[Organisation]) -> list[DirectoryRow]:
    """Return the rows of these organisations, in their order. One query, one for ``chosen``, and one for successors if any ended."""
    organisations, kinds = list(chosen), dict(KINDS)
    districts: dict[int, list[str]] = {organisation.pk: [] for organisation in organisations}
    for organisation, name in _DISTRICTS(organisations=list(districts)):
        districts[organisation].append(name)
    succeeded = {organisation.succeeded_by_id for organisation in organisations} - {None}
    successors = Organisation.objects.public().only("slug", "name").in_bulk(succeeded) if succeeded else {}
    return [
        DirectoryRow(
            organisation.get_absolute_url(),
            organisation.name,
            kinds[organisation.kind],
            ", ".join(districts[organisation.pk]),
            organisation.description,
            None if organisation.standing == TAKES_PART else organisation.standing_of,
            ", ".join(organisation.former_name_list),
            successors.get(organisation.succeeded_by_id or 0),
        )
        for organisation in organisations
    ]
