"""Signing in by the council's identity provider, tried against a real one on loopback."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oidc_provider_mock import run_server_in_thread

from partners.models import SecurityEvent, User
from partners.sign_in.provider import PROVIDER_ID, ProviderFlow
from tests.factories import PASSWORD, make_organisation, make_person, make_strategy
from tests.partners.doing import BY_PASSWORD, SECOND_STEP, SIGN_IN, by_password, said
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
START, CONFIRM = "/account/provider/", "/account/reauthenticate/provider/"
SET_UP = "/account/second-step/"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def provider(server: str, settings: Any) -> str:
    settings.OIDC_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = server, "portal", "a secret"
    settings.OIDC_NAME = "your Barchester account"
    settings.PORTAL_URL = "http://testserver"
    return server


def account(server: str, number: str, **claims: Any) -> None:
    """Give the provider an account."""
    requests.put(f"{server}/users/{number}", json=claims, timeout=5).raise_for_status()


def go(client: Client, where: str = START, **more: str) -> str:
    """Begin; return the address at the provider."""
    answer = client.post(where, more)
    assert answer.status_code == 302, said(answer)
    return str(answer.headers["Location"])


def come_back(client: Client, at_provider: str, number: str, **changed: str) -> Any:
    """Sign in there as the account ``number``, and follow the way back, perhaps with something changed in it."""
    answer = requests.post(at_provider, data={"sub": number}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    way = urlsplit(answer.headers["Location"])
    values = {name: found[0] for name, found in parse_qs(way.query).items()} | changed
    return client.get(way.path, values)


def by_provider(client: Client, number: str, **more: str) -> Any:
    return come_back(client, go(client, **more), number)


def is_in(client: Client) -> int:
    return int(client.session.get("_auth_user_id", 0))


@pytest.fixture
def olive(server: str, officer: User) -> User:
    """An officer with an account at the provider."""
    account(server, "olive-1", email=officer.email.upper(), email_verified=True)
    return officer


def test_an_invited_officer_comes_in_and_is_known_by_number_from_then_on(client: Client, olive: User, server: str):
    at_provider = parse_qs(urlsplit(go(client)).query)
    for name in ("state", "nonce", "code_challenge"):
        assert at_provider[name][0], name
    assert at_provider["code_challenge_method"] == ["S256"]
    assert at_provider["redirect_uri"] == ["http://testserver/account/provider/callback/"]
    answer = by_provider(client, "olive-1", next="/evidence/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/evidence/")
    assert is_in(client) == olive.pk
    kept = SocialAccount.objects.get()
    assert (kept.user_id, kept.provider, kept.uid, kept.extra_data) == (olive.pk, PROVIDER_ID, "olive-1", {})
    assert not SocialToken.objects.exists()
    assert "account at council" in SecurityEvent.objects.filter(kind="signed_in").latest("id").detail
    account(server, "olive-1", email="new.name@example.org", email_verified=False)
    again = Client()
    by_provider(again, "olive-1")
    assert is_in(again) == olive.pk
    assert User.objects.get(pk=olive.pk).email == olive.email


def test_the_pages_of_sign_in_offer_it_only_where_it_is_set_up(client: Client, db: None, settings):
    for page in (SIGN_IN, BY_PASSWORD):
        assert "Sign in with your Barchester account" in said(client.get(page))
    settings.OIDC_URL = ""
    for page in (SIGN_IN, BY_PASSWORD):
        assert "Barchester" not in said(client.get(page))
    assert client.post(START).status_code == 404
    assert client.get("/account/provider/callback/").status_code == 404


def test_beginning_is_a_form_and_never_a_link(client: Client, db: None):
    assert client.get(START).status_code == 405
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403


# The second step.


def test_without_trust_our_own_second_step_is_set_up_or_asked_for(client: Client, olive: User, server: str, settings):
    account(server, "olive-1", email=olive.email, email_verified=True, amr=["mfa"])
    by_provider(client, "olive-1")
    assert client.get("/my-work/").headers["Location"] == SET_UP
    Authenticator.objects.create(user=olive, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    again = Client()
    assert by_provider(again, "olive-1").headers["Location"] == SECOND_STEP
    assert not is_in(again)


@pytest.mark.parametrize(
    ("claims", "in_at_once"),
    [({"amr": ["pwd", "mfa"]}, True), ({"amr": ["pwd"]}, False), ({"amr": "mfa"}, False), ({}, False),
     ({"acr": "strong"}, True), ({"acr": "weak"}, False)],
)  # fmt: skip
def test_a_second_factor_that_the_provider_proves_counts_where_it_is_trusted(
    client: Client, olive: User, claims: dict[str, Any], in_at_once: bool, settings, monkeypatch
):
    settings.OIDC_TRUSTS_SECOND_FACTOR = True
    settings.OIDC_SECOND_FACTOR_ACR = ["strong"]
    told(monkeypatch, **claims)
    by_provider(client, "olive-1")
    answer = client.get("/my-work/")
    assert answer.status_code == (200 if in_at_once else 302)
    Authenticator.objects.create(user=olive, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    again = Client()
    assert by_provider(again, "olive-1").headers["Location"] == ("/my-work/" if in_at_once else SECOND_STEP)


def told(monkeypatch: pytest.MonkeyPatch, **claims: Any) -> None:
    """Let the signed identity token say more (or something else) than the small provider can be told to say."""
    true = ProviderFlow._decode_id_token
    monkeypatch.setattr(ProviderFlow, "_decode_id_token", lambda *given: {**true(*given), **claims})


# Who stays out.


def refused(answer: Any, words: str) -> None:
    again = any(one in words for one in ("was not completed", "did not ask you to sign in again"))
    assert (answer.status_code, words in said(answer)) == (409 if again else 403, True), said(answer)


def test_somebody_who_is_not_invited_stays_out(client: Client, server: str, db: None):
    account(server, "stranger", email="stranger@example.net", email_verified=True)
    refused(by_provider(client, "stranger"), "Nobody here has the address stranger@example.net")
    assert not is_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_finds_nobody(client: Client, olive: User, server: str, verified: Any):
    claims = {} if verified is None else {"email_verified": verified}
    account(server, "mallory", email=olive.email, **claims)
    refused(by_provider(client, "mallory"), "has not confirmed")
    assert not SocialAccount.objects.exists()


def test_addresses_without_a_word_count_where_the_council_says_so(client: Client, officer: User, server, settings):
    settings.OIDC_EMAILS_ARE_VERIFIED = True
    account(server, "quiet", email=officer.email)
    by_provider(client, "quiet")
    assert is_in(client) == officer.pk
    account(server, "liar", email=officer.email, email_verified=False)
    refused(by_provider(Client(), "liar"), "has not confirmed")


def test_no_address_at_all(client: Client, server: str, db: None):
    account(server, "nameless", name="N")
    refused(by_provider(client, "nameless"), "did not say what your email address is")


def test_a_second_account_with_the_same_address_does_not_take_the_first_ones_place(client, olive, server):
    by_provider(client, "olive-1")
    account(server, "olive-2", email=olive.email, email_verified=True)
    refused(by_provider(Client(), "olive-2"), "already linked to another account")
    assert SocialAccount.objects.get().uid == "olive-1"


def test_an_address_that_changes_at_the_provider_does_not_take_over_another_person(
    client, olive, administrator, server
):
    by_provider(client, "olive-1")
    account(server, "olive-1", email=administrator.email, email_verified=True)
    again = Client()
    by_provider(again, "olive-1")
    assert is_in(again) == olive.pk


def test_somebody_whose_access_has_ended_stays_out(client: Client, olive: User):
    User.objects.filter(pk=olive.pk).update(is_active=False)
    assert by_provider(client, "olive-1").headers["Location"] == "/account/inactive/"
    User.objects.filter(pk=olive.pk).update(is_active=True)
    by_provider(Client(), "olive-1")
    User.objects.filter(pk=olive.pk).update(is_active=False)
    again = Client()
    assert by_provider(again, "olive-1").headers["Location"] == "/account/inactive/"
    assert not is_in(again)


def test_it_is_for_staff_unless_partners_may(client: Client, partner: User, server: str, settings):
    account(server, "pat", email=partner.email, email_verified=True)
    refused(by_provider(client, "pat"), "for council staff")
    settings.OIDC_FOR_PARTNERS = True
    by_provider(client, "pat")
    assert is_in(client) == partner.pk


# A way back that does not fit.


def test_another_state_or_code_or_none_is_a_sentence(client: Client, olive: User):
    for changed in ({"state": "x" * 20}, {"code": "not-a-code"}, {"error": "access_denied"}, {"error": "odd"}):
        refused(come_back(client, go(client), "olive-1", **changed), "was not completed")
        assert not is_in(client)
    refused(client.get("/account/provider/callback/"), "was not completed")


def test_a_way_back_serves_once_and_in_its_own_browser(client: Client, olive: User):
    at_provider = go(client)
    other = Client()
    refused(come_back(other, at_provider, "olive-1"), "was not completed")
    assert not is_in(other)


@pytest.mark.parametrize("claims", [{"nonce": "another"}, {"nonce": ""}, {"nonce": None}])
def test_another_nonce_is_refused(client: Client, olive: User, monkeypatch, claims):
    told(monkeypatch, **claims)
    refused(by_provider(client, "olive-1"), "was not completed")
    assert not is_in(client)


def test_a_token_for_somebody_else_or_with_a_broken_signature_is_refused(client, olive, settings, monkeypatch):
    true = ProviderFlow.get_access_token_data

    def broken(self: Any, *args: Any, **kwargs: Any) -> Any:
        data = true(self, *args, **kwargs)
        head, body, signature = data["id_token"].split(".")
        return {**data, "id_token": f"{head}.{body}.{signature[::-1]}"}

    monkeypatch.setattr(ProviderFlow, "get_access_token_data", broken)
    refused(by_provider(client, "olive-1"), "was not completed")
    monkeypatch.setattr(ProviderFlow, "get_access_token_data", true)
    at_provider = go(client)
    settings.OIDC_CLIENT_ID = "another-portal"
    refused(come_back(client, at_provider, "olive-1"), "was not completed")


def test_user_information_about_somebody_else_is_refused(client: Client, olive: User, monkeypatch):
    true = ProviderFlow._decode_id_token
    without = lambda *given: {name: said for name, said in true(*given).items() if name != "email"}  # noqa: E731
    monkeypatch.setattr(ProviderFlow, "_decode_id_token", without)
    by_provider(client, "olive-1")
    assert is_in(client) == olive.pk  # the address came with the user information
    monkeypatch.setattr(ProviderFlow, "_fetch_user_info", lambda self, token: {"sub": "x", "email": olive.email})
    again = Client()
    refused(by_provider(again, "olive-1"), "was not completed")
    assert not is_in(again)


def test_a_provider_that_is_down_is_a_page_that_says_so(client: Client, olive: User, settings):
    at_provider = go(client)
    settings.OIDC_URL = "http://127.0.0.1:1"
    answer = client.post(START)
    assert (answer.status_code, "is not responding" in said(answer)) == (503, True)
    answer = client.get(
        "/account/provider/callback/", {"code": "c", "state": parse_qs(urlsplit(at_provider).query)["state"][0]}
    )
    assert (answer.status_code, "is not responding" in said(answer)) == (503, True)


# Staff who have to use it.


def test_passwords_of_staff_are_refused_where_the_council_says_so(client, officer, partner, settings):
    settings.OIDC_REQUIRED_FOR_STAFF = True
    answer = by_password(client, officer.email, PASSWORD)
    assert answer.headers["Location"] == SIGN_IN
    assert "Council staff sign in with your Barchester account" in said(client.get(SIGN_IN))
    assert not is_in(client)
    by_password(client, partner.email, PASSWORD)
    assert is_in(client) == partner.pk


def test_leads_of_an_owner_that_is_no_council_are_not_council_staff(client, settings, server):
    owner = make_organisation("The Consortium", "infrastructure_body")
    make_strategy(owner)
    lead = make_person("partner_lead", owner)
    settings.OIDC_REQUIRED_FOR_STAFF = True
    by_password(client, lead.email, PASSWORD)
    assert "Council staff sign in with" not in said(client.get(SIGN_IN))
    account(server, "lea", email=lead.email, email_verified=True)
    refused(by_provider(Client(), "lea"), "for council staff")


# Confirming who one is.


@pytest.fixture
def in_by_provider(olive: User, settings, monkeypatch) -> Client:
    """The officer's browser, signed in by the provider with a second factor, eleven minutes ago."""
    settings.OIDC_TRUSTS_SECOND_FACTOR = True
    told(monkeypatch, amr=["mfa"])
    client = Client()
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        olive.set_unusable_password()
        olive.save()
        sign_in(client, olive)
    SocialAccount.objects.create(user=olive, provider=PROVIDER_ID, uid="olive-1")
    by_provider(client, "olive-1")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 60
    session.save()
    return client


