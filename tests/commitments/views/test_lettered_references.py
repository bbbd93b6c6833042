"""A strategy whose references are letters, words and signs: its pages, addresses, filters, forms and API."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from commitments.filters.commitments import CommitmentFilter
from commitments.models import Commitment, FormerReference, Priority, Strategy
from commitments.reading.references import asked_commitments
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from tests.commitments.strategy_files import LETTERED, THREE_LEVELS
from tests.factories import make_evidence, make_organisation, make_person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORDER = ["A1", "CW1.2b", "5(b)/i", "5b", "3.1", "4", "3.3"]


@pytest.fixture(autouse=True)
def strategy() -> Strategy:
    return load_strategy(by=None, at=AT, entry=read(LETTERED)).strategy


def test_references_are_the_files_and_so_is_the_order(strategy):
    assert [commitment.reference for commitment in strategy.commitments.in_order()] == ORDER
    assert [str(priority) for priority in Priority.objects.order_by("number")] == [
        "A Contracts", "Theme 2 Buildings", "3 Wages",
    ]  # fmt: skip
    assert load_strategy(by=None, at=AT, entry=read(LETTERED)).changes == []


def test_a_reference_that_changes_is_kept_as_a_former_one(strategy):
    changes = load_strategy(by=None, at=AT, entry=read(LETTERED.replace('"A1"', '"A.i"'))).changes
    assert changes == ["Commitment A1, “Publish contracts”, is now A.i."]
    assert FormerReference.objects.get().reference == "A1"


def test_a_priority_may_change_its_reference(strategy):
    loaded = load_strategy(by=None, at=AT, entry=read(LETTERED.replace('"Theme 2"', '"B"')))
    assert loaded.changes == ["Amended priority 2, reference: “Theme 2” becomes “B”."]


@pytest.mark.parametrize(
    ("name", "key"),
    [("A1", "publish-contracts"), ("a1", "publish-contracts"), ("5b", "a-list-of-buildings"), ("5B", "a-list-of-buildings"),
     ("CW1.2b", "smaller-lots"), ("cw1.2B", "smaller-lots"), ("4", "suppliers-wages"), ("3.3", "a-yearly-report")],
)  # fmt: skip
def test_an_address_with_a_reference_leads_to_the_commitment(name, key, strategy):
    for suffix in ("", "actions/"):
        answer = Client().get(f"/strategies/lettered/commitments/{quote(name)}/{suffix}")
        assert (answer.status_code, answer["Location"]) == (302, f"/strategies/lettered/commitments/{key}/{suffix}")
    found = Client().get(f"/api/v1/strategies/lettered/commitments/{quote(name)}/").json()
    assert found["key"] == key
    assert [commitment.key for commitment in asked_commitments(strategy, [name])] == [key]


def test_a_key_comes_before_a_reference(strategy):
    Commitment.objects.filter(reference="A1").update(key="5b")
    assert Client().get("/strategies/lettered/commitments/5b/").status_code == 200
    assert Client().get("/api/v1/strategies/lettered/commitments/5b/").json()["reference"] == "A1"
    assert [commitment.reference for commitment in asked_commitments(strategy, ["5b"])] == ["A1"]


def test_a_new_key_is_never_what_another_commitment_is_called(strategy):
    text = LETTERED.replace('short_title = "A yearly report"', 'short_title = "5b"')
    Strategy.objects.filter(pk=strategy.pk).update(slug="before")
    again = load_strategy(by=None, at=AT, entry=read(text)).strategy
    assert again.commitments.get(short_title="5b").key == "5b-2"


@pytest.mark.parametrize("name", ["glance", "commitment-list"])
def test_pages_name_priorities_as_the_strategy_does(name):
    page = Client().get(reverse(f"commitments:{name}", args=["lettered"])).content.decode()
    for priority in ("A", "Theme 2", "3"):
        assert re.search(rf">{priority}(</span>)?\s", page), priority
    for reference in ORDER:
        assert reference in page


@pytest.mark.parametrize(("number", "heading"), [(1, "Priority A"), (2, "Theme 2"), (3, "Priority 3")])
def test_a_priority_has_its_reference_in_its_heading_and_its_number_in_its_address(number, heading):
    page = Client().get(reverse("commitments:priority", args=["lettered", number])).content.decode()
    assert f'<span class="govuk-caption-xl">{heading}</span>' in page


def test_long_references_are_smaller_on_tiles():
    page = Client().get("/strategies/lettered/").content.decode()
    assert 'app-tile__reference--long" aria-hidden="true">CW1.2b<' in page
    assert 'app-tile__reference" aria-hidden="true">A1<' in page


def test_lists_search_by_a_reference_in_any_capitals(strategy):
    found = CommitmentFilter({"q": "cw1"}, strategy.commitments.in_order()).qs
    assert [commitment.reference for commitment in found] == ["CW1.2b"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("commitment", "5b", ["5b"]), ("commitment", "5(b)/i", ["5(b)/i"]), ("commitment", "cw1.2B", ["CW1.2b"]),
     ("priority", "theme 2", ["5(b)/i", "5b"]), ("priority", "2", ["5(b)/i", "5b"]), ("priority", "a", ["CW1.2b"])],
)  # fmt: skip
def test_evidence_is_found_by_a_reference(name, value, found, strategy):
    lead, officer = make_person("partner_lead", make_organisation()), make_person("officer", strategy.owner)
    for reference in ("CW1.2b", "5(b)/i", "5b"):
        commitment = Commitment.objects.get(reference=reference)
        make_evidence(lead, commitment, state="accepted", officer=officer, publishable=True, title=f"For {reference}")
    answer = Client().get("/api/v1/evidence/", {name: value}).json()
    assert sorted(each["title"] for each in answer["results"]) == [f"For {reference}" for reference in found]
    page = Client().get("/evidence/", {name: value}).content.decode()
    assert [reference for reference in ("CW1.2b", "5(b)/i", "5b") if f"For {reference}" in page] == found


def test_the_evidence_form_ticks_a_commitment_named_by_its_reference(strategy):
    partner = make_person("partner_lead", make_organisation())
    client = Client()
    client.force_login(partner)
    page = client.get("/evidence/new/", {"strategy": "lettered", "commitment": "5b"}).content.decode()
    ticked = re.findall(r'<input[^>]*name="commitments"[^>]*value="([^"]+)"[^>]*checked', page)
    assert ticked == ["a-list-of-buildings"]
    for reference in ORDER:
        assert f"{reference} " in page


def test_the_api_says_what_priorities_are_called():
    found = Client().get("/api/v1/strategies/lettered/priorities/").json()["results"]
    assert [(each["number"], each["reference"]) for each in found] == [(1, "A"), (2, "Theme 2"), (3, "3")]
    one = Client().get("/api/v1/strategies/lettered/commitments/5b/").json()
    assert one["priority"] == {"number": 2, "reference": "Theme 2", "title": "Buildings"}


def test_actions_and_their_parts_are_on_the_pages_and_in_the_api():
    strategy = load_strategy(by=None, at=AT, entry=read(THREE_LEVELS)).strategy
    commitment = strategy.commitments.get()
    page = Client().get(reverse("commitments:actions", args=[strategy.slug, commitment.key])).content.decode()
    words = ["Open a night shelter", "Find a building", "Find a warden", "Ask people who have slept outside"]
    places = [page.index(word) for word in words]
    assert places == sorted(places)
    found = Client().get(f"/api/v1/strategies/{strategy.slug}/commitments/1.1/").json()["actions"]
    assert (found[0]["reference"], found[0]["title"], len(found)) == ("1.1.1", "Open a night shelter", 4)
