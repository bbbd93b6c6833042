"""What pages of other floors show of the reports."""

from typing import Any

from django import template

from commitments.models import Strategy
from reporting.models import Edition
from reporting.reading import shelf

register = template.Library()


@register.inclusion_tag("reporting/_latest_report.html", takes_context=True)
def latest_report(context: template.Context, strategy: Strategy) -> dict[str, Any]:
    """Show the newest report of a strategy that this person may read: published, or for those who may, only ready."""
    person = context["request"].user if "request" in context else None
    edition = (
        Edition.objects.visible_to(person)
        .filter(round__strategy=strategy, state="ready", withdrawal__isnull=True)
        .defer("facts")
        .select_related("round__strategy")
        .prefetch_related("faces")
        .order_by("-round__observes_from", "-published_at", "-number", "-id")
        .first()
    )
    read_url = shelf.read_at(edition, edition.pk if edition.is_sealed else None) if edition else ""
    return {"edition": edition, "strategy": strategy, "read_url": read_url}
