"""What search engines may find: the pages that anybody may read, apart from single items of evidence.

Evidence tells of people who agreed to be shown on the portal's pages, which is less than being found by a search engine.
"""

from collections.abc import Iterable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as draw
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from commitments.models import Commitment, Engagement, Priority, Strategy
from commitments.page_parts.public_pages import public_page
from commitments.reading import pages as reading
from commitments.reading.districts import district_address
from partners.models import Organisation
from partners.reading.areas import every_district
from reporting.models import Edition
from vcsportal.open_data.catalogue import DATASET

ALWAYS: Final = (
    "commitments:home",
    "commitments:strategies",
    "commitments:districts",
    "commitments:engagement-list",
    "partners:organisation-list",
    "reporting:edition-list",
    "reporting:verify",
    "accessibility",
    "privacy",
    "cookies",
    "api:docs",
    "open-data",
)


def addresses() -> Iterable[str]:
    """Yield the address of every page that strangers may find. Eight queries."""
    yield from map(reverse, ALWAYS)
    yield from (reverse("dataset", args=[slug]) for slug in DATASET)
    for slug in Strategy.objects.newest_first().values_list("slug", flat=True):
        yield reverse("commitments:glance", args=[slug])
        yield reverse("commitments:commitment-list", args=[slug])
        yield reverse("reporting:changes", args=[slug])
    for slug, number in Priority.objects.order_by("strategy", "number", "id").values_list("strategy__slug", "number"):
        yield reading.priority_address(slug, number)
    for slug, key in Commitment.objects.order_by("strategy", "id").values_list("strategy__slug", "key"):
        yield reading.address(slug, key)
    for district in every_district():
        yield district_address(district.area)
    for number in Engagement.objects.written_up().newest_first().values_list("pk", flat=True):
        yield reverse("commitments:engagement", args=[number])
    seen = Organisation.objects.bodies().public().order_by("id")
    for slug in seen.values_list("slug", flat=True):
        yield reverse("partners:organisation", args=[slug])
    public = Edition.objects.public().order_by("round__strategy", "round", "id")
    for slug, round_ in dict.fromkeys(public.values_list("round__strategy__slug", "round__slug")):
        yield reverse("reporting:report", args=[slug, round_])


class PublicPages(Sitemap):  # type: ignore[type-arg]  # Django's class takes no argument when it runs
    """The sitemap of :func:`addresses`."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(urlsplit(settings.PORTAL_URL).scheme)

    def get_domain(self, site: Any = None) -> str:
        return str(urlsplit(settings.PORTAL_URL).netloc)

    def items(self) -> list[str]:
        return list(addresses())

    def location(self, item: str) -> str:
        return item


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap, kept like other public pages while nothing changes."""
    answer: Any = draw(request, {"pages": PublicPages})
    return cast(HttpResponse, answer.render())
