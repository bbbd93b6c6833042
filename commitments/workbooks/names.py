"""Finds what the cells of a workbook name: organisations and districts, each asked of the database once for all rows."""

from commitments.workbooks.kind import Scope
from partners.models import Area, Organisation


def organisations_named(scope: Scope, name: str) -> list[Organisation]:
    """Return the organisations of this name, whatever its capitals: none, one or several."""

    def ask() -> dict[str, list[Organisation]]:
        found: dict[str, list[Organisation]] = {}
        for organisation in Organisation.objects.public().order_by("id"):
            found.setdefault(organisation.name.casefold(), []).append(organisation)
        return found

    return scope.once("organisations", ask).get(" ".join(name.split()).casefold(), [])


def districts(scope: Scope) -> dict[str, Area]:
    """Return all districts by their names in small letters."""
    return scope.once("districts", lambda: {area.name.casefold(): area for area in Area.objects.districts()})
