"""Addresses of commitments: the key, a reference that one has always had, and one that several have had."""

from datetime import date

import pytest
from django.urls import reverse

from commitments.models import Commitment, FormerReference
from commitments.reading.references import Holding, asked_commitments, holdings
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db
HOME = "/strategies/our-strategy/commitments/"


def renumber(commitment: Commitment, reference: str, number: int, until: date) -> None:
    last = commitment.former_references.order_by("held_until").last()
    FormerReference.objects.create(
        commitment=commitment, reference=commitment.reference, held_until=until,
        held_from=last.held_until if last else commitment.added_on,
    )  # fmt: skip
    commitment.reference, commitment.number = reference, number
    commitment.save(update_fields=["reference", "number"])


@pytest.fixture
def revised(strategy):
    """1.1 became 1.3, and a new one took its number."""
    old = strategy.commitments.get(reference="1.1")
    renumber(old, "1.3", 3, date(2025, 5, 6))
    return old, Commitment.objects.create(
        strategy=strategy, priority=old.priority, number=1, reference="1.1", key="map", wording="Map the rooms",
        short_title="Map", added_on=date(2025, 5, 6),
    )  # fmt: skip


def test_the_page_stands_under_the_key(client, commitment):
    assert commitment.get_absolute_url() == f"{HOME}thing-1-1/"
    assert client.get(commitment.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("end", ["", "?x=1&y=2", "actions/"])
def test_a_reference_that_one_has_always_had_leads_there_with_its_query(client, commitment, end):
    answer = client.get(f"{HOME}1.1/{end}")
    assert (answer.status_code, answer.url) == (302, f"{HOME}thing-1-1/{end}")
    assert client.head(f"{HOME}1.1/{end}").status_code == 302


def test_a_number_that_it_had_before_leads_there_too(client, commitment):
    renumber(commitment, "1.9", 9, date(2025, 5, 6))
    for reference in ("1.1", "1.9"):
        assert client.get(f"{HOME}{reference}/").url == f"{HOME}thing-1-1/"


def test_what_is_sent_to_such_an_address_is_taken(signed_in, officer, commitment):
    answer = signed_in(officer).post(f"{HOME}1.1/status/", {"status": "on_track", "reason": "Begun.", "version": 0})
    assert (answer.status_code, answer.url) == (302, f"{HOME}thing-1-1/")
    commitment.refresh_from_db()
    assert commitment.status == "on_track"


def test_a_reference_that_several_have_had_names_each_with_its_days(client, revised):
    answer = client.get(f"{HOME}1.1/")
    assert answer.status_code == 300
    text = " ".join(answer.text.split())
    assert "1.1 has been the number of more than one commitment" in text
    assert f'<a class="govuk-link" href="{HOME}thing-1-1/">Thing 1.1</a>: 1.1 until 6 May 2025; it is now 1.3' in text
    assert f'<a class="govuk-link" href="{HOME}map/">Map</a>: 1.1 since 6 May 2025<br>' in text
    assert "Nothing was saved" not in text


def test_nothing_is_written_at_such_an_address(signed_in, officer, revised):
    answer = signed_in(officer).post(f"{HOME}1.1/status/", {"status": "on_track", "reason": "Begun.", "version": 0})
    assert answer.status_code == 300
    assert "Nothing was saved" in answer.text
    assert set(Commitment.objects.values_list("status", flat=True)) == {""}


def test_the_paper_form_of_old_leads_to_the_new_one(client, commitment):
    answer = client.get("/reports/strategies/our-strategy/commitments/1.1/paper-form.pdf")
    assert answer.url == reverse("reporting:paper-form", args=["our-strategy", "thing-1-1"])


def test_another_strategys_numbers_play_no_part(client, council, revised):
    make_strategy(council, slug="other", opens_first=False)
    assert client.get("/strategies/other/commitments/1.1/").url == "/strategies/other/commitments/thing-1-1/"
    assert client.get("/strategies/other/commitments/map/").status_code == 404


@pytest.mark.parametrize("name", ["9.9", "chairs", "1.1x"])
def test_what_nobody_has_had_is_not_found(client, strategy, name):
    assert client.get(f"{HOME}{name}/").status_code == 404


def test_every_time_with_a_reference_is_known_in_order(strategy, revised):
    old, new = revised
    renumber(new, "1.4", 4, date(2026, 1, 2))
    renumber(old, "1.1", 1, date(2026, 2, 3))
    assert holdings("our-strategy", "1.1") == [
        Holding("thing-1-1", "Thing 1.1", old.wording, "1.1", None, date(2025, 5, 6)),
        Holding("map", "Map", "Map the rooms", "1.4", date(2025, 5, 6), date(2026, 1, 2)),
        Holding("thing-1-1", "Thing 1.1", old.wording, "1.1", date(2026, 2, 3), None),
    ]
    assert [one.days for one in holdings("our-strategy", "1.1")] == [
        "until 6 May 2025", "from 6 May 2025 until 2 January 2026", "since 3 February 2026",
    ]  # fmt: skip
    assert [one.days for one in holdings("our-strategy", "2.1")] == ["from the start of the strategy"]


def test_a_square_that_was_printed_before_chooses_nothing_where_it_could_mean_several(strategy, revised):
    assert [one.key for one in asked_commitments(strategy, ["2.1", "1.1", "map", "9.9", "\x00"])] == [
        "map",
        "thing-2-1",
    ]


def test_a_form_that_was_open_before_is_taken_or_asks_which_is_meant(partner, signed_in, strategy, revised):
    new = reverse("commitments:evidence-new")
    sent = {"title": "Ran a drop-in", "happened_from": "yesterday", "then": "keep"}
    answer = signed_in(partner).post(new, {**sent, "commitments": ["1.1"]})
    assert (
        "1.1 has been the number of more than one commitment. Give the key of the one you mean: map or thing-1-1."
        in (answer.text)
    )
    answer = signed_in(partner).post(new, {**sent, "commitments": ["2.1"]}, follow=True)
    assert partner.organisations[0].evidence.get(commitments__key="thing-2-1")
