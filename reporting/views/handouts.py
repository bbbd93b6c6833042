"""Papers that people print: the form for those who would rather write by hand, and the brief for someone who takes
over."""

import hashlib
import time
from dataclasses import dataclass
from itertools import count
from typing import Final, Protocol, cast

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.handover import find_hand_over
from commitments.reading.handover_brief import brief
from commitments.reading.public_version import build
from commitments.rules.evidence_figures import FIGURES
from commitments.rules.kinds import STRATEGY, nouns_of
from commitments.rules.references import anchor
from reporting import rendering
from reporting.paper.handouts import paper
from reporting.views.drawing_limit import drawing_place
from vcsportal.common import rate_limits

STORED_SECONDS: Final = 24 * 3600
"""Seconds for which a drawn form is stored."""
FIRST_FIGURE_NUMBER: Final = 4
"""The number of the first question on the printed form that asks for a figure."""
WAIT_SECONDS: Final = 8.0
"""Seconds that somebody waits for a form that is being drawn."""


def telephone_way(slug: str, key: str) -> str:
    """Return the whole address at which a telephone begins to tell what was done for a commitment."""
    asked = urlencode({"strategy": slug, "commitment": key})
    return f"{settings.PORTAL_URL}{reverse('commitments:evidence-steps')}?{asked}"


def square(address: str) -> str:
    """Return a QR code as a picture in an address of its own. A quarter of it may be smudged."""
    return str(segno.make_qr(address, error="q").svg_data_uri(border=4, dark="#000", light="#fff", unit="mm", scale=1))


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """What is printed on the form of one commitment; ``drawn_by`` is what else decides how it looks."""

    slug: str
    key: str
    reference: str
    wording: str
    note: str
    strategy: str
    contact: str
    drawn_by: str
    kind: str = STRATEGY.code

    @property
    def digest(self) -> str:
        """The same for the same form."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]

    def draw(self) -> bytes:
        """Return the form as a PDF."""
        address, nouns = telephone_way(self.slug, self.key), nouns_of(self.kind)
        figures = list(
            enumerate((figure.paper_question for figure in FIGURES if figure.paper_question), start=FIRST_FIGURE_NUMBER)
        )
        after = FIRST_FIGURE_NUMBER + len(figures)
        in_a_row = 2 if len(figures) <= 2 else 3  # so that three still leave room for everything on one page
        return paper(
            "papers/evidence_form.html",
            {
                "title": "Tell us what you did",
                "about": f"A form to fill in by hand, for {nouns.commitment} {self.reference} of {self.strategy}.",
                "strategy": self.strategy,
                "nouns": nouns,
                "reference": self.reference,
                "wording": self.wording,
                "note": self.note,
                "figures": [figures[place : place + in_a_row] for place in range(0, len(figures), in_a_row)],
                "figure_width": "half" if in_a_row == 2 else "third",
                "after_figures": dict(zip(("group", "publish", "people", "name"), count(after), strict=False)),
                "address": address,
                "qr": square(address),
                "contact": self.contact,
            },
        )


@require_safe
def paper_form(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A page to print, write on and hand in, with a QR code that leads to the same question on a phone.

    Anybody may ask for it, so it is stored once it is drawn, one process draws it at a time, and an address can have so
    many drawn in a minute (setting ``PAPER_FORMS_A_MINUTE``).
    """
    commitment = find_commitment(slug, key, among=Commitment.objects.select_related("strategy"))
    form = PrintedForm(
        slug, key, commitment.reference, commitment.wording, commitment.note, commitment.strategy.title, settings.PORTAL_CONTACT_EMAIL,
        build() + settings.PORTAL_URL + settings.PORTAL_COUNCIL + settings.PORTAL_BRAND_COLOUR,
        commitment.strategy.kind,
    )  # fmt: skip
    etag = f'"{form.digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = stored(form)
        if content is None:
            who = rate_limits.asker_key(request)
            allowance = (
                rate_limits.take("paper form", who, limit=settings.PAPER_FORMS_A_MINUTE, seconds=60) if who else None
            )
            if allowance is not None and not allowance.granted:
                return later(request, allowance.reset)
            content = draw_once(form)
        if content is None:
            return later(request, 5)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="tell-us-what-you-did-{anchor(commitment.reference)}.pdf"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


class DrawnPaper(Protocol):
    """A paper that anybody may ask for; ``digest`` is the same for the same paper."""

    @property
    def digest(self) -> str: ...
    def draw(self) -> bytes: ...


def stored(form: DrawnPaper) -> bytes | None:
    """Return a paper that was drawn in the last day, or None."""
    return cast("bytes | None", cache.get(f"paper-form:{form.digest}"))


def draw_once(form: DrawnPaper) -> bytes | None:
    """Draw a paper, unless somebody else is drawing it: then wait for theirs. None where that takes too long."""
    mine, ends = f"paper-form-drawn:{form.digest}", time.monotonic() + WAIT_SECONDS
    while not cache.add(mine, 1, timeout=30):
        time.sleep(0.05)
        if content := stored(form):
            return content
        if time.monotonic() > ends:
            return None
    try:
        with drawing_place(max(0.0, ends - time.monotonic())) as free:
            if not free:
                return None
            content = stored(form) or form.draw()
            cache.set(f"paper-form:{form.digest}", content, timeout=STORED_SECONDS)
            return content
    finally:
        cache.delete(mine)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A paper as HTML, ready to be drawn."""

    html: str

    @property
    def digest(self) -> str:
        """The same for the same paper."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:32]

    def draw(self) -> bytes:
        """Return it as a PDF."""
        return rendering.to_paper(self.html)


def drawn_for(request: HttpRequest, html: str) -> bytes | HttpResponse:
    """Return a paper as a PDF, or the answer that asks to come back later.

    It is stored once it is drawn, one process draws it at a time, and someone can have so many drawn in a minute
    (setting ``PAPER_FORMS_A_MINUTE``).
    """
    page = DrawnPage(html)
    content = stored(page)
    if content is None:
        who = rate_limits.asker_key(request)
        most = settings.PAPER_FORMS_A_MINUTE
        allowance = rate_limits.take("paper form", who, limit=most, seconds=60) if who else None
        if allowance is not None and not allowance.granted:
            return later(request, allowance.reset)
        content = draw_once(page)
    return content if content is not None else later(request, 5)


def later(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429 with a sentence that asks to come back in so many seconds."""
    sentence = f"Many forms are being drawn at the moment. Try again in {seconds} second{'s' if seconds != 1 else ''}."
    answer = render(request, "wait.html", {"sentence": sentence}, status=429)
    answer["Retry-After"], answer["Cache-Control"] = str(seconds), "no-store"
    return answer


@require_safe
@login_required
def hand_over_brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief of a hand-over, to print: for administrators and the two people involved."""
    entry = find_hand_over(request, pk)
    told = brief(entry, timezone.localdate())
    values = {
        "title": f"What {told.to_name} took over",
        "about": f"A brief for {told.to_name}, who took over from {told.from_name}.",
        "brief": told,
        "contact": settings.PORTAL_CONTACT_EMAIL,
    }
    response = HttpResponse(paper("papers/brief.html", values), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="brief-{entry.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
