"""One commitment for other websites: a card to frame and a badge."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from commitments.models import Commitment
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.embedding import embeddable
from commitments.reading.cards import CommitmentCard, badge, card_of


def _card(slug: str, key: str) -> CommitmentCard:
    return card_of(find_commitment(slug, key, among=Commitment.objects.select_related("strategy__owner")))


@embeddable
def card(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A commitment's card: a page of its own, made for a frame. It is drawn without the request, so it can't say who asks."""
    values = {"card": _card(slug, key), "portal_name": settings.PORTAL_NAME}
    return HttpResponse(render_to_string("commitments/card.html", values))


@embeddable
def status_badge(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A commitment's status as a small picture with its word."""
    return HttpResponse(badge(_card(slug, key)), content_type="image/svg+xml; charset=utf-8")