def test_people_of_the_provider_confirm_there_and_come_back(in_by_provider: Client):
    here = "/account/password/set/"
    answer = in_by_provider.get(here)
    assert answer.headers["Location"].startswith(f"{CONFIRM}?next=")
    assert "Continue with your Barchester account" in said(in_by_provider.get(answer.headers["Location"]))
    at_provider = go(in_by_provider, CONFIRM, next=here)
    asked = parse_qs(urlsplit(at_provider).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert come_back(in_by_provider, at_provider, "olive-1").headers["Location"] == here
    assert in_by_provider.get(here).status_code == 200


def test_a_form_that_waits_is_carried_out_then(in_by_provider: Client, olive: User):
    here = "/account/password/set/"
    new = {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"}
    assert in_by_provider.post(here, new).headers["Location"].startswith(CONFIRM)
    come_back(in_by_provider, go(in_by_provider, CONFIRM, next=here), "olive-1")
    assert User.objects.get(pk=olive.pk).check_password("walnut-kettle-7")


def test_confirming_as_somebody_else_is_refused(in_by_provider: Client, administrator: User, server: str):
    account(server, "ada", email=administrator.email, email_verified=True)
    at_provider = go(in_by_provider, CONFIRM, next="/account/password/set/")
    refused(come_back(in_by_provider, at_provider, "ada"), "confirmed as someone else")
    assert in_by_provider.get("/account/password/set/").status_code == 302


def test_a_provider_that_did_not_ask_again_is_not_a_proof(in_by_provider: Client, monkeypatch):
    told(monkeypatch, auth_time=timezone.now().timestamp() - 3600)
    at_provider = go(in_by_provider, CONFIRM, next="/account/password/set/")
    refused(come_back(in_by_provider, at_provider, "olive-1"), "did not ask you to sign in again")


def test_who_never_came_by_the_provider_is_not_offered_it(client: Client, officer: User, server: str):
    sign_in(client, officer, minutes_ago=11)
    assert client.get(CONFIRM).status_code == 404
    assert not re.search("Barchester", said(client.get(reverse("account_reauthenticate"))))
