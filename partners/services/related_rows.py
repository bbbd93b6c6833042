"""Reads and writes what an organisation is related to: its districts, strands and numbers in registers."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from partners.identifiers import normalise
from partners.models import Area, Organisation, OrganisationIdentifier, Strand
from vcsportal.common.json_columns import list_column
from vcsportal.common.saving_together import forget_known, held_once, hold_known
from vcsportal.common.words import Invalid

RELATED: Final = frozenset({"districts", "strands", "identifiers"})
Related = dict[str, set[Any]]
"""Keys of districts and strands, and identifiers as pairs of scheme and value."""


def lock_organisation(organisation_id: int) -> Organisation:
    """Return the organisation as it is now, held until the transaction ends. Rows that name it may be written meanwhile."""
    return held_once(
        (Organisation, organisation_id),
        lambda: Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id),
    )


def wanted_related(
    districts: Iterable[Area] | None, strands: Iterable[Strand] | None, identifiers: Iterable[tuple[str, str]] | None
) -> Related:
    """Return what an organisation is to be related to, in the form of :func:`related_of`; nothing of what is None."""
    wanted: Related = {}
    if districts is not None:
        wanted["districts"] = {area.pk for area in districts}
    if strands is not None:
        wanted["strands"] = {strand.pk for strand in strands}
    if identifiers is not None:
        wanted["identifiers"] = {(scheme, normalise(scheme, value)) for scheme, value in identifiers}
    return wanted


def related_of(organisation: Organisation) -> Related:
    """Return the districts, strands and numbers that an organisation has, in one form to compare them. One query."""
    return held_once(_key(organisation.pk), lambda: _related_of([organisation.pk])[organisation.pk])


def write_related(organisation: Organisation, before: Mapping[str, Set[Any]], wanted: Mapping[str, Set[Any]]) -> None:
    """Relate an organisation to these and no others. Raise :class:`Invalid` for a number that names another one.

    :param before: what it is related to now, by the same names.
    """
    for name, keys in wanted.items():
        gone, new = before[name] - keys, keys - before[name]
        if name == "identifiers":
            _write_identifiers(organisation, gone, new)
            continue
        manager = getattr(organisation, name)
        if gone:
            manager.remove(*gone)
        if new:
            manager.add(*sorted(new))
    if wanted:
        forget_known((Organisation, organisation.pk), _key(organisation.pk))


def _write_identifiers(organisation: Organisation, gone: Set[Any], new: Set[Any]) -> None:
    for scheme, value in sorted(new):
        other = _number(scheme, value)
        if other is not None and other.organisation_id != organisation.pk:
            raise Invalid(
                f"{value} already belongs to {other.organisation.name}. Each number names one organisation.",
                field="identifiers",
            )
    for scheme, value in sorted(gone):
        organisation.identifiers.filter(scheme=scheme, value=value).delete()
        forget_known(_number_key(scheme, value))
    made = OrganisationIdentifier.objects.bulk_create(
        OrganisationIdentifier(organisation=organisation, scheme=scheme, value=value) for scheme, value in sorted(new)
    )
    hold_known({_number_key(number.scheme, number.value): number for number in made})


def read_organisations_ahead(ids: Iterable[int], numbers: Iterable[tuple[str, str]]) -> None:
    """Lock and read organisations that are saved together, and whose the numbers are that they may be given. Few queries for all."""
    held = Organisation.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    found = list(held.prefetch_related(*sorted(RELATED)))
    related = _related_of([organisation.pk for organisation in found])
    hold_known({(Organisation, organisation.pk): organisation for organisation in found})
    hold_known({_key(organisation_id): each for organisation_id, each in related.items()})
    wanted = {(scheme, normalise(scheme, value)) for scheme, value in numbers}
    there = OrganisationIdentifier.objects.filter(value__in={value for _scheme, value in wanted})
    owners = {(number.scheme, number.value): number for number in there.select_related("organisation")}
    hold_known({_number_key(*number): owners.get(number) for number in wanted})


def _related_of(ids: Iterable[int]) -> dict[int, Related]:
    own = {"organisation": OuterRef("pk")}
    rows = Organisation.objects.filter(pk__in=list(ids)).values_list(
        "pk",
        ArraySubquery(Organisation.districts.through.objects.filter(**own).values("area_id")),
        ArraySubquery(Organisation.strands.through.objects.filter(**own).values("strand_id")),
        list_column(OrganisationIdentifier.objects.filter(**own).order_by("id"), scheme="scheme", value="value"),
    )
    return {
        key: {
            "districts": set(districts),
            "strands": set(strands),
            "identifiers": {(number["scheme"], number["value"]) for number in identifiers},
        }
        for key, districts, strands, identifiers in rows
    }


def _number(scheme: str, value: str) -> OrganisationIdentifier | None:
    """Return the number as it is stored, with its organisation; None if nobody has it."""
    return held_once(
        _number_key(scheme, value),
        lambda: (
            OrganisationIdentifier.objects.filter(scheme=scheme, value=value).select_related("organisation").first()
        ),
    )


def _key(organisation_id: int) -> tuple[str, int]:
    return ("related", organisation_id)


def _number_key(scheme: str, value: str) -> tuple[str, str, str]:
    return ("number", scheme, value)
