"""A program without an account finds, reads, downloads and verifies everything that is published, and nothing else."""

import json
from contextlib import suppress
from hashlib import sha256

import pytest
from django.conf import settings as portal_settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tests.crawler import Read, crawl
from tests.factories import make_edition
from tests.house.test_open_data import PUBLIC_NOW, fill
from tests.house.test_search_secrets import FOUND_ONCE_PUBLISHED, SECRETS
from tests.house.world import SECRET, World
from vcsportal.common.words import Refused
from vcsportal.open_data.catalogue import DATASETS
from vcsportal.open_data.metadata import MEDIA_TYPES

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
DRAWN_FROM_FACTS = "/reports/of/"
"""Pages of a report: an edition that a factory made has files, and no facts from which they could be drawn."""


@pytest.fixture(autouse=True)
def unlimited(settings) -> None:
    settings.READS_A_MINUTE = 0


def path_of(url: str) -> str:
    return url.removeprefix(portal_settings.PORTAL_URL)


def addresses_with_the_secret(read: dict[str, Read]) -> set[str]:
    return {address for address, answer in read.items() if any(SECRET.casefold() in t.casefold() for t in answer.texts)}


class Site:
    """A client of a small site in which each kind of answer leads to a page that nothing else leads to."""

    def __init__(self) -> None:
        site = portal_settings.PORTAL_URL
        self.pages = {
            "/": HttpResponse("<a href='/page/?format=csv'>", headers={"Link": '</header/>; rel="next"'}),
            "/robots.txt": HttpResponse(f"Sitemap: {site}/map.xml", content_type="text/plain"),
            "/map.xml": HttpResponse(f"<loc>{site}/mapped/</loc>", content_type="application/xml"),
            "/mapped/": HttpResponseRedirect("/moved/"),
            "/moved/": HttpResponse(json.dumps([{"next": f"{site}/json/"}]), content_type="application/json"),
            "/json/": HttpResponse(f"URL:{site}/fol\r\n ded/", content_type="text/calendar"),
        }

    def get(self, address: str) -> HttpResponse:
        return self.pages.get(address, HttpResponse())


def test_the_program_follows_every_kind_of_address():
    read = crawl(Site(), site=portal_settings.PORTAL_URL)
    assert read.keys() - Site().pages.keys() == {"/page/?format=csv", "/header/", "/folded/"}
    assert Site().pages.keys() <= read.keys()


def test_from_the_first_page_everything_is_found_and_verified_and_nothing_else(world: World):
    for name, make in SECRETS.items():
        if name not in PUBLIC_NOW:
            with suppress(Refused):  # of two that exclude each other the first is enough
                make(world)
    make_edition(round_=world.closed_round(), by=world.person("administrator"), published=True)
    read = crawl(world.client("anonymous"), site=portal_settings.PORTAL_URL)

    assert addresses_with_the_secret(read) == set()
    failed = {address: answer.status for address, answer in read.items() if answer.status >= 400}
    assert {address for address in failed if not address.startswith(DRAWN_FROM_FACTS)} == set()
    for dataset in DATASETS:
        assert {f"/data/{dataset.slug}/", *(f"/data/{dataset.slug}.{ending}" for ending in MEDIA_TYPES)} <= read.keys()
    doors = json.loads(read[reverse("api:root")].content)
    assert {path_of(url) for url in doors.values()} <= read.keys()
    assert {reverse("sitemap"), reverse("following:feed")} <= read.keys()
    assert read[reverse("following:strategy-calendar", args=[world.strategy.slug])].media_type == "text/calendar"
    faces = [face for edition in json.loads(read["/api/v1/editions/"].content)["results"] for face in edition["faces"]]
    assert len(faces) >= 3
    for face in faces:
        assert sha256(read[path_of(face["url"])].content).hexdigest() == face["sha256"], face["code"]


def test_what_is_published_is_read_in_the_data_and_in_the_api(world: World):
    """The other half: the crawler finds the same word once it is published."""
    fill(world)
    begin = ("/api/v1/", "/data/")
    read = crawl(world.client("anonymous"), site=portal_settings.PORTAL_URL, begin=begin, within=begin)
    told = addresses_with_the_secret(read)
    for kind in FOUND_ONCE_PUBLISHED:
        where = f"strategies/{world.strategy.slug}/updates" if kind == "updates" else kind
        assert f"/api/v1/{where}/" in told
    for slug in ("evidence", "case-studies", "updates", "points", "organisations"):
        assert {f"/data/{slug}.csv", f"/data/{slug}.ods", f"/data/{slug}.json"} <= told
