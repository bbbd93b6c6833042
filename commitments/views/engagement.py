"""Engagement to read: the list with its filters, and one meeting, workshop or consultation."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commitments.filters.engagement import EngagementFilter
from commitments.models import Engagement
from commitments.page_parts.engagement import find_engagement
from commitments.page_parts.public_pages import public_page
from commitments.permissions.engagement import can_keep_engagement, can_read_account
from commitments.queries.engagement_owners import owners_offered
from commitments.reading import engagement as reading
from commitments.reading.evidence_cards import card as evidence_card
from commitments.reading.evidence_cards import read_cards
from commitments.rules import workflow
from vcsportal.common import plurals
from vcsportal.common.csv_links import csv_link
from vcsportal.common.pages import active_filters

ENGAGEMENT_PER_PAGE: Final = 20


@public_page
def engagement_list(request: HttpRequest) -> HttpResponse:
    """What is planned, soonest first, then what was held, newest first; filtered and twenty a page."""
    chosen = EngagementFilter(request.GET, Engagement.objects.all(), request=request)
    form = chosen.form
    for name in ("group", "strategy", "district", "year"):
        if len(form.fields[name].choices.choices) <= 1 and not request.GET.get(name):
            del form.fields[name]  # a choice of one is none
    valid = form.is_valid()
    found = (chosen.qs if valid else Engagement.objects.none()).with_owner().upcoming_then_held()
    page = Paginator(found, ENGAGEMENT_PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "filter_form": form,
        "active": active_filters(form, request.GET) if valid else [],
        "valid": valid,
        "form": None if valid else form,  # the page's error summary
        "page_obj": page,
        "csv_url": csv_link("engagement-list", request.GET) if valid and page.paginator.count else "",
        "count": page.paginator.count,
        "counted": plurals.counted(page.paginator.count, "meeting or consultation", "meetings and consultations"),
        "parts": reading.headings(reading.card(engagement) for engagement in page),
        "may_plan": owners_offered(request.user, timezone.localdate()).any,
    }
    return render(request, "commitments/engagement_list.html", values, status=200 if valid else 422)


@public_page
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, workshop or consultation: what everyone can read, and for those who keep it what they can do."""
    found = find_engagement(pk)
    today = timezone.localdate()
    keeps = can_keep_engagement(request.user, found, today)
    told = found.is_written_up or (keeps and can_read_account(request.user, found, today))
    came, apologies = reading.attendance_of(found) if told else ([], [])
    evidence = reading.evidence_of(found, request.user) if told else []
    values: dict[str, Any] = {
        "engagement": found,
        "kind": found.kind_of,
        "state": workflow.ENGAGEMENT_STATE[found.state],
        "districts": list(found.districts.order_by("name", "id")),
        "told": told,
        "asked": reading.asked_in_words(found) if told else "",
        "came": came,
        "apologies": apologies,
        "commitments": reading.commitments_of(found),
        "cards": [evidence_card(piece, state=False) for piece in read_cards(evidence, today=today)],
        "keeps": keeps,
        "has_begun": found.has_begun(today),
        "meeting_url": reading.meeting_url(found),
        "minutes_url": reading.minutes_url(found),
    }
    return render(request, "commitments/engagement.html", values)
