"""Forms about organisations, delivery partners and people: a stale one undoes nothing, and says what was changed by whom."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import IndicatorTarget
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.indicators import (
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    edit_indicator,
    set_targets,
)
from commitments.services.round_days import Days, change_days, plan_round
from commitments.services.rounds import open_round
from partners.services.invitations import set_domains
from partners.services.organisations import EDITABLE, edit_organisation
from partners.services.people import rename_person
from tests.factories import make_organisation, make_person

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


WHAT = IndicatorDefinition("1.1a", "Halls", "Open to all.", "halls")


@pytest.fixture
def halls(officer, commitment):
    return define_indicator(by=officer, at=timezone.now(), of=commitment, what=WHAT)


def test_the_definition_of_an_indicator(officer, second_officer, halls, signed_in):
    address = reverse("commitments:indicator-edit", args=[halls.strategy.slug, halls.code])
    stale = drawn(signed_in(officer), address)
    change = replace(WHAT, definition="Open to all, all year.", direction="down", baseline=Decimal("12.5"))
    edit_indicator(by=second_officer, at=timezone.now(), indicator=halls, what=change)
    sent = {**stale, "title": "Village halls"}
    answer = signed_in(officer).post(address, sent)
    assert answer.status_code == 422
    assert f"{second_officer.name} has changed this since you opened it" in answer.text
    assert (
        "What exactly, and how?: it was “Open to all.”, and is “Open to all, all year.” now."
        in answer.context["form"].non_field_errors()
    )
    assert "Baseline: it was “empty”, and is “12.5” now." in answer.text
    [good] = [one for one in answer.context["form"].non_field_errors() if one.startswith("What is good?")]
    assert "“down”" not in good, "the words of the choice, not its code"
    assert len(answer.context["form"].non_field_errors()) == 4
    halls.refresh_from_db()
    assert (halls.title, halls.definition, halls.direction) == ("Halls", "Open to all, all year.", "down")
    [token] = re.findall(r'name="form_shown" value="([^"]+)"', answer.text)
    assert signed_in(officer).post(address, {**sent, "form_shown": token}).status_code == 302
    halls.refresh_from_db()
    assert (halls.title, halls.definition) == ("Village halls", "Open to all.")


def test_the_target_of_an_indicator(officer, second_officer, halls, open_round, signed_in):
    address = reverse("commitments:indicator-targets", args=[halls.strategy.slug, halls.code, open_round.slug])
    stale = drawn(signed_in(officer), address)
    set_targets(
        by=second_officer,
        at=timezone.now(),
        indicator=halls,
        round_=open_round,
        aims=[TargetInput(Decimal(40), "By May.")],
    )
    edit_indicator(
        by=officer, at=timezone.now() - timedelta(hours=1), indicator=halls, what=replace(WHAT, title="All halls")
    )
    sent = {**stale, "aim": "30", "note": ""}
    answer = signed_in(officer).post(address, sent)
    assert answer.status_code == 422
    assert f"{second_officer.name} has changed this since you opened it" in answer.text
    assert "Target (halls): it was “empty”, and is “40” now." in answer.text
    target = IndicatorTarget.objects.get(indicator=halls)
    assert (target.value, target.note) == (Decimal(40), "By May.")
    [token] = re.findall(r'name="form_shown" value="([^"]+)"', answer.text)
    assert signed_in(officer).post(address, {**sent, "form_shown": token}).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.note) == (Decimal(30), "")


@pytest.fixture
def planned(administrator, strategy):
    today = timezone.localdate()
    days = Days(*(today + timedelta(days=n) for n in (-370, -6, 0, 60, 67)))
    return plan_round(by=administrator, at=timezone.now(), strategy=strategy, days=days)


def days_of(round_, **changes):
    names = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
    return Days(**{**{name: getattr(round_, name) for name in names}, **changes})


def test_the_days_of_a_round(administrator, planned, signed_in):
    address = reverse("commitments:round-days", args=[planned.strategy.slug, planned.slug])
    other = make_person("administrator", name="Abel Administrator")
    stale = drawn(signed_in(administrator), address)
    later = planned.grace_until + timedelta(days=10)
    change_days(by=other, at=timezone.now(), round_=planned, days=days_of(planned, grace_until=later))
    sent = {**stale, "closes_on": f"{planned.closes_on - timedelta(days=1):%d/%m/%Y}"}
    answer = signed_in(administrator).post(address, sent)
    assert answer.status_code == 422
    assert "Abel Administrator has changed this since you opened it" in answer.text
    [_who, row] = answer.context["form"].non_field_errors()
    assert row.startswith("Late updates accepted until: it was “")
    planned.refresh_from_db()
    assert (planned.grace_until, str(planned.closes_on)) == (later, str(days_of(planned).closes_on))
    assert planned.closes_on == timezone.localdate() + timedelta(days=60)


def test_the_days_of_a_round_that_was_opened_meanwhile(administrator, planned, signed_in):
    """An open round asks for its last days only, so what was typed about the first would be dropped in silence."""
    address = reverse("commitments:round-days", args=[planned.strategy.slug, planned.slug])
    other = make_person("administrator", name="Abel Administrator")
    stale = drawn(signed_in(administrator), address)
    open_round(by=other, at=timezone.now(), round_=planned)
    answer = signed_in(administrator).post(address, {**stale, "opens_on": f"{timezone.localdate():%d/%m/%Y}"})
    assert answer.status_code == 422
    assert "Abel Administrator has changed this since you opened it" in answer.text
    assert "The round: it was “Planned”, and is “Open” now." in answer.text


def test_a_form_that_comes_back_to_be_corrected_is_still_the_first_one(
    officer, second_officer, administrator, partner_lead, charity, commitment, halls, planned, signed_in
):
    """Otherwise a mistake in one box would hide what a colleague has changed in another."""
    slug = commitment.strategy.slug
    forms = [
        (officer, reverse("commitments:indicator-edit", args=[slug, halls.code]), {"title": ""}),
        (officer, reverse("commitments:indicator-targets", args=[slug, halls.code, planned.slug]), {"aim": "x"}),
        (administrator, reverse("commitments:round-days", args=[slug, planned.slug]), {"closes_on": "x"}),
        (officer, reverse("commitments:people", args=[slug, commitment.key]), {"lead": "x"}),
        (officer, reverse("commitments:delivery", args=[slug, commitment.key]), {"new_organisation": "x"}),
        (partner_lead, reverse("partners:organisation-edit", args=[charity.slug]), {"name": ""}),
    ]
    stale = [drawn(signed_in(person), address) for person, address, _wrong in forms]
    now = timezone.now()
    edit_indicator(by=second_officer, at=now, indicator=halls, what=replace(WHAT, definition="Open."))
    set_targets(by=second_officer, at=now, indicator=halls, round_=planned, aims=[TargetInput(Decimal(40))])
    later = planned.grace_until + timedelta(days=1)
    change_days(by=administrator, at=now, round_=planned, days=days_of(planned, grace_until=later))
    assign_people(by=second_officer, at=now, commitment=commitment, lead=second_officer)
    set_partners(by=second_officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    changes = {name: getattr(charity, name) for name in EDITABLE} | {"description": "A lunch club."}
    edit_organisation(by=administrator, at=now, organisation=charity, changes=changes, districts=[], identifiers=[])
    for (person, address, wrong), sent in zip(forms, stale, strict=True):
        answer = signed_in(person).post(address, {**sent, **wrong})
        assert answer.status_code == 422, address
        tokens = re.findall(r'name="form_shown" value="([^"]+)"', answer.text)
        assert "since you opened it" in answer.text or tokens == [sent["form_shown"]], address


def test_the_name_and_address_of_a_person(administrator, partner, signed_in):
    address = reverse("partners:person-edit", args=[partner.pk])
    other = make_person("administrator", name="Abel Administrator")
    before, stale = partner.name, drawn(signed_in(administrator), address)
    rename_person(by=other, at=timezone.now(), person=partner, name="Zoë Corrected")
    sent = {**stale, "email": "new@example.org"}
    answer = signed_in(administrator).post(address, sent)
    assert answer.status_code == 422
    assert "Abel Administrator has changed this since you opened it" in answer.text
    assert f"Full name: it was “{before}”, and is “Zoë Corrected” now." in answer.text
    partner.refresh_from_db()
    assert partner.name == "Zoë Corrected"
    assert not partner.address_changes.exists()
    [token] = re.findall(r'name="form_shown" value="([^"]+)"', answer.text)
    again = signed_in(administrator).post(address, {**sent, "name": "Zoë Corrected", "form_shown": token})
    assert again.status_code == 302
    assert partner.address_changes.exists()


def test_the_email_domains_of_an_organisation(administrator, charity, signed_in):
    address = reverse("partners:domains", args=[charity.slug])
    other = make_person("administrator", name="Abel Administrator")
    stale = drawn(signed_in(administrator), address)
    set_domains(by=other, at=timezone.now(), organisation=charity, domains=["rowan.example.org"])
    answer = signed_in(administrator).post(address, {**stale, "domains": "hall.example.org"})
    assert answer.status_code == 422
    assert "Abel Administrator has changed this since you opened it" in answer.text
    assert "and is “rowan.example.org” now." in answer.text
    charity.refresh_from_db()
    assert charity.email_domains == ["rowan.example.org"]


def test_a_changed_token_is_no_excuse(officer, commitment, signed_in):
    address = reverse("commitments:people", args=[commitment.strategy.slug, commitment.key])
    answer = signed_in(officer).post(address, {"lead": officer.pk, "form_shown": "x"})
    assign_people(by=officer, at=timezone.now(), commitment=commitment, lead=officer)
    again = signed_in(officer).post(address, {"lead": officer.pk, "form_shown": "x"})
    assert again.status_code == 422
    assert "You have changed this since you opened it" in again.text
    assert answer.status_code == 302, "nothing was there that could be undone"
