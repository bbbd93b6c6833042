"""The list of commitments by an organisation that is typed: its name, words of it, or a slug in a link."""

import pytest
from django.urls import reverse

from commitments.models import DeliveryPartner
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def helping(strategy):
    """Organisations, each of which helps to deliver the commitment beside it."""
    names = {"Rowan Trust": "1.1", "Rowan Trust North": "1.2", "Elm & Ash": "2.1", "Fen": "2.2"}
    for name, reference in names.items():
        organisation = make_organisation(name)
        commitment = strategy.commitments.get(reference=reference)
        DeliveryPartner.objects.create(commitment=commitment, organisation=organisation)
    return strategy


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rowan", ["1.1", "1.2"]),
        ("north rowan", ["1.2"]),
        ("ROWAN trust", ["1.1"]),
        ("rowan-trust", ["1.1"]),
        ("elm & ash", ["2.1"]),
        ("oak", []),
        ("", ["1.1", "1.2", "2.1", "2.2"]),
    ],
)
def test_a_name_its_words_or_a_slug_find_what_it_helps_to_deliver(client, helping, typed, found):
    page = client.get(reverse("commitments:commitment-list", args=[helping.slug]), {"organisation": typed})
    assert page.status_code == 200
    assert [line["title"].split()[0] for line in page.context["lines"]] == found


def test_no_organisation_is_listed_and_a_link_s_slug_reads_as_the_name(client, helping):
    address = reverse("commitments:commitment-list", args=[helping.slug])
    assert "Elm &amp; Ash" not in client.get(address).text
    page = client.get(address, {"organisation": "rowan-trust", "q": "thing"})
    assert 'value="Rowan Trust"' in page.text
    assert [each["label"] for each in page.context["active"]] == ["“thing”", "Rowan Trust"]
    assert 'value="rowan-trust"' not in page.text


@pytest.mark.parametrize("typed", ["x" * 201, "\x00"])
def test_what_cannot_be_a_name_is_refused_at_the_field(client, helping, typed):
    page = client.get(reverse("commitments:commitment-list", args=[helping.slug]), {"organisation": typed})
    assert page.status_code == 422
    assert page.context["form"].errors["organisation"]


def test_the_api_still_takes_a_slug_that_is_offered_and_nothing_else(client, helping):
    rest = f"/api/v1/strategies/{helping.slug}/commitments/?organisation="
    assert [row["reference"] for row in client.get(f"{rest}rowan-trust").json()["results"]] == ["1.1"]
    assert client.get(f"{rest}rowan").status_code == 400
