"""Papers that people print: the form for those who would rather write by hand, the brief for whoever takes over."""

import hashlib
from functools import lru_cache
from typing import Final

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from commitments.reading.brief import brief
from commitments.reading.versions import build
from commitments.views.addresses import find
from commitments.views.handover import find_hand_over
from reporting.papers import paper

KEPT: Final = 64


def telephone_way(slug: str, key: str) -> str:
    """Return the whole address at which a telephone begins to tell what was done for a commitment."""
    asked = urlencode({"strategy": slug, "commitment": key})
    return f"{settings.PORTAL_URL}{reverse('commitments:evidence-steps')}?{asked}"


def square(address: str) -> str:
    """Return a QR code as a picture in an address of its own. A quarter of it may be smudged."""
    return str(segno.make_qr(address, error="q").svg_data_uri(border=4, dark="#000", light="#fff", unit="mm", scale=1))


@lru_cache(maxsize=KEPT)
def _drawn(
    slug: str, key: str, reference: str, wording: str, note: str, strategy: str, contact: str, drawn_by: str
) -> bytes:
    """Draw the form, once for each commitment as it is worded now."""
    address = telephone_way(slug, key)
    return paper(
        "papers/evidence_form.html",
        {
            "title": "Tell us what you did",
            "about": f"A form to write on by hand, for commitment {reference} of {strategy}.",
            "strategy": strategy,
            "reference": reference,
            "wording": wording,
            "note": note,
            "address": address,
            "qr": square(address),
            "contact": contact,
        },
    )


@require_safe
def paper_form(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A page to print, write on and hand in, with a QR code that leads to the same question on a telephone."""
    found = find(slug, key, among=Commitment.objects.select_related("strategy"))
    drawn_by = build() + settings.PORTAL_URL + settings.PORTAL_COUNCIL + settings.PORTAL_BRAND_COLOUR
    said = (
        slug,
        key,
        found.reference,
        found.wording,
        found.note,
        found.strategy.title,
        settings.PORTAL_CONTACT_EMAIL,
        drawn_by,
    )
    etag = f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(_drawn(*said), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="tell-us-what-you-did-{found.reference}.pdf"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
@login_required
def hand_over_brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief of a hand-over, to print: for administrators and the two people whom it is about."""
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
