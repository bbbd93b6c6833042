"""What the trail records of signing in, and what it must never hold."""

import json

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from partners.models import SecurityEvent, User
from partners.security.events import unknown_address
from partners.services.access import end_access, restore_access
from partners.services.invitations import accept, invite
from partners.services.roles import end_role
from tests.factories import PASSWORD
from tests.partners.doing import (
    NEW_PASSWORD,
    RESET,
    RESET_CODE,
    SECOND_STEP,
    ask_for_code,
    by_password,
    enter_code,
    newest_code,
    wrong,
)
from tests.partners.sign_in.test_mfa import CODES, REMOVE_APP, add_app, prove_it_is_me, shown_by_app
from tests.signing_in import pass_second_step
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def trail(person: User | None = None) -> list[tuple[str, str]]:
    events = SecurityEvent.objects.exclude(kind__in=["invited", "role_given"]).order_by("id")
    if person is not None:
        events = events.filter(person=person)
    return list(events.values_list("kind", "detail"))


def test_signing_in_by_code_and_out_again(client: Client, partner: User):
    ask_for_code(client, partner.email.upper())
    enter_code(client, wrong(newest_code()))
    enter_code(client, newest_code())
    client.post("/account/logout/")
    assert trail(partner) == [
        ("code_asked", ""),
        ("code_failed", "To sign in."),
        ("signed_in", "By code by email."),
        ("signed_out", ""),
    ]
    by = SecurityEvent.objects.filter(person=partner).exclude(kind__in=["invited", "role_given"]).order_by("id")
    assert [event.by for event in by] == [None, None, partner, partner]


def test_signing_in_by_password_after_a_wrong_one(client: Client, officer: User):
    by_password(client, officer.email, "not-my-password")
    client.post(
        "/account/login/password/",
        {"login": officer.email, "password": PASSWORD},
        headers={"user-agent": "A browser"},
    )
    assert trail(officer) == [("sign_in_failed", "Wrong password."), ("signed_in", "By password.")]
    event = SecurityEvent.objects.get(kind="signed_in")
    assert (event.address, event.browser) == ("127.0.0.1", "A browser")
    assert len(event.request_number) == 36


def test_an_unknown_address_is_recorded_without_its_words(client: Client, officer: User):
    by_password(client, "my-own-password@home.example", "secret-secret")
    ask_for_code(client, "stranger@home.example")
    client.post(RESET, {"email": "stranger@home.example"})
    assert [kind for kind, _ in trail()] == ["sign_in_failed", "code_asked", "reset_asked"]
    assert {detail for _, detail in trail()} == {
        unknown_address("my-own-password@home.example"),
        unknown_address("stranger@home.example"),
    }
    assert not SecurityEvent.objects.exclude(kind__in=["invited", "role_given"]).exclude(person=None).exists()


def test_too_many_attempts_are_recorded_once_no_password_is_looked_at_any_more(client: Client, officer: User):
    for _ in range(12):
        by_password(client, officer.email, "not-my-password")
    recorded = [kind for kind, _ in trail(officer)]
    assert set(recorded) == {"sign_in_failed", "sign_in_limited"}
    assert recorded.index("sign_in_limited") == recorded.count("sign_in_failed")
    assert len(recorded) <= 12


def test_an_officer_who_asks_for_a_code_asked_for_one(client: Client, officer: User):
    ask_for_code(client, officer.email)
    assert trail(officer) == [("code_asked", "")]


def test_resetting_a_password(client: Client, partner: User):
    client.post(RESET, {"email": partner.email})
    client.post(RESET_CODE, {"code": wrong(newest_code())})
    client.post(RESET_CODE, {"code": newest_code()})
    new = "quite-another-phrase-77"
    client.post(NEW_PASSWORD, {"password1": new, "password2": new})
    assert trail(partner)[:3] == [
        ("reset_asked", ""),
        ("code_failed", "To reset the password."),
        ("password_reset", ""),
    ]


