"""The directory, an organisation's page, and keeping it true."""

import pytest
from django.urls import reverse

from partners.models import HistoryEntry, Organisation
from partners.services.organisations import edit_organisation
from tests.factories import make_evidence, make_organisation

pytestmark = pytest.mark.django_db


def form_of(organisation: Organisation, **changes: object) -> dict[str, object]:
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "description": "Neighbours who help.",
        "website": "",
        "scheme_0": "",
        "value_0": "",
        "scheme_1": "",
        "value_1": "",
        **changes,
    }


def test_the_directory_finds_by_kind_district_and_words(client, area, charity, other_charity):
    charity.districts.add(area)
    page = client.get(reverse("partners:organisation-list"))
    assert b"2 organisations" in page.content
    for query, count in ((f"district={area.gss_code}", b"1 organisation "), ("kind=faith_group", b"No organisation ")):
        assert count in client.get(reverse("partners:organisation-list") + "?" + query).content
    assert b"Rowan Trust" in client.get(reverse("partners:organisation-list") + "?q=rowan").content


def test_a_value_that_is_no_choice_is_said_at_the_filter(client, charity):
    page = client.get(reverse("partners:organisation-list") + "?kind=circus")
    assert page.status_code == 422
    assert b"Rowan Trust" in page.content


def test_the_page_shows_published_evidence_and_lit_commitments(client, partner, officer, charity, commitment):
    make_evidence(partner, commitment, state="accepted", officer=officer, title="A public thing")
    make_evidence(partner, commitment, title="A private draft")
    commitment.delivery_partners.create(organisation=charity)
    page = client.get(charity.get_absolute_url()).content.decode()
    assert "A public thing" in page
    assert "A private draft" not in page
    assert "Helps to deliver 1 commitment" in page


def test_members_see_their_drafts_there(signed_in, partner, outsider, charity, commitment):
    make_evidence(partner, commitment, title="A private draft")
    assert b"A private draft" in signed_in(partner).get(charity.get_absolute_url()).content
    assert b"A private draft" not in signed_in(outsider).get(charity.get_absolute_url()).content


def test_a_lead_changes_the_page_and_history_says_so(signed_in, partner_lead, charity, area):
    address = reverse("partners:organisation-edit", args=[charity.slug])
    sent = form_of(charity, scheme_0="GB-COH", value_0="1234567", districts=[area.pk])
    answer = signed_in(partner_lead).post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    assert [str(one) for one in charity.identifiers.all()] == ["GB-COH-01234567"]
    assert HistoryEntry.objects.filter(organisation=charity, act="edited", by=partner_lead).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter the name of the organisation."),
        ("kind", "circus", "Select a valid choice"),
        ("website", "not an address", "Enter the whole web address"),
        ("value_0", "12", "does not look like a charity number"),
        ("value_0", "", "Write the number"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    signed_in, partner_lead, charity, field, value, sentence
):
    address = reverse("partners:organisation-edit", args=[charity.slug])
    sent = form_of(charity, scheme_0="GB-CHC", value_0="1234567") | {field: value}
    answer = signed_in(partner_lead).post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Error: " in page
    assert "Neighbours who help." in page


def test_a_number_that_names_another_organisation_is_refused_with_its_name(
    signed_in, partner_lead, other_charity, charity, administrator, now
):
    edit_organisation(
        by=administrator,
        at=now,
        organisation=other_charity,
        changes={},
        districts=[],
        identifiers=[("GB-CHC", "1234567")],
    )
    address = reverse("partners:organisation-edit", args=[charity.slug])
    answer = signed_in(partner_lead).post(address, form_of(charity, scheme_0="GB-CHC", value_0="1234567"))
    assert answer.status_code == 422
    assert "already belongs to Willow Circle" in answer.content.decode()


def test_an_administrator_adds_one(signed_in, administrator, db):
    answer = signed_in(administrator).post(
        reverse("partners:organisation-new"), {"name": "The New Ground", "kind": "cic", "description": "Gardeners."}
    )
    made = Organisation.objects.get(name="The New Ground")
    assert answer.headers["Location"] == made.get_absolute_url()
    assert made.sort_name == "new ground"


@pytest.mark.parametrize("rows", [1, 32, 500])
def test_the_directory_asks_as_many_questions_whatever_its_length(
    client, area, rows, django_assert_max_num_queries, now
):
    Organisation.objects.bulk_create(
        Organisation(slug=f"o-{n}", name=f"Group {n}", sort_name=f"group {n}", kind="charity", joined_at=now)
        for n in range(rows)
    )
    with django_assert_max_num_queries(6) as asked:
        client.get(reverse("partners:organisation-list"))
    assert len(asked) >= 3


def test_the_page_of_one_asks_a_fixed_number(
    client, strategy, charity, partner, officer, django_assert_max_num_queries, commitment
):
    commitment.delivery_partners.create(organisation=charity)
    for n in range(8):
        make_evidence(partner, commitment, state="accepted", officer=officer, title=f"Thing {n}")
    with django_assert_max_num_queries(12):
        client.get(charity.get_absolute_url())


def test_names_sort_as_in_a_telephone_book(client, db):
    for name in ("zebra", "Ébène", "The Apple", "apricot"):
        make_organisation(name)
    assert list(Organisation.objects.by_name().values_list("name", flat=True)) == [
        "The Apple",
        "apricot",
        "Ébène",
        "zebra",
    ]
