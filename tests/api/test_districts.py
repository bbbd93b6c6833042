"""Districts through the API: the same as their pages say, signed in or not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import DeliveryPartner
from partners.models import Area
from tests.factories import make_area, make_evidence, make_organisation

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


def test_what_is_not_there_is_404_and_what_is_not_offered_400(stranger, area, strategy):
    assert stranger.get("districts/E07000999/commitments/").status_code == 404
    for asked in ("strategy=moon", "round=1899-00", "district=E07000181"):
        assert stranger.get(f"districts/E07000181/commitments/?{asked}").status_code == 400
