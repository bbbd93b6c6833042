"""Finds what the cells of a workbook name: organisations and districts, each asked of the database once for all rows."""

from collections.abc import Iterable

from commitments.workbooks.kind import Scope
from partners.models import Area, Organisation
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
