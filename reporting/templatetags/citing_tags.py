"""What pages of other floors show of the reports that use their content."""

from typing import Any

from django import template

from commitments.models import Commitment, Evidence, Round
from reporting.reading.evidence_uses import reports_on, uses_of

register = template.Library()


@register.inclusion_tag("reporting/_used_in.html", takes_context=True)
def used_in(context: template.Context, piece: Evidence) -> dict[str, Any]:
    """Show where reports use an item of evidence; drafts only to those who see them."""
    return {"uses": uses_of(piece.pk, context["request"].user if "request" in context else None)}


@register.inclusion_tag("reporting/_told_in.html")
def told_in(commitment: Commitment, rounds: list[Round]) -> dict[str, Any]:
    """Show which published reports tell of a commitment. The rounds come with ``has_report``, so that nothing is asked."""
    return {"reports": reports_on(commitment, rounds)}
