"""Atom feeds (RFC 4287): what was published of everything, of a strategy, a commitment, an organisation or a group."""

from datetime import datetime, time
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from commitments.models import Strategy
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.public_pages import public_page
from commitments.reading import topics
from partners.models import Organisation
from reporting.reading.published import publications
from vcsportal.common.api_addresses import portal_url

ATOM: Final = "application/atom+xml; charset=utf-8"
LICENCE: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_NAMED_SINCE: Final = 2026
"""The year in which the portal's name in the ids of entries is its own (RFC 4151). It never changes, or ids would."""


class Feed(Atom1Feed):
    """A feed whose entries say in which language they are written, and that is the same for as long as nothing changes."""

    def item_attributes(self, item: Any) -> dict[str, Any]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def latest_post_date(self) -> datetime:
        """Return when the last entry was published. A feed without one says the beginning of today, as its page's version does."""
        moments = [item["updateddate"] for item in self.items]
        return max(moments, default=timezone.make_aware(datetime.combine(timezone.localdate(), time.min)))


@public_page
def everything(request: HttpRequest) -> HttpResponse:
    """All that is published in the portal."""
    return _feed(request, topics.everything(f"{settings.PORTAL_NAME}: everything published"))


@public_page
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is published about a strategy."""
    return _feed(request, topics.of_strategy(get_object_or_404(Strategy, slug=slug)))


@public_page
def commitment(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What is published about one commitment."""
    return _feed(request, topics.of_commitment(find_commitment(slug, key)))


@public_page
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation or a group has published."""
    return _feed(request, topics.of_organisation(get_object_or_404(Organisation.objects.public(), slug=slug)))


def _feed(request: HttpRequest, topic: topics.Topic) -> HttpResponse:
    here = urlsplit(settings.PORTAL_URL)
    feed = Feed(
        title=topic.title, link=portal_url(topic.url), description="", language=topic.language or settings.LANGUAGE_CODE,
        subtitle=f"What {settings.PORTAL_COUNCIL} and its partners have published.",
        author_name=settings.PORTAL_COUNCIL, feed_url=portal_url(request.path),
        feed_guid=f"tag:{here.hostname},{_NAMED_SINCE}:{topic.kind}/{topic.pk or ''}", feed_copyright=LICENCE,
    )  # fmt: skip
    for each in publications(topic, timezone.localdate()):
        feed.add_item(
            title=each.title, link=portal_url(each.url), description=f"<p>{escape(each.text)}</p>" if each.text else "",
            unique_id=f"tag:{here.hostname},{_NAMED_SINCE}:{each.key}", updateddate=each.at,
            author_name=each.by or settings.PORTAL_COUNCIL, categories=[each.kind], language=each.language,
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)
