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
from reporting.reading.attention import attention
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
    """Show what waits for a second person and which published files are altered, to those who publish reports.

    One query for them as long as nothing waits, none for others.
    """
    person = context["request"].user
    if not has_permission(person, roles.PUBLISH_REPORT):
        return {}
    found = attention()
    return {"tasks": [_task(one, person) for one in found.proposals], "alarms": found.alarms}


def _task(proposal: Proposal, person: Any) -> dict[str, str]:
    edition = proposal.edition
    return {
        "title": f"{proposal.get_act_display()} the report for {edition.round.slug}, edition {edition.number}",
        "url": reverse("reporting:proposal", args=[proposal.pk]),
        "hint": f"Proposed by {proposal.proposed_by.name} on {in_words(timezone.localdate(proposal.proposed_at))}.",
        "word": "Waits for a colleague" if proposal.proposed_by_id == person.pk else "Confirm or decline",
    }
