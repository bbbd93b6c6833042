"""The help pages: short instructions for each kind of person, with a picture for each task (``make shots ARGS=help``)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

PICTURE_SIZES: Final = Path(__file__).with_name("help_pictures.json")
"""Width and height of each picture in pixels, by name; written together with the pictures."""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its part of the address, which is also its template's name, its title, and what is on it."""

    slug: str
    title: str
    summary: str


HELP_PAGES: Final = (
    HelpPage(
        "readers",
        "Reading and checking",
        "See how a commitment is going, tell the council something, or check a report.",
    ),
    HelpPage(
        "partners",
        "Partner organisations",
        "Sign in, log evidence from your phone, write a case study, give your own view, and connect your own database.",
    ),
    HelpPage(
        "officers", "Council officers", "Update a commitment, answer people, review evidence and approve updates."
    ),
    HelpPage("steering-group", "Steering group", "Read and comment on the draft, and publish the yearly report."),
    HelpPage("secretaries", "Secretaries of groups", "Look after the seats, plan a meeting, run it, and write it up."),
    HelpPage(
        "administrators",
        "Administrators",
        "Plan a round, remind people, invite someone, and answer those who ask to take part.",
    ),
)

HELP_FOR: Final = {
    "commitments:my-work": ("", "Help: short instructions with pictures"),
    "commitments:evidence-new": ("partners#log-evidence", "How to log evidence from your phone"),
    "commitments:case-study-write": ("partners#case-study", "How to write a case study"),
    "commitments:sign": ("partners#sign", "How to sign a charter"),
    "commitments:pledges": ("partners#sign", "How to sign a charter"),
    "commitments:view": ("partners#view", "How to give your own view"),
    "commitments:update": ("officers#update", "How to update a commitment"),
    "commitments:workbooks": ("officers#spreadsheet", "How to fill in a spreadsheet"),
    "commitments:workbook-upload": ("officers#spreadsheet", "How to fill in a spreadsheet"),
    "commitments:review": ("officers#review", "How to review evidence"),
    "commitments:review-one": ("officers#review", "How to review evidence"),
    "commitments:approvals": ("officers#approve", "How to approve an update"),
    "commitments:approval": ("officers#approve", "How to approve an update"),
    "commitments:response": ("officers#respond", "How to answer a recommendation"),
    "commitments:risk-new": ("officers#risk", "How to record a risk"),
    "commitments:risk-assess": ("officers#risk", "How to record a risk"),
    "commitments:points": ("officers#point", "How to answer a point"),
    "commitments:point": ("officers#point", "How to answer a point"),
    "commitments:sourced-figure-new": ("officers#figure", "How to add a figure with its source"),
    "commitments:sourced-value-new": ("officers#figure", "How to add a figure with its source"),
    "commitments:engagement-new": ("secretaries#plan", "How to plan a meeting"),
    "commitments:engagement-attendance": ("secretaries#write-up", "How to write up a meeting"),
    "commitments:engagement-write-up": ("secretaries#write-up", "How to write up a meeting"),
    "meetings:meeting": ("secretaries#meeting", "How to run a meeting"),
    "partners:personal-calendar": ("partners#calendar", "How to see your tasks in your calendar"),
    "partners:tokens": ("partners#token", "How to let a program send what it knows"),
    "partners:token-new": ("partners#token", "How to let a program send what it knows"),
    "partners:seats": ("secretaries#seats", "How to look after the seats of a group"),
    "commitments:round-new": ("administrators#round", "How to plan a round"),
    "commitments:round": ("administrators#nudge", "How to remind people"),
    "partners:joining-requests": ("administrators#joining", "How to answer a request to take part"),
    "partners:joining-request": ("administrators#joining", "How to answer a request to take part"),
    "partners:invite": ("administrators#invite", "How to invite someone"),
    "reporting:report-write": ("steering-group#comment", "How to read and comment on the draft"),
    "reporting:report-section": ("officers#write", "How to write a section of the report"),
    "reporting:edition-publish": ("steering-group#publish", "How to publish the yearly report"),
    "following:follow": ("readers#follow", "How to follow what is published"),
    "reporting:verify": ("readers#verify", "How to check that a report is genuine"),
}
"""Where a page leads to its instructions: by the name of its address, the help page with the task on it, and the link's words."""


def help_link(request: HttpRequest) -> dict[str, str] | None:
    """Return ``url`` and ``words`` of the link to the instructions for the page that is asked for; None if it has none."""
    found = HELP_FOR.get(request.resolver_match.view_name) if request.resolver_match else None
    if found is None:
        return None
    slug, _, task = found[0].partition("#")
    address = reverse("help-page", args=[slug]) if slug else reverse("help")
    return {"url": f"{address}#{task}" if task else address, "words": found[1]}


@cache
def picture_sizes() -> dict[str, tuple[int, int]]:
    """Return width and height of every picture, by name."""
    return {name: (width, height) for name, (width, height) in json.loads(PICTURE_SIZES.read_text()).items()}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the help pages."""
    return render(request, "pages/help/index.html", {"pages": HELP_PAGES})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one help page."""
    shown = next((help_page for help_page in HELP_PAGES if help_page.slug == slug), None)
    if shown is None:
        raise Http404
    return render(request, f"pages/help/{slug}.html", {"page": shown, "pages": HELP_PAGES})
