"""Finds what the cells of a workbook name: organisations, districts and commitments, each asked of the database once for all rows."""

import re
from collections.abc import Iterable

from commitments.models import Commitment
from commitments.reading.references import which
from commitments.rules.references import folded
from commitments.workbooks.kind import Scope
from partners.models import Area, Organisation
from partners.organisation_details import parts_of
from partners.services.standing import check_can_be_named
from vcsportal.common.words import Invalid


def organisations_named(scope: Scope, name: str) -> list[Organisation]:
    """Return the organisations of this name, whatever its capitals: none, one or several."""

    def ask() -> dict[str, list[Organisation]]:
        found: dict[str, list[Organisation]] = {}
        for organisation in Organisation.objects.public().order_by("id"):
            found.setdefault(organisation.name.casefold(), []).append(organisation)
        return found

    return scope.once("organisations", ask).get(" ".join(name.split()).casefold(), [])


def organisation_called(scope: Scope, name: str, field: str) -> Organisation:
    """Return the one organisation of this name.

    :raises Invalid: with the ``field``, if none or several are called so, or nothing new can be recorded about it.
    """
    found = organisations_named(scope, name)
    if len(found) != 1:
        many = "Several organisations are" if found else "No organisation is"
        raise Invalid(
            f"{many} called “{name[:60]}” in the portal. Write the name as it appears on the organisation’s page.",
            field=field,
        )
    check_can_be_named(found[0], field)
    return found[0]


def name_as_written(scope: Scope, text: str) -> str:
    """Return the name of an organisation as the portal writes it, if it knows one of this name; else the words on one line."""
    line = " ".join(text.split())
    found = organisations_named(scope, line) if line else []
    return found[0].name if found else line


def districts(scope: Scope) -> dict[str, Area]:
    """Return all districts by their names in small letters. Of several of one name, it is the one in force today."""

    def ask() -> dict[str, Area]:
        areas = list(Area.objects.districts())
        return _by_name(areas) | _by_name(area for area in areas if area.is_in_force(scope.today))

    return scope.once("districts", ask)


def _by_name(areas: Iterable[Area]) -> dict[str, Area]:
    return {area.name.casefold(): area for area in areas}


def districts_named(scope: Scope, text: str) -> list[Area]:
    """Return the districts that a cell names, by names or GSS codes, in the order of their names.

    :raises Invalid: with the field ``districts``, if one of them is not in the portal.
    """
    known, found = districts(scope), set[Area]()
    by_code = scope.once("districts by code", lambda: {area.gss_code: area for area in Area.objects.districts()})
    for name in parts_of(text):
        area = known.get(" ".join(name.split()).casefold()) or by_code.get(name.upper())
        if area is None:
            sentence = f"“{name[:60]}” is not a district in the portal. Write its name or GSS code."
            raise Invalid(sentence, field="districts")
        found.add(area)
    return sorted(found, key=lambda area: (area.name, area.pk))


def commitments_of(scope: Scope) -> list[Commitment]:
    """Return the commitments of the strategy in their order, with their earlier references."""
    found = (
        Commitment.objects.filter(strategy=scope.of).select_related("priority").prefetch_related("former_references")
    )
    return scope.once("commitments in order", lambda: list(found.in_order()))


def _commitment_names(scope: Scope) -> dict[str, list[Commitment]]:
    """Return which commitments a name may mean: by keys, and by references that they have or had, as these are compared."""

    def ask() -> dict[str, list[Commitment]]:
        names: dict[str, list[Commitment]] = {}
        for commitment in commitments_of(scope):
            former = [past.reference for past in commitment.former_references.all()]
            for name in dict.fromkeys(map(folded, (commitment.reference, *former))):
                names.setdefault(name, []).append(commitment)
        return names | {commitment.key: [commitment] for commitment in commitments_of(scope)}

    return scope.once("commitments by name", ask)


def commitments_named(scope: Scope, text: str) -> list[Commitment]:
    """Return the commitments that a cell names, by keys or references with semicolons or commas between, in their order.

    :raises Invalid: with the field ``commitments``, if one is not in the strategy, or several have had its reference.
    """
    names, found = _commitment_names(scope), set[int]()
    for name in filter(None, (part.strip() for part in re.split(r"[;,\n]", text))):
        meant = names.get(name) or names.get(folded(name)) or []
        if len(meant) > 1:
            raise Invalid(which(name, [each.key for each in meant]), field="commitments")
        if not meant:
            nouns = scope.of.nouns
            raise Invalid(f"“{name[:60]}” is not {nouns.a_commitment} of this {nouns.strategy}.", field="commitments")
        found.add(meant[0].pk)
    return [commitment for commitment in commitments_of(scope) if commitment.pk in found]
