"""What pages of other floors show of the reports."""

from typing import Any, Final

from django import template
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from commitments.models import Strategy
from partners import roles
from partners.permissions import has_permission_anywhere
from reporting.models import Edition, Face, Proposal, Suspension
from reporting.reading import round_editions
from reporting.reading.attention import attention
from vcsportal.common.dates import in_words
from vcsportal.common.prepared_queries import PreparedQuery

register = template.Library()
_LATEST: Final = PreparedQuery(
    lambda strategy: (
        Edition.objects.public()
        .filter(round__strategy=strategy)
        .select_related("round__strategy")
        .only("published_at", "round__slug", "round__title", "round__strategy__slug")
        .annotate(pdf_pages=Subquery(Face.objects.filter(edition=OuterRef("pk"), code="pdf").values("pages")[:1]))
        .order_by("-round__observes_from", "-published_at", "-id")[:1]
    )
)


@register.inclusion_tag("reporting/_latest_report.html")
def latest_report(strategy: Strategy) -> dict[str, Any]:
    """Show the latest report of a strategy: a published edition, whoever asks. A draft is nobody's latest report."""
    edition = next(iter(_LATEST(strategy=strategy.pk)), None)
    read_url = round_editions.permanent(edition) if edition else ""
    return {"edition": edition, "strategy": strategy, "read_url": read_url}


@register.inclusion_tag("reporting/_publishing_tasks.html", takes_context=True)
def publishing_tasks(context: template.Context) -> dict[str, Any]:
    """Show what waits for a second person and which published files are altered, to those who publish reports.

    One query for them as long as nothing waits, none for others.
    """
    person = context["request"].user
    if not has_permission_anywhere(person, roles.PUBLISH_REPORT):
        return {}
    waiting = attention(person)
    proposed = {proposal.edition_id for proposal in waiting.proposals}
    tasks = [_task(proposal, person) for proposal in waiting.proposals]
    tasks += [
        _replace(suspension)
        for suspension in waiting.suspensions
        if not proposed & {suspension.replacement_id, suspension.edition_id}
    ]
    return {"tasks": tasks, "alarms": waiting.alarms}


def _task(proposal: Proposal, person: Any) -> dict[str, str]:
    edition = proposal.edition
    return {
        "title": f"{proposal.get_act_display()} the report for {edition.round.label}, edition {edition.number}",
        "url": reverse("reporting:proposal", args=[proposal.pk]),
        "hint": f"Proposed by {proposal.proposed_by.name} on {in_words(timezone.localdate(proposal.proposed_at))}.",
        "word": "Waiting for a colleague" if proposal.proposed_by_id == person.pk else "Confirm or decline",
    }


def _replace(suspension: Suspension) -> dict[str, str]:
    """A task for an edition with suspended files: publish the one that takes its place, or withdraw it."""
    edition, replacement = suspension.edition, suspension.replacement
    since = in_words(timezone.localdate(suspension.at))
    if replacement is not None and not replacement.is_sealed:
        title, url = f"Publish edition {replacement.number}", replacement.get_absolute_url()
    else:
        title, url = f"Withdraw edition {edition.number}", edition.get_absolute_url()
    return {
        "title": f"{title} of the report for {edition.round.label}",
        "url": url,
        "hint": f"Files of edition {edition.number} are suspended since {since}: a consent has ended.",
        "word": "Files suspended",
    }
