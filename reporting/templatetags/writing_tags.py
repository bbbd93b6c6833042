"""What other pages show about writing a report."""

from textwrap import shorten
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from commitments.rules.periods import period_of_all
from partners import roles
from partners.permissions import has_permission_anywhere
from reporting.reading import report_texts as reading
from reporting.reading.open_comments import sections_for
from reporting.reading.steering import DraftComment, SteeringWork, steering_work
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

register = template.Library()


@register.inclusion_tag("reporting/_remarks.html", takes_context=True)
def remarks(context: template.Context, section: str, number: int | str = "") -> dict[str, Any]:
    """Show under a section of a draft a link to its comments; nothing in an edition. ``section`` and ``number`` make
    its key."""
    return {"remark": getattr(context.get("links"), "remarks", {}).get(f"{section}{number}")}


@register.inclusion_tag("reporting/_writing.html", takes_context=True)
def next_reports(context: template.Context) -> dict[str, Any]:
    """Show the rounds that have begun, each with how far its report is written, to those who see drafts.

    Those that are under way, or of which something waits to be answered, come first; the other years are folded.
    """
    person = context["request"].user
    if not has_permission_anywhere(person, roles.SEE_UNPUBLISHED_REPORTS):
        return {}
    lines = reading.lines(person, today=timezone.localdate())
    several = len({line.round.strategy_id for line in lines}) > 1
    now = [line for line in lines if line.open or line.round.state in {"open", "in_review"}] or lines[:1]
    others = [line for line in lines if line not in now]
    period = period_of_all([(line.round.observes_from, line.round.observes_to) for line in others])
    return {
        "other": period.reworded("Other years"),
        "of_others": period.reworded("Reports of other years"),
        "lines": [_task(line, several=several) for line in now],
        "others": [_task(line, several=several) for line in others],
        "may_write": has_permission_anywhere(person, roles.WRITE_REPORT),
    }


def _task(line: reading.RoundTextProgress, *, several: bool) -> dict[str, str]:
    round_ = line.round
    of = f", {round_.strategy.title}" if several else ""  # several strategies may have rounds of the same name
    return {
        "title": f"Report for {round_.label}{of}",
        "url": reverse("reporting:report-write", args=[round_.strategy.slug, round_.slug]),
        "hint": plurals.counted(line.open, "open comment") if line.open else "No open comment",
        "word": f"{line.written} of {line.of} sections written",
    }


@register.simple_tag(takes_context=True)
def comments_to_answer(context: template.Context) -> list[dict[str, str]]:
    """Return the sections of drafts with open comments that the person answers, as tasks of ``_task_list.html``."""
    return [
        {
            "title": f"Answer {plurals.counted(section.count, 'comment')} on “{section.label}”",
            "url": reverse(
                "reporting:report-section", args=[section.round.strategy.slug, section.round.slug, section.section]
            )
            + "#comments",
            "hint": f"Draft report for {section.round.label}, {section.round.strategy.title}",
            "word": "To do",
        }
        for section in sections_for(context["request"].user)
    ]


@register.inclusion_tag("reporting/_steering.html", takes_context=True)
def steering(context: template.Context) -> dict[str, Any]:
    """Show each strategy that the person's groups steer; nothing, and without a query, to those without a seat."""
    person = context["request"].user
    works = steering_work(person, today=timezone.localdate())
    seated = any(roles.BY_CODE[grant.role].within == "group" for grant in person.grants)
    return {"works": [_steered(work) for work in works], "none": seated and not works}


def _steered(work: SteeringWork) -> dict[str, Any]:
    slug = work.strategy.slug
    return {
        "work": work,
        "drafts": [_task(line, several=False) for line in work.drafts],
        "draft_urls": [
            (line.round.label, reverse("reporting:report-draft", args=[slug, line.round.slug])) for line in work.drafts
        ],
        "comments": [_comment(draft_comment) for draft_comment in work.comments],
        "changes_url": f"{reverse('reporting:changes', args=[slug])}?from={work.since}&to={timezone.localdate()}",
    }


def _comment(comment: DraftComment) -> dict[str, str]:
    url = reverse("reporting:report-section", args=[comment.round.strategy.slug, comment.round.slug, comment.section])
    day = in_words(timezone.localdate(comment.said_at))
    return {
        "title": f"{comment.label}, {comment.round.label}",
        "url": f"{url}#comments",
        "hint": f"{comment.said_by} on {day}: “{shorten(comment.words, 160, placeholder=' …')}”",
        "word": "Open",
    }
