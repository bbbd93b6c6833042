"""What pages of other floors show of the reports."""

from typing import Any

from django import template

from commitments.models import Strategy
from reporting.models import Edition
from reporting.reading import shelf

register = template.Library()


@register.inclusion_tag("reporting/_latest_report.html")
def latest_report(strategy: Strategy) -> dict[str, Any]:
    """Show the latest report of a strategy: a published edition, whoever asks. A draft is nobody's latest report."""
    edition = (
        Edition.objects.public()
        .filter(round__strategy=strategy)
        .defer("facts")
        .select_related("round__strategy")
        .prefetch_related("faces")
        .order_by("-round__observes_from", "-published_at", "-id")
        .first()
    )
    read_url = shelf.permanent(edition) if edition else ""
    return {"edition": edition, "strategy": strategy, "read_url": read_url}
