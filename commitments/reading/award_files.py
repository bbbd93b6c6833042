"""Awards as rows of the 360Giving Data Standard: titles of columns for spreadsheets, nested names for JSON."""

from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from commitments.models import Award
from commitments.rules.awards import GRANT, registered_id
from partners.models import Organisation

COLUMNS: Final = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Planned Dates:Start Date",
    "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name",
    "Grant Programme:Title", "Beneficiary Location:Name", "Beneficiary Location:Geographic Code", "Data Source",
    "Last Modified", "Kind", "Financial year", "Commitments",
)  # fmt: skip
"""The standard’s titles; the last three are the portal's own."""
STANDARD_COLUMNS: Final = COLUMNS[:-3]


def read_for_files(rows: Any) -> Any:
    """Return a query of awards with all that a file needs of each."""
    related = ("recipient", "funding_organisation", "figure__strategy", "source")
    linked = ("districts", "commitments", "recipient__identifiers", "funding_organisation__identifiers")
    return rows.select_related(*related).prefetch_related(*linked)


def public_grants() -> Any:
    """Return the grants that everyone may read, without contracts, by their keys. The standard is for grants."""
    return read_for_files(Award.objects.current().filter(kind=GRANT).order_by("id"))


def org_id(organisation: Organisation) -> str:
    """Return an organisation's identifier: its number in a register, or one of the portal's own where it has none."""
    found = min(
        organisation.identifiers.all(), key=lambda identifier: (identifier.scheme, identifier.value), default=None
    )
    return str(found) if found else _own_id(organisation.slug)


def award_id(award: Award) -> str:
    """Return an award's identifier, which is given once in its strategy, as one that is given once in the portal.

    With the prefix that is registered with 360Giving, it is given once in the world.
    """
    prefix, parts = settings.PORTAL_360GIVING_PREFIX, (award.figure.strategy.slug, award.identifier)
    return registered_id(prefix, *parts) if prefix else "-".join(parts)


def _own_id(slug: str) -> str:
    """Return the identifier of an organisation without a number in a register."""
    prefix = settings.PORTAL_360GIVING_PREFIX
    return registered_id(prefix, slug) if prefix else f"portal-{slug}"


def award_row(award: Award) -> list[str]:
    """Return an award's cells under :data:`COLUMNS`. Identifiers, areas and commitments have to be read with it."""
    areas = sorted(award.districts.all(), key=lambda area: area.name)
    return [
        award_id(award), award.title, award.description or award.title, award.currency, f"{award.amount_awarded:.2f}",
        award.award_date.isoformat(), _day(award.planned_from), _day(award.planned_to), _recipient_id(award),
        award.recipient_said, org_id(award.funding_organisation), award.funding_organisation.name, award.grant_programme,
        "; ".join(area.name for area in areas), "; ".join(area.gss_code for area in areas),
        award.notice or (award.source.url if award.source else ""), timezone.localdate(award.changed_at).isoformat(), award.kind, award.year,
        "; ".join(sorted(commitment.reference for commitment in award.commitments.all())),
    ]  # fmt: skip


def json_row(award: Award) -> dict[str, Any]:
    """Return an award as the standard nests it; what is not known is left out.

    The standard asks for a description and for the recipient's identifier: where there is none, they are made of the title and of
    the recipient's name.
    """
    planned = {"startDate": _day(award.planned_from), "endDate": _day(award.planned_to)}
    row: dict[str, Any] = {
        "id": award_id(award),
        "title": award.title,
        "description": award.description or award.title,
        "currency": award.currency,
        "amountAwarded": float(award.amount_awarded),
        "awardDate": award.award_date.isoformat(),
        "plannedDates": [{name: day for name, day in planned.items() if day}] if any(planned.values()) else [],
        "recipientOrganization": [{"id": _recipient_id(award), "name": award.recipient_said}],
        "fundingOrganization": [{"id": org_id(award.funding_organisation), "name": award.funding_organisation.name}],
        "grantProgramme": [{"title": award.grant_programme}] if award.grant_programme else [],
        "beneficiaryLocation": [
            {"name": area.name, "geoCode": area.gss_code}
            for area in sorted(award.districts.all(), key=lambda area: area.name)
        ],
        "dataSource": award.notice or (award.source.url if award.source else ""),
        "dateModified": award.changed_at.isoformat(),
        "kind": award.kind,
        "financialYear": award.year,
        "commitments": sorted(commitment.reference for commitment in award.commitments.all()),
    }
    return {name: value for name, value in row.items() if value not in ("", [])}


def _recipient_id(award: Award) -> str:
    if award.recipient is not None:
        return org_id(award.recipient)
    return award.recipient_identifier or _own_id(slugify(award.recipient_name))


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