def test_changing_a_password(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
    new = "quite-another-phrase-77"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert ("password_changed", "") in trail(officer)


@pytest.mark.django_db(transaction=True)  # the library reports both once they are committed
def test_the_second_step_from_adding_it_to_removing_it(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    client.post("/account/reauthenticate/", {"password": "not-my-password"})
    secret = add_app(client)
    client.post("/account/logout/")
    by_password(client, partner.email, PASSWORD)
    client.post(SECOND_STEP, {"code": wrong(shown_by_app(secret))})
    client.post(SECOND_STEP, {"code": shown_by_app(secret)})
    kinds = trail(partner)
    assert ("sign_in_failed", "Wrong password.") in kinds
    assert ("confirmed", "By password.") in kinds
    assert ("second_step_added", "Authenticator app.") in kinds
    assert kinds.count(("second_step_failed", "Authenticator app.")) == 1
    assert kinds[-1] == ("signed_in", "By password, then authenticator app.")
    prove_it_is_me(client)
    client.post(REMOVE_APP)
    assert ("second_step_removed", "Authenticator app.") in trail(partner)


@pytest.mark.django_db(transaction=True)  # the library reports both once they are committed
def test_recovery_codes_made_and_used(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    add_app(client)
    prove_it_is_me(client)
    client.post(f"{CODES}generate/")
    assert ("recovery_codes_made", "") in trail(officer)
    code = client.get(f"{CODES}download/").content.decode().split()[-1]
    client.post("/account/logout/")
    by_password(client, officer.email, PASSWORD)
    client.post(SECOND_STEP, {"code": code})
    assert trail(officer)[-2:] == [
        ("second_step_recovered", "A recovery code was used."),
        ("signed_in", "By password, then recovery code."),
    ]


def test_no_password_or_code_is_ever_part_of_the_trail(client: Client, officer: User, partner: User):
    by_password(client, officer.email, "a-wrong-pass-phrase")
    by_password(client, "a-wrong-pass-phrase", "a-wrong-pass-phrase")
    by_password(client, officer.email, PASSWORD)
    secret = add_app(client)
    client.post("/account/logout/")
    ask_for_code(client, partner.email)
    code = newest_code()
    enter_code(client, code)
    everything = json.dumps(list(SecurityEvent.objects.values()), default=str)
    for secret_word in (
        "a-wrong-pass-phrase",
        PASSWORD,
        secret,
        code,
        code.replace("-", ""),
        client.session.session_key,
    ):
        assert secret_word
        assert secret_word not in everything
    assert mail.outbox


def test_a_sign_out_of_nobody_is_nothing(client: Client):
    client.post("/account/logout/")
    assert trail() == []


# What is done to people.


def test_invitations_roles_and_access_are_recorded_with_who_did_it(administrator: User, charity):
    at = timezone.now()
    invited = invite(
        by=administrator, at=at, email="new@example.org", name="New", role="partner_lead", organisation=charity
    )
    person = User.objects.get(email="new@example.org")
    accept(by=person, at=at, invitation=invited)
    end_role(by=administrator, at=at, grant=person.role_grants.get())
    end_role(by=administrator, at=at, grant=person.role_grants.get())
    for act in (end_access, restore_access):
        for _ in range(2):
            act(by=administrator, at=at, person=person, reason="Left for a while.")
    events = SecurityEvent.objects.filter(person=person).order_by("id")
    assert [(event.kind, event.detail) for event in events] == [
        ("invited", f"Partner lead, {charity.name}"),
        ("role_given", f"Partner lead, {charity.name}"),
        ("role_ended", f"Partner lead, {charity.name}"),
        ("access_ended", "Left for a while."),
        ("access_given_back", "Left for a while."),
    ]
    assert {event.by for event in events} == {administrator}


def test_what_is_rolled_back_leaves_no_event(administrator: User, charity):
    with pytest.raises(Refused):
        invite(
            by=administrator, at=timezone.now(), email="new@example.org", name="N", role="officer", organisation=None
        )
    assert not SecurityEvent.objects.filter(kind="invited", by=administrator).exists()
