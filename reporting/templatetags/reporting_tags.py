"""What pages of other floors show of the reports."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from commitments.models import Strategy
from partners import roles
from partners.permissions import has_permission
from reporting.models import Edition, Proposal
from reporting.reading import shelf
from vcsportal.common.dates import in_words

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


@register.inclusion_tag("reporting/_publishing_tasks.html", takes_context=True)
def publishing_tasks(context: template.Context) -> dict[str, Any]:
    """Show what waits for a second person, to those who publish reports. One query for them, none for others."""
    person = context["request"].user
    if not has_permission(person, roles.PUBLISH_REPORT):
        return {}
    waiting = Proposal.objects.waiting().select_related("proposed_by", "edition__round").defer("edition__facts")
    return {
        "tasks": [
            {
                "title": f"{one.get_act_display()} the report for {one.edition.round.slug}, edition {one.edition.number}",
                "url": reverse("reporting:proposal", args=[one.pk]),
                "hint": f"Proposed by {one.proposed_by.name} on {in_words(timezone.localdate(one.proposed_at))}.",
                "word": "Waits for a colleague" if one.proposed_by_id == person.pk else "Confirm or decline",
            }
            for one in waiting.order_by("proposed_at", "id")
        ]
    }
