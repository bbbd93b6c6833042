"""Districts through the API: the same as their pages say, signed in or not."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import DeliveryPartner
from partners.models import Area
from tests.api.test_csv_lists import rows_of
from tests.factories import make_area, make_evidence, make_organisation, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(db: None) -> Area:
    """One of which the API's world knows nothing."""
    return make_area("West Oxfordshire", "E07000181")


def test_a_district_says_what_replaced_it_and_counts_what_is_published(stranger, area, partner, officer, commitment):
    make_evidence(partner, commitment, state="accepted", officer=officer, districts=(area,))
    make_evidence(partner, commitment, state="accepted", officer=officer, districts=(area,), publishable=False)
    make_organisation(districts=[area])
    today = timezone.localdate()
    new = Area.objects.create(gss_code="E06000999", name="North Shire", kind="unitary", valid_from=today)
    area.valid_to = today - timedelta(days=1)
    area.save()
    area.successors.add(new)
    rows = {row["gss_code"]: row for row in stranger.list("districts/")}
    old, after = rows["E07000181"], rows["E06000999"]
    assert (old["in_force"], [each["gss_code"] for each in old["replaced_by"]]) == (False, ["E06000999"])
    assert (after["in_force"], [each["name"] for each in after["replaces"]]) == (True, ["West Oxfordshire"])
    assert [(row["evidence"], row["organisations"]) for row in (old, after)] == [(1, 1), (1, 1)]
    assert stranger.get("districts/E06000999/").json() == after
    assert stranger.get("districts/E06000998/").status_code == 404


def test_each_commitment_says_what_is_recorded_there(stranger, area, partner, officer, strategy):
    first, second, third, _ = strategy.commitments.in_order()
    make_evidence(partner, first, state="accepted", officer=officer, districts=(area,))
    near = make_organisation("Near Neighbours", districts=[area])
    DeliveryPartner.objects.create(commitment=second, organisation=near)
    third.owner_response = "declined"
    third.save()
    rows = stranger.list("districts/E07000181/commitments/")
    assert [(row["reference"], row["evidence"], row["partners"], row["is_missed"]) for row in rows] == [
        ("1.1", 1, [], False),
        ("1.2", 0, ["Near Neighbours"], False),
        ("2.1", 0, [], False),
        ("2.2", 0, [], True),
    ]
    assert stranger.get("districts/E07000181/commitments/?page=2&page_size=3").json()["count"] == 4
    assert stranger.list("districts/E07000181/commitments/?strategy=our-strategy") == rows


def test_the_page_links_to_just_what_it_shows_as_csv(stranger, area, partner, officer, strategy):
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    make_evidence(
        partner, strategy.commitments.get(reference="1.2"), state="accepted", officer=officer, districts=(area,)
    )
    near = [make_organisation(name, districts=[area]) for name in ("Alder Trust", "Birch Trust")]
    for each in near:
        DeliveryPartner.objects.create(commitment=other.commitments.get(reference="1.1"), organisation=each)
    for asked, slugs in (
        ("", ["our-strategy"] * 4 + ["elmshire"] * 4),
        ("?strategy=elmshire&round=", ["elmshire"] * 4),
    ):
        shown = stranger.client.get(f"/districts/E07000181/{asked}").text
        link = re.search(r'download href="([^"]+)">Download what is worked on here as CSV</a>', shown)
        rows = rows_of(stranger.client.get(html.unescape(link[1] if link else "")))
        assert sorted(row["strategy"] for row in rows) == sorted(slugs)
        assert {row["partners"] for row in rows if row["strategy"] == "elmshire"} == {"", "Alder Trust | Birch Trust"}
        told = stranger.list(f"districts/E07000181/commitments/{asked}".removesuffix("&round="))
        assert [row["commitment_url"] for row in rows] == [row["commitment_url"] for row in told]
    assert "as CSV" not in stranger.client.get("/districts/E07000181/?strategy=moon").text


def test_fields_and_format_are_chosen_as_on_other_lists(stranger, area, strategy):
    address = "districts/E07000181/commitments/"
    (first, *_) = stranger.list(f"{address}?fields=key,evidence")
    assert first == {"key": "thing-1-1", "evidence": 0}
    rows = rows_of(stranger.get(f"{address}?format=csv&fields=key&page_size=1"))
    assert [list(row) for row in rows] == [["key"]] * 4
    assert rows_of(stranger.get(address, headers={"accept": "text/csv"}))[3]["is_missed"] == "true"


def test_what_is_not_there_is_404_and_what_is_not_offered_400(stranger, area, strategy):
    assert stranger.get("districts/E07000999/commitments/").status_code == 404
    for asked in ("strategy=moon", "round=1899-00", "district=E07000181"):
        assert stranger.get(f"districts/E07000181/commitments/?{asked}").status_code == 400
