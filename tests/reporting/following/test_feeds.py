"""Feeds are whole, in the right order, and the same for as long as nothing changes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from commitments.reading.topics import of_strategy
from commitments.services.progress import change_status
from reporting.reading.published import MOST_IN_FEED, publications
from tests.factories import make_evidence
from tests.reading_feeds import ATOM, entries, feed

pytestmark = pytest.mark.django_db


def test_entries_come_latest_first_with_ids_that_stay_and_links_that_open(
    client, settings, officer, partner, commitment, now
):
    settings.PORTAL_URL = "https://portal.example.org"
    first = make_evidence(partner, commitment, state="accepted", officer=officer, at=now - timedelta(hours=2))
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="The <hall> is open & warm.")
    address = reverse("following:commitment-feed", args=[commitment.strategy.slug, commitment.key])
    newest, oldest = entries(client, address)
    assert newest["title"] == f"{commitment.reference} {commitment.short_title}: first status: On track"
    assert newest["summary"] == "<p>The &lt;hall&gt; is open &amp; warm.</p>"
    assert newest["updated"] > oldest["updated"]
    assert oldest["id"] == f"tag:portal.example.org,2026:evidence/{first.pk}"
    assert oldest["link"] == f"https://portal.example.org{first.get_absolute_url()}"
    type(first).objects.filter(pk=first.pk).update(title="Another title")
    type(commitment).objects.filter(pk=commitment.pk).update(short_title="Another name")
    assert [each["id"] for each in entries(client, address)] == [newest["id"], oldest["id"]]
    for each in (newest, oldest):
        assert client.get(each["link"].removeprefix("https://portal.example.org")).status_code == 200
    whole = feed(client, address)
    links = {link.attrib["rel"]: link.attrib["href"] for link in whole.findall(f"{ATOM}link")}
    assert links == {
        "self": f"https://portal.example.org{address}",
        "alternate": f"https://portal.example.org{commitment.get_absolute_url()}",
    }
    assert whole.findtext(f"{ATOM}updated") == newest["updated"]


def test_so_many_at_most_in_few_questions(officer, partner, commitment, now, django_assert_max_num_queries):
    for number in range(3):
        make_evidence(partner, commitment, state="accepted", officer=officer, at=now - timedelta(minutes=number))
    with django_assert_max_num_queries(8):
        found = publications(of_strategy(commitment.strategy), now.date(), most=2)
    assert [each.at for each in found] == [now, now - timedelta(minutes=1)]
    since = now - timedelta(minutes=2)
    assert len(publications(of_strategy(commitment.strategy), now.date(), since=since)) == 2
    assert MOST_IN_FEED == 50


def test_a_reader_that_has_it_gets_304_until_something_changes(client, officer, commitment, now):
    address = reverse("following:feed")
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Begun.")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_a_feed_without_an_entry_is_whole_and_one_of_nothing_is_not_there(client, council, strategy):
    empty = feed(client, reverse("following:organisation-feed", args=[council.slug]))
    assert not list(empty.iter(f"{ATOM}entry"))
    assert empty.findtext(f"{ATOM}updated")
    for address in ("/strategies/none/feed.atom", f"/strategies/{strategy.slug}/commitments/none/feed.atom", "/organisations/none/feed.atom"):  # fmt: skip
        assert client.get(address).status_code == 404


def test_pages_lead_to_their_feeds_in_words_and_for_programs(client, strategy, commitment, charity):
    pages = {
        strategy.get_absolute_url(): reverse("following:strategy-feed", args=[strategy.slug]),
        commitment.get_absolute_url(): reverse("following:commitment-feed", args=[strategy.slug, commitment.key]),
        charity.get_absolute_url(): reverse("following:organisation-feed", args=[charity.slug]),
    }
    for page, address in pages.items():
        html = client.get(page).content.decode()
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', html)
        assert found == [reverse("following:feed"), address]
        assert html.count(f'href="{address}"') == 2
        assert client.get(address).status_code == 200
