"""Forms about organisations, delivery partners and people: a stale one undoes nothing, and says what was changed by whom."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.services.planning import assign_people, set_partners
from partners.services import EDITABLE, edit_organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


def drawn(client, address):
    """What a browser sends back of a page that nobody has touched."""
    page = client.get(address)
    form = page.context["form"]
    sent = {one.html_name: one.value() for one in form if one.value() not in (None, "", [], False)}
    [token] = re.findall(r'name="form_shown" value="([^"]+)"', page.text)
    return {**sent, "form_shown": token}


def test_an_organisations_page(partner_lead, administrator, charity, signed_in):
    address = reverse("partners:organisation-edit", args=[charity.slug])
    stale = drawn(signed_in(partner_lead), address)
    changes = {name: getattr(charity, name) for name in EDITABLE} | {"description": "A lunch club."}
    edit_organisation(
        by=administrator, at=timezone.now(), organisation=charity, changes=changes, districts=[], identifiers=[]
    )
    sent = {**stale, "website": "https://rowan.example.org"}
    answer = signed_in(partner_lead).post(address, sent)
    assert answer.status_code == 422
    assert f"{administrator.name} has changed this since you opened it" in answer.text
    assert "Who they are: it was “empty”, and is “A lunch club.” now." in answer.text
    charity.refresh_from_db()
    assert (charity.description, charity.website) == ("A lunch club.", "")
    [token] = re.findall(r'name="form_shown" value="([^"]+)"', answer.text)
    assert (
        signed_in(partner_lead).post(address, {**sent, "form_shown": token, "description": "A lunch club."}).status_code
        == 302
    )
    charity.refresh_from_db()
    assert (charity.description, charity.website) == ("A lunch club.", "https://rowan.example.org")


def test_the_people_of_a_commitment(officer, second_officer, administrator, commitment, signed_in):
    address = reverse("commitments:people", args=[commitment.strategy.slug, commitment.key])
    stale = drawn(signed_in(officer), address)
    assign_people(by=second_officer, at=timezone.now(), commitment=commitment, lead=second_officer)
    answer = signed_in(officer).post(address, {**stale, "lead": officer.pk})
    assert f"Lead officer: it was “empty”, and is “{second_officer.name}” now." in answer.text
    commitment.refresh_from_db()
    assert commitment.lead_officer_id == second_officer.pk


def test_the_delivery_partners_of_a_commitment(officer, second_officer, commitment, signed_in):
    address = reverse("commitments:delivery", args=[commitment.strategy.slug, commitment.key])
    stale = drawn(signed_in(officer), address)
    other = make_organisation("Other Hands")
    set_partners(by=second_officer, at=timezone.now(), commitment=commitment, partners=[(other, "delivers")])
    answer = signed_in(officer).post(address, stale)
    assert answer.status_code == 422
    assert "Other Hands: it was “empty”, and is “delivers" in answer.text


def test_a_changed_token_is_no_excuse(officer, commitment, signed_in):
    address = reverse("commitments:people", args=[commitment.strategy.slug, commitment.key])
    answer = signed_in(officer).post(address, {"lead": officer.pk, "form_shown": "x"})
    assign_people(by=officer, at=timezone.now(), commitment=commitment, lead=officer)
    again = signed_in(officer).post(address, {"lead": officer.pk, "form_shown": "x"})
    assert again.status_code == 422
    assert "You have changed this since you opened it" in again.text
    assert answer.status_code == 302, "nothing was there that could be undone"
