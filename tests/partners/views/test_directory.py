"""The directory's list and pages: what is found, how ended and removed organisations show, and how fast it is with 3,000."""

import re
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import Point
from partners.models import Organisation
from partners.services.removal import remove_listing
from partners.services.standing import end_organisation
from partners.services.strands import StrandContent, add_strand
from tests.factories import make_organisation
from tests.timing import measured, server_work

pytestmark = pytest.mark.django_db
LIST = "/organisations/"
REQUESTS = 10
"""So many that the work of the database, which the system counts in hundredths of a second, is measured well."""


@pytest.fixture
def group(area):
    strand = add_strand(by=None, at=timezone.now(), content=StrandContent("Age"))
    return make_organisation(
        "Ash Green Allotments", "unincorporated_group", standing="listed", former_names="Mill Plots", districts=[area],
        strands=[strand], description="Gardening for all.", telephone="01632 960001", team_mailbox="info@ash.example.org",
        source="its website", checked_on=date(2026, 3, 12),
    )  # fmt: skip


def found(client, query):
    page = client.get(LIST + query).content.decode()
    return set(re.findall(r'app-directory__name"><a[^>]*>([^<]+)</a>', page))


def test_everything_that_can_be_asked_finds_it(client, group, charity, area):
    name, strand = {group.name}, group.strands.get().code
    for query in ("?q=mill+plot", "?q=garden", "?standing=listed", f"?strand={strand}", f"?district={area.gss_code}"):
        assert found(client, query) == name, query
    assert found(client, "?sector=voluntary") == {group.name, charity.name}
    assert found(client, "?sector=health") == set()
    assert found(client, "") == {group.name, charity.name}


def test_the_old_name_finds_the_successor_and_both_say_so(client, group):
    middle, old = make_organisation("Middle", standing="listed"), make_organisation("Zebra Plots", standing="listed")
    for first, then in ((old, middle), (middle, group)):
        end_organisation(by=None, at=timezone.now(), organisation=first, ended_on=date(2024, 3, 31), succeeded_by=then)
    assert found(client, "") == {group.name}
    assert found(client, "?q=zebra") >= {old.name, group.name}
    assert found(client, "?standing=ended") == {old.name, middle.name}
    page = client.get(old.get_absolute_url()).content.decode()
    assert group.get_absolute_url() in page
    assert "31 March 2024" in page
    assert "kind=listing" in page
    assert "No commitment names" not in page
    assert "Nothing has been published" not in page
    assert old.name not in client.get(group.get_absolute_url()).content.decode()
    assert middle.name in client.get(group.get_absolute_url()).content.decode()


def test_a_listed_page_says_what_it_is_and_how_to_correct_it(client, group):
    page = client.get(group.get_absolute_url()).content.decode()
    for words in ("Formerly Mill Plots", "tel:01632960001", "mailto:info@ash.example.org", "Checked on 12 March 2026", "Age",
                  "Is this you?", "kind=listing"):  # fmt: skip
        assert words in page, words


def test_a_removed_organisation_is_nowhere(client, officer, signed_in, group):
    remove_listing(by=officer, at=timezone.now(), organisation=group, why="It asked us to.")
    assert client.get(group.get_absolute_url()).status_code == 410
    assert client.get(reverse("partners:joining", args=[group.slug])).status_code == 404
    assert found(client, "?q=allotments") == set()
    assert group.slug not in client.get("/api/v1/organisations/").content.decode()
    assert client.get(f"/api/v1/organisations/{group.slug}/").status_code == 404
    assert group.slug not in client.get("/sitemap.xml").content.decode()
    assert signed_in(officer).get(group.get_absolute_url()).status_code == 200


def test_a_message_about_a_page_names_its_organisation(client, group, monkeypatch):
    monkeypatch.setattr("vcsportal.common.program_traps.MINIMUM_SECONDS", -1)
    address = f"/tell-us/?page={group.get_absolute_url()}&kind=listing"
    form = client.get(address).context["form"]
    sent = {
        "form_token": uuid.uuid4(), "drawn": form["drawn"].value(), "page": group.get_absolute_url(), "kind": "listing",
        "words": "Please remove us.",
    }  # fmt: skip
    assert client.post("/tell-us/", sent).status_code == 302
    assert Point.objects.get().about_organisation == group
    assert client.post("/tell-us/", {**sent, "page": "/help/"}).status_code == 422
    assert "listing" not in client.get("/tell-us/").content.decode()


def test_a_new_organisation_with_a_name_like_a_listed_one_asks_whether_it_is_that(signed_in, administrator, group):
    sent = {"name": "Ashgreen Allotments", "kind": "charity"}
    page = signed_in(administrator).post(reverse("partners:organisation-new"), sent)
    assert page.status_code == 422
    assert "Is it one of these?" in page.content.decode()
    assert group.get_absolute_url() in page.content.decode()
    again = signed_in(administrator).post(reverse("partners:organisation-new"), {**sent, "is_none_of_these": "on"})
    assert again.status_code == 302


def test_an_empty_directory_does_not_speak_of_filters(client):
    assert "The directory has no organisations yet." in client.get(LIST).content.decode()
    assert "Remove a filter to see more." in client.get(f"{LIST}?q=larkhythe").content.decode()


def test_three_thousand_are_as_quick_as_sixty(signed_in, outsider, group, area):
    client = signed_in(outsider)  # whose pages are never kept, as those of strangers are

    def fill(numbers):
        Organisation.objects.bulk_create(
            Organisation(
                slug=f"g-{n}", name=f"Group {n} of Larkhythe", sort_name=f"group {n:04}", kind="charity", standing="listed",
                joined_at=timezone.now(), description="Neighbours who meet and cook together.",
            )
            for n in numbers
        )  # fmt: skip

    def work_for(address):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        count = len(asked)  # now: the next request clears the log
        assert count > 2, "a page that is kept would measure nothing"
        served = server_work()
        with measured() as took:
            for _ in range(REQUESTS):
                client.get(address)
        return (took.seconds + server_work() - served) / REQUESTS * 1000, count

    queries = (LIST, *(LIST + query for query in ("?page=1", "?q=allotments", "?q=larkhythe", "?standing=listed&page=2")),
               group.get_absolute_url())  # fmt: skip
    fill(range(60))  # as many as a page shows, and more
    few = {query: work_for(query) for query in queries}
    fill(range(60, 3_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partners_organisation")
    for query in queries:
        (before, asked), (after, asked_then) = few[query], work_for(query)
        print(
            f"{query}: {before:.0f} ms with 60, {after:.0f} ms with 3,000, ratio {after / before:.1f}, {asked} and {asked_then} queries"
        )
        assert asked_then == asked, query
        assert after < 3 * before, query
