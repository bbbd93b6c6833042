"""What everyone reads of one organisation, besides what it does for a strategy."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from partners.area_kinds import LOCAL_KINDS
from partners.kinds import SECTORS, sector_of
from partners.models import Organisation
from partners.models.organisations import OrganisationQuerySet
from vcsportal.common.json_columns import list_column


@dataclass(frozen=True, slots=True)
class Profile:
    """Where an organisation works, who it serves, and what it replaced.

    :ivar sector: the name of its sector; "" for groups.
    :ivar districts: where it works, each with ``gss_code`` and ``name``; ``is_local`` if it has a page of its own.
    :ivar strands: the strands that it serves, in words.
    :ivar dialled: the telephone number as a link dials it, without spaces.
    :ivar predecessors: the organisations that it replaced, each with ``slug`` and ``name``.
    :ivar now: where its work is today, if it has ended: the last of its successors.
    """

    sector: str
    districts: list[dict[str, Any]]
    strands: list[str]
    dialled: str
    predecessors: list[dict[str, str]]
    now: Organisation | None


def with_profile() -> OrganisationQuerySet:
    """Return organisations with all that :func:`profile_of` reads of one, in one query."""
    here = {"organisation": OuterRef("pk")}
    places = Organisation.districts.through.objects.filter(**here).order_by("area__name", "area_id")
    served = Organisation.strands.through.objects.filter(**here).order_by("strand__number", "id")
    earlier = Organisation.objects.public().filter(succeeded_by=OuterRef("pk")).by_name()
    return Organisation.objects.select_related("succeeded_by").annotate(
        places=list_column(places, name="area__name", gss_code="area__gss_code", kind="area__kind"),
        served=list_column(served, words="strand__words"),
        earlier=list_column(earlier, slug="slug", name="name"),
    )


def profile_of(organisation: Any) -> Profile:
    """Return the profile of an organisation of :func:`with_profile`. One query for each further successor of one that has ended."""
    sector = sector_of(organisation.kind, owns_strategies=organisation.owns_strategies)
    return Profile(
        next((row.label for row in SECTORS if row.code == sector), ""),
        [{**place, "is_local": place["kind"] in LOCAL_KINDS} for place in organisation.places],
        [strand["words"] for strand in organisation.served],
        organisation.telephone.replace(" ", ""),
        organisation.earlier,
        last_successor(organisation),
    )


def last_successor(organisation: Organisation) -> Organisation | None:
    """Return the organisation that has the work today; None where nobody took it over."""
    last = organisation.succeeded_by
    while last is not None and last.succeeded_by is not None:
        last = last.succeeded_by
    return None if last is None or last.is_removed else last
