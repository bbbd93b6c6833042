"""What an organisation has told already: the ways to its year, and the newest of it beside the form."""

from typing import Any, Final

from django import template

from commitments.models import Evidence
from commitments.permissions.organisation_year import can_read_year
from commitments.reading.evidence_cards import when
from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation
from partners.permissions import organisations_for

register = template.Library()
SHOWN: Final = 5
"""Items of evidence beside the form."""


@register.inclusion_tag("commitments/_year_links.html")
def year_links(person: Any, organisation: Organisation | None = None) -> dict[str, Any]:
    """Link to the year of an organisation, or of each that the person logs evidence for. No query."""
    if organisation is None:
        own = organisations_for(person, roles.LOG_EVIDENCE)
        return {"organisations": [each for each in own if each.kind != PUBLIC_BODY]}
    return {"organisations": [organisation] if can_read_year(person, organisation) else [], "alone": True}


@register.inclusion_tag("commitments/_told_already.html")
def told_already(person: Any) -> dict[str, Any]:
    """Show the newest evidence of the person's organisations, so that nobody tells the same twice. One query."""
    own = organisations_for(person, roles.LOG_EVIDENCE)
    rows = Evidence.objects.filter(organisation__in=own).order_by("-happened_from", "-id")
    told = [{"row": row, "when": when(row)} for row in rows.only("title", "happened_from", "happened_to", "language")[:SHOWN]]  # fmt: skip
    return {"told": told, "organisations": own}
