"""The second step: an app, keys and recovery codes, from adding them to signing in with them."""

import base64
import json
import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from partners.models import User
from tests.factories import PASSWORD
from tests.partners.doing import SECOND_STEP, SIGN_IN, ask_for_code, by_password, enter_code, newest_code, said, who
from tests.signing_in import pass_second_step
from vcsportal.common.encryption import decrypt

pytestmark = pytest.mark.django_db
ADD_APP, REMOVE_APP = "/account/2fa/totp/activate/", "/account/2fa/totp/deactivate/"
CODES = "/account/2fa/recovery-codes/"


def shown_by_app(secret: str) -> str:
    """What an authenticator app would show now."""
    _, counter, _ = yield_hotp_counters_from_time()  # one before and one after are taken too
    return str(format_hotp_value(hotp_value(secret, counter)))


def prove_it_is_me(client: Client) -> None:
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def add_app(client: Client) -> str:
    """Add an app as people do, and return its key."""
    prove_it_is_me(client)
    secret = client.get(ADD_APP).context["form"].secret
    answer = client.post(ADD_APP, {"code": shown_by_app(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(secret)


@pytest.fixture
def at_work(client: Client, officer: User) -> Client:
    """An officer's browser, signed in."""
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
    return client


def test_adding_an_app_asks_for_the_password_once_more_and_comes_back(at_work: Client):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = at_work.get(ADD_APP)
        assert answer.headers["Location"].startswith("/account/reauthenticate/?next=")
        wrong = at_work.post(answer.headers["Location"], {"password": "wrong-wrong-wrong", "next": ADD_APP})
        assert wrong.status_code == 422
        assert "This is not your password" in said(wrong)
        answer = at_work.post("/account/reauthenticate/", {"password": PASSWORD, "next": ADD_APP})
        assert answer.headers["Location"] == ADD_APP
        assert at_work.get(ADD_APP).status_code == 200


def test_an_app_is_added_with_its_code_and_then_asked_for_at_sign_in(at_work: Client, officer: User):
    prove_it_is_me(at_work)
    page = at_work.get(ADD_APP)
    secret = page.context["form"].secret
    shown = page.content.decode()
    assert "data:image/svg+xml;base64," in shown
    assert secret in said(page).replace(" ", "")
    wrong = at_work.post(ADD_APP, {"code": "000000" if shown_by_app(secret) != "000000" else "111111"})
    assert wrong.status_code == 422
    assert "This code is incorrect" in said(wrong)
    answer = at_work.post(ADD_APP, {"code": shown_by_app(secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == CODES
    browser = Client()
    answer = by_password(browser, officer.email, PASSWORD, next="/account/")
    assert answer.headers["Location"] == SECOND_STEP
    assert who(browser) == ""
    refused = browser.post(SECOND_STEP, {"code": "12345"})
    assert refused.status_code == 422
    assert 'href="#id_code"' in refused.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        answer = browser.post(SECOND_STEP, {"code": shown_by_app(secret)})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
        assert who(browser) == officer.email


def test_an_app_is_asked_for_after_an_e_mailed_code_too(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    secret = add_app(client)
    browser = Client()
    ask_for_code(browser, partner.email)
    assert enter_code(browser, newest_code()).headers["Location"] == SECOND_STEP
    assert who(browser) == ""
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        assert browser.post(SECOND_STEP, {"code": shown_by_app(secret)}).status_code == 302
        assert who(browser) == partner.email


def test_a_new_password_does_not_go_round_the_second_step(at_work: Client, officer: User):
    add_app(at_work)
    browser = Client()
    browser.post("/account/password/reset/", {"email": officer.email})
    browser.post("/account/password/reset/confirm/", {"code": newest_code()})
    new = {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"}
    browser.post("/account/password/reset/complete/", new)
    assert who(browser) == ""
    assert by_password(browser, officer.email, "walnut-kettle-7").headers["Location"] == SECOND_STEP


def test_the_same_code_does_not_get_in_twice(at_work: Client, officer: User):
    code = shown_by_app(add_app(at_work))
    answers = []
    for browser in (Client(), Client()):
        by_password(browser, officer.email, PASSWORD)
        answers.append(browser.post(SECOND_STEP, {"code": code}).status_code)
    assert answers == [302, 422]


def test_the_second_step_is_tried_five_times(at_work: Client, officer: User):
    secret = add_app(at_work)
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    for _ in range(5):
        assert browser.post(SECOND_STEP, {"code": "12345"}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        answer = browser.post(SECOND_STEP, {"code": shown_by_app(secret)})
    assert answer.status_code == 422
    assert "too many attempts" in said(answer)


def test_the_second_step_without_the_first_or_too_late_leads_back(at_work: Client, officer: User):
    assert Client().get(SECOND_STEP).status_code == 302
    add_app(at_work)
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        answer = browser.post(SECOND_STEP, {"code": "123456"}, follow=True)
    assert "took too long" in said(answer)


def test_the_second_step_can_be_cancelled(at_work: Client, officer: User):
    add_app(at_work)
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    assert browser.post("/account/logout/", {"next": SIGN_IN}).headers["Location"] == SIGN_IN
    assert browser.get(SECOND_STEP).status_code == 302


def test_recovery_codes_are_shown_downloaded_used_once_and_made_anew(at_work: Client, officer: User):
    add_app(at_work)
    page = at_work.get(CODES)
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in said(page) for code in codes)
    download = at_work.get(f"{CODES}download/")
    assert download.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in download.headers["Content-Disposition"]
    assert all(code in download.content.decode() for code in codes)
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    assert browser.post(SECOND_STEP, {"code": codes[0]}).status_code == 302
    assert who(browser) == officer.email
    again = Client()
    by_password(again, officer.email, PASSWORD)
    assert again.post(SECOND_STEP, {"code": codes[0]}).status_code == 422
    assert len(at_work.get(CODES).context["unused_codes"]) == 9
    assert "9 codes" in said(at_work.get(f"{CODES}generate/"))
    assert at_work.post(f"{CODES}generate/").headers["Location"] == CODES
    fresh = at_work.get(CODES).context["unused_codes"]
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)


def test_recovery_codes_need_something_to_stand_in_for(at_work: Client):
    prove_it_is_me(at_work)
    answer = at_work.post(f"{CODES}generate/", follow=True)
    assert answer.status_code in {404, 422}
    assert "app-header" in answer.content.decode()


def test_taking_the_app_away_takes_the_codes_too_and_is_told_by_mail(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    add_app(client)
    assert client.get(REMOVE_APP).status_code == 200
    answer = client.post(REMOVE_APP, follow=True)
    assert answer.status_code == 200
    assert not Authenticator.objects.filter(user_id=partner.pk).exists()
    assert "app" in mail.outbox[-1].subject
    browser = Client()
    by_password(browser, partner.email, PASSWORD)
    assert who(browser) == partner.email


# Keys. What only a browser can do is in tests/journeys; here: pages, data for the script, and refusals.


def script_data(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)
    assert found
    return dict(json.loads(found.group(1)))


def add_key(person: User, name: str = "Work laptop", *, alone: bool = True) -> Authenticator:
    data = {"name": name, "credential": {"clientExtensionResults": {"credProps": {"rk": alone}}}}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


def test_the_page_for_a_key_gives_the_script_what_it_needs(at_work: Client, officer: User, settings):
    prove_it_is_me(at_work)
    page = at_work.get("/account/2fa/webauthn/add/").content.decode()
    options = script_data(page)["creation_options"]["publicKey"]
    assert options["rp"] == {"id": "testserver", "name": settings.PORTAL_NAME}
    assert options["user"]["name"] == officer.email
    assert base64.urlsafe_b64decode(options["challenge"] + "==")


BROKEN = [
    "",
    "{",
    "{}",
    '{"id": 1}',
    '{"id": "AAAA"}',
    '{"id": "AAAA", "rawId": "AAAA", "response": {}}',
    "[]",
    "null",
    '"x"',
    "7",
    pytest.param("[" * 100_000, id="nested too deep"),
]
BROKEN.append(
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA", "userHandle": 7}}'
)


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_answer_of_a_key_is_never_an_error_page(at_work: Client, officer: User, credential: str):
    prove_it_is_me(at_work)
    answer = at_work.post("/account/2fa/webauthn/add/", {"name": "Key", "credential": credential})
    assert answer.status_code == 422
    answer = Client().post("/account/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert (answer.status_code, answer.redirect_chain[0][0]) == (200, "/account/login/password/")
    assert "passkey" in said(answer)


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_answer_at_the_second_step_is_not_either(at_work: Client, officer: User, credential: str):
    add_app(at_work)
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    answer = browser.post(SECOND_STEP, {"credential": credential}, follow=True)
    assert answer.redirect_chain == [(SECOND_STEP, 302)]
    assert re.search(
        r"The key.{2,3} answer could not be read|The key did not answer|This code is incorrect", said(answer)
    )


def test_the_script_gets_a_challenge_for_signing_in_with_a_passkey(client: Client, db: None):
    answer = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["challenge"]
    assert client.get("/account/2fa/webauthn/login/").headers["Location"] == SIGN_IN


def test_a_passkey_serves_while_a_code_is_waited_for(client: Client, officer: User):
    ask_for_code(client, officer.email)
    answer = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["challenge"]
    answer = client.post("/account/2fa/webauthn/login/", {"credential": ""}, follow=True)
    assert "Passkeys need JavaScript" in said(answer)


def test_ones_keys_are_listed_renamed_and_removed(at_work: Client, officer: User):
    key = add_key(officer)
    add_key(officer, "Key at home")
    prove_it_is_me(at_work)
    assert "Work laptop" in said(at_work.get("/account/2fa/webauthn/"))
    edit, remove = (f"/account/2fa/webauthn/keys/{key.pk}/{act}/" for act in ("edit", "remove"))
    assert at_work.post(edit, {"name": ""}).status_code == 422
    at_work.post(edit, {"name": "Old laptop"})
    assert "Old laptop" in said(at_work.get("/account/2fa/webauthn/"))
    assert "Old laptop" in said(at_work.get(remove))
    assert at_work.post(remove).headers["Location"] == "/account/2fa/webauthn/"
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_other_peoples_keys_are_not_there(at_work: Client, partner: User):
    key = add_key(partner)
    prove_it_is_me(at_work)
    for act in ("edit", "remove"):
        address = f"/account/2fa/webauthn/keys/{key.pk}/{act}/"
        assert (at_work.get(address).status_code, at_work.post(address).status_code) == (404, 404)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_pages_of_security_are_ours_and_need_no_inline_script(at_work: Client, officer: User):
    add_app(at_work)
    assert at_work.get("/account/2fa/webauthn/add/").content.decode().count("<h1") == 1
    key = add_key(officer)
    paths = [
        "/account/", "/account/2fa/", CODES, f"{CODES}generate/", REMOVE_APP, "/account/2fa/webauthn/",
        f"/account/2fa/webauthn/keys/{key.pk}/edit/",
        f"/account/2fa/webauthn/keys/{key.pk}/remove/", "/account/reauthenticate/", "/account/2fa/reauthenticate/",
        "/account/password/change/", "/account/logout/",
    ]  # fmt: skip
    for path in paths:
        answer = at_work.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, path
        assert page.count("<h1") == 1, path
        assert "app-header" in page, path
        assert "placeholder=" not in page, path
        assert "style=" not in page, path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), path
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    print(f"looked at {len(paths)} pages")


def test_it_is_me_can_be_shown_by_the_app_as_well(at_work: Client):
    secret = add_app(at_work)
    address = "/account/2fa/reauthenticate/"
    assert at_work.post(address, {"code": "12345"}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert at_work.get(CODES).status_code == 302
        answer = at_work.post(address, {"code": shown_by_app(secret), "next": CODES})
        assert answer.headers["Location"] == CODES
        assert at_work.get(CODES).status_code == 200


def test_strangers_see_nothing_of_it(client: Client, db: None):
    for path in ("/account/2fa/", ADD_APP, CODES, "/account/2fa/webauthn/", "/account/2fa/webauthn/add/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/")


def test_the_secrets_of_second_steps_stand_encrypted_in_the_database(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    secret = add_app(client)
    kept = Authenticator.objects.get(user=partner, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert decrypt(kept.data["secret"], purpose="second step") == secret
    seeds = [one.data["seed"] for one in Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)]
    assert seeds
    assert all(decrypt(seed, purpose="second step") for seed in seeds)


def test_second_steps_of_before_are_encrypted_by_the_upgrade_once_and_work_all_the_while(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    secret = add_app(client)
    rows = Authenticator.objects.filter(user=partner)
    rows.filter(type=Authenticator.Type.TOTP).update(data={"secret": secret, "more": 1})
    migration = import_module("partners.migrations.0017_secrets_encrypted")

    def signs_in(later: int) -> None:
        browser = Client()
        by_password(browser, partner.email, PASSWORD)
        with time_machine.travel(timezone.now() + timedelta(seconds=later)):
            browser.post(SECOND_STEP, {"code": shown_by_app(secret)})
            assert who(browser) == partner.email

    signs_in(60)
    for _ in range(2):
        migration.encrypt_secrets(apps, None)
        kept = rows.get(type=Authenticator.Type.TOTP).data
        assert (decrypt(kept["secret"], purpose="second step"), kept["more"]) == (secret, 1)
    signs_in(180)
