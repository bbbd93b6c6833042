"""Acts that an open browser should not be enough for ask people to confirm who they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import RoleGrant, User
from tests.factories import PASSWORD
from tests.partners.doing import ask_for_code, enter_code, newest_code, said, wrong
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
CONFIRM, BY_CODE = "/account/reauthenticate/", "/account/reauthenticate/code/"


def away(answer: Any) -> bool:
    """Whether the answer leads to the page that asks."""
    return answer.status_code == 302 and answer.headers["Location"].startswith(CONFIRM)


def ending(person: User) -> str:
    return reverse("partners:access", args=[person.pk])


def test_a_page_asks_after_ten_minutes_and_comes_back_to_the_same_address(administrator: User, partner: User):
    page = f"{ending(partner)}?from=list"
    assert sign_in(Client(), administrator, minutes_ago=9.9).get(page).status_code == 200
    client = sign_in(Client(), administrator, minutes_ago=10.1)
    answer = client.get(page)
    assert away(answer)
    assert "Confirm it’s you" in said(client.get(answer.headers["Location"]))
    answer = client.post(answer.headers["Location"], {"password": PASSWORD, "next": page})
    assert answer.headers["Location"] == page
    assert client.get(page).status_code == 200


def test_a_form_sent_too_late_is_carried_out_once_the_person_has_confirmed(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    answer = client.post(here, {"act": "end", "reason": "Left the charity – thanks & bye."})
    assert away(answer)
    assert User.objects.get(pk=partner.pk).is_active
    assert client.post(CONFIRM, {"password": "wrong-wrong-wrong", "next": here}).status_code == 422
    assert User.objects.get(pk=partner.pk).is_active
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": here})
    assert answer.headers["Location"] == reverse("partners:person", args=[partner.pk])
    assert not User.objects.get(pk=partner.pk).is_active
    assert partner.history.get(act="access ended").detail == "Left the charity – thanks & bye."


def test_a_form_with_errors_comes_back_filled_in(administrator: User, charity):
    client, here = sign_in(Client(), administrator, minutes_ago=11), reverse("partners:invite")
    typed = {"name": "Nora New", "email": "not an address", "role": "partner_lead", "organisation": charity.slug}
    client.post(here, typed)
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": here})
    assert answer.status_code == 422
    assert 'value="Nora New"' in answer.content.decode()


def test_a_form_that_was_left_is_not_carried_out_later(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    client.post(here, {"act": "end", "reason": "Left."})
    client.get(here)  # came back to the page instead
    assert client.post(CONFIRM, {"password": PASSWORD, "next": here}).headers["Location"] == here
    assert User.objects.get(pk=partner.pk).is_active


def test_a_form_that_waited_is_not_carried_out_on_the_way_to_another_page(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    client.post(here, {"act": "end", "reason": "Left."})
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": "/people/"})
    assert answer.headers["Location"] == "/people/"
    assert User.objects.get(pk=partner.pk).is_active


def test_a_form_waits_a_quarter_of_an_hour(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    client.post(here, {"act": "end", "reason": "Left."})
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert client.post(CONFIRM, {"password": PASSWORD, "next": here}).headers["Location"] == here
    assert User.objects.get(pk=partner.pk).is_active


def test_nobody_is_led_off_the_portal(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    client.post(here, {"act": "end", "reason": "Left."})
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.headers["Location"].startswith("/")


def test_a_huge_form_is_not_put_into_the_session(administrator: User, partner: User):
    client, here = sign_in(Client(), administrator, minutes_ago=11), ending(partner)
    client.post(here, {"act": "end", "reason": "x" * 70_000})
    answer = client.post(CONFIRM, {"password": PASSWORD, "next": here}, follow=True)
    assert "fill it in again" in said(answer)
    assert len(str(dict(client.session))) < 5_000


def test_people_who_sign_in_by_code_confirm_by_a_fresh_code(client: Client, partner: User):
    partner.set_unusable_password()
    partner.save()
    ask_for_code(client, partner.email)
    enter_code(client, newest_code())
    here = "/account/password/set/"
    assert client.get(here).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = client.get(here)
        assert answer.headers["Location"] == f"{BY_CODE}?next=%2Faccount%2Fpassword%2Fset%2F"
        assert "Email me a code" in said(client.get(answer.headers["Location"]))
        mail.outbox.clear()
        client.post(BY_CODE, {"way": "send", "next": here})
        assert [message.to for message in mail.outbox] == [[partner.email]]
        assert client.post(BY_CODE, {"code": wrong(newest_code()), "next": here}).status_code == 422
        answer = client.post(BY_CODE, {"code": newest_code(), "next": here})
        assert answer.headers["Location"] == here
        assert client.get(here).status_code == 200


def test_the_third_wrong_code_ends_it_and_an_old_one_is_not_taken(client: Client, partner: User):
    partner.set_unusable_password()
    partner.save()
    sign_in(client, partner, minutes_ago=11)
    here = "/account/password/set/"
    client.post(BY_CODE, {"way": "send", "next": here})
    code = newest_code()
    answers = [client.post(BY_CODE, {"code": wrong(code), "next": here}).status_code for _ in range(3)]
    assert answers == [422, 422, 302]
    client.post(BY_CODE, {"code": code, "next": here})
    assert client.get(here).status_code == 302
    client.post(BY_CODE, {"way": "send", "next": here})
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        client.post(BY_CODE, {"code": newest_code(), "next": here})
        assert client.get(here).status_code == 302


def test_five_codes_in_ten_minutes_are_the_most_that_one_person_gets_to_confirm_with(partner: User, outsider: User):
    for person in (partner, outsider):
        person.set_unusable_password()
        person.save()
    places = [sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), partner, minutes_ago=11) for n in range(6)]
    assert [place.post(BY_CODE, {"way": "send"}).status_code for place in places] == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    somebody_else = sign_in(Client(REMOTE_ADDR="198.51.100.5"), outsider, minutes_ago=11)
    assert somebody_else.post(BY_CODE, {"way": "send"}).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert places[5].post(BY_CODE, {"way": "send"}).status_code == 302


def test_an_empty_code_is_not_a_proof(client: Client, partner: User):
    partner.set_unusable_password()
    partner.save()
    sign_in(client, partner, minutes_ago=11)
    client.post(BY_CODE, {"code": "-", "next": "/"})
    assert client.get("/account/password/set/").status_code == 302


def test_a_person_with_a_password_does_not_get_round_it_by_a_code(client: Client, officer: User):
    sign_in(client, officer, minutes_ago=11)
    assert client.get(BY_CODE).headers["Location"].startswith(CONFIRM)


def test_the_proof_of_another_person_in_the_same_browser_does_not_count(
    client: Client, administrator, officer, partner
):
    sign_in(client, officer)
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(ending(partner)).status_code == 302


def asking_addresses(administrator: User, partner: User) -> list[str]:
    grant = RoleGrant.objects.get(person=partner)
    return [
        ending(partner), reverse("partners:invite"), reverse("partners:role-end", args=[grant.pk]),
        reverse("commitments:hand-over", args=[partner.pk]),
        *(reverse(name) for name in (
            "account_set_password", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
        )),
    ]  # fmt: skip


def test_every_act_on_people_and_sign_in_asks_by_reading_and_by_writing(administrator: User, partner: User):
    client = sign_in(Client(), administrator, minutes_ago=11)
    addresses = asking_addresses(administrator, partner)
    for address in addresses:
        assert away(client.get(address)), address
        assert away(client.post(address)), address
    print(f"looked at {len(addresses)} addresses")


def test_publishing_and_withdrawing_ask(officer: User, administrator: User, open_round):
    from reporting.models import Proposal
    from tests.factories import make_edition, seal

    edition = make_edition(round_=open_round, by=administrator)
    client = sign_in(Client(), officer, minutes_ago=11)
    assert away(client.get(reverse("reporting:edition-publish", args=[edition.pk])))
    made = Proposal.objects.create(
        edition=edition, act="publish", proposed_at=timezone.now(), proposed_by=administrator
    )
    assert away(client.post(reverse("reporting:proposal", args=[made.pk]), {"decision": "confirm"}))
    made.delete()
    seal(edition, by=administrator, at=timezone.now())
    assert away(client.get(reverse("reporting:edition-withdraw", args=[edition.pk])))


def test_a_lead_who_invites_a_colleague_is_not_asked(partner_lead: User):
    client = sign_in(Client(), partner_lead, minutes_ago=60, second_step=False)
    assert client.get(reverse("partners:invite")).status_code == 200


def test_strangers_are_led_to_sign_in(client: Client, partner: User):
    assert client.get(ending(partner)).headers["Location"].startswith("/account/login/")
    assert client.get(BY_CODE).headers["Location"].startswith("/account/login/")
    assert not re.search("Confirm", said(client.get("/account/login/")))
