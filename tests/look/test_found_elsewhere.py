"""What search engines and other sites' cards are shown of the portal: addresses, descriptions, a picture of the board."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from commitments.reading.glance import CommitmentAtGlance, board
from commitments.services.progress import change_status
from tests.factories import make_edition, make_evidence, make_round
from vcsportal import board_png
from vcsportal.sitemaps import addresses

pytestmark = pytest.mark.django_db


def meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta\s+(?:name="description"\s+)?property="([^"]+)"\s+content="([^"]*)"', page)
    return dict(found)


def test_robots_are_told_what_is_public_and_where_it_is_listed(client: Client, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /account/" in lines
    assert lines[-1] == "Sitemap: https://portal.example.org/sitemap.xml"


def test_the_sitemap_lists_pages_that_strangers_may_read_and_no_others(
    client, officer, partner, strategy, commitment, charity, settings
):
    settings.PORTAL_URL = "https://portal.example.org"
    item = make_evidence(partner, commitment, state="accepted", officer=officer)
    draft, published = make_round(strategy, years_ago=1), make_round(strategy, years_ago=2)
    make_edition(round_=draft, by=officer)
    make_edition(round_=published, by=officer, published=True)
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(answer.content)
    texts = [loc.text or "" for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    paths = [text.split("https://portal.example.org", 1)[1] for text in texts]
    assert paths == list(addresses())
    assert len(paths) == len(set(paths)) > 15
    assert commitment.get_absolute_url() in paths
    assert charity.get_absolute_url() in paths
    assert reverse("reporting:report", args=[strategy.slug, published.slug]) in paths
    assert reverse("reporting:report", args=[strategy.slug, draft.slug]) not in paths
    assert item.get_absolute_url() not in paths
    without_facts = reverse("reporting:report", args=[strategy.slug, published.slug])  # an edition of a test has none
    refused = [path for path in paths if path != without_facts and client.get(path).status_code != 200]
    assert refused == []


def test_questions_for_the_sitemap_do_not_grow(client, strategy, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        assert client.get("/sitemap.xml").status_code == 200


def test_pages_describe_themselves_to_other_sites(client, officer, strategy, commitment, now, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    picture = f"https://portal.example.org/strategies/{strategy.slug}/board.png"
    first = meta(client.get("/").content.decode())
    assert first["og:title"] == strategy.title
    assert "has made 4 commitments under 2 priorities" in first["og:description"]
    assert first["og:image"] == picture
    assert "one tile for each commitment. Of 4 commitments, 1 is on track." in first["og:image:alt"]
    one = meta(client.get(commitment.get_absolute_url()).content.decode())
    assert one["og:title"] == f"{commitment.reference} {commitment.short_title}"
    assert one["og:description"] == commitment.wording
    assert one["og:image"] == picture
    other = meta(client.get("/cookies/").content.decode())
    assert "Oxfordshire County Council and its partners" in other["og:description"]
    assert resolve(picture.removeprefix("https://portal.example.org")).view_name == "board-picture"


def test_the_picture_shows_the_board_as_it_stands_and_is_kept_while_it_does(
    client, officer, strategy, commitment, now, django_assert_num_queries
):
    address = reverse("board-picture", args=[strategy.slug])
    before = client.get(address)
    picture = Image.open(BytesIO(before.content))
    assert (before["Content-Type"], picture.format, picture.size) == ("image/png", "PNG", (1200, 630))
    assert len(before.content) < 120_000
    with django_assert_num_queries(1):
        assert client.get(address).content == before.content
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    after = client.get(address)
    assert after.content != before.content
    pixels = Image.open(BytesIO(after.content)).convert("RGB").tobytes()
    seen = {tuple(pixels[at : at + 3]) for at in range(0, len(pixels), 3)}
    assert any(abs(r - 0xD3) + abs(g - 0xEB) + abs(b - 0xDD) < 12 for r, g, b in seen), "the fill of On track"
    assert client.get(reverse("board-picture", args=["none"])).status_code == 404


@pytest.mark.parametrize("count", [0, 1, 32, 200, 2000])
def test_a_board_of_any_size_is_drawn(count):
    tiles = [CommitmentAtGlance(1, f"1.{n}", "Thing", "on_track") for n in range(count)]
    drawn = board_png.draw("W" * 200, "", board([(1, "One", "", "")], tiles), brand="#17424f")
    assert Image.open(BytesIO(drawn)).size == (1200, 630)


def test_programs_that_ask_for_favicon_ico_are_led_to_it(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.url) == (302, "/static/images/favicon.ico")
