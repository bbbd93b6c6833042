"""Wrong passwords and asked codes of strangers do not shut the owner out; guessing stays bounded all the same."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from partners.models import User
from partners.sign_in.limits import COOKIE, MAXIMUM_PEOPLE_PER_BROWSER, known_device, remember_device
from tests.factories import PASSWORD, make_person
from tests.partners.doing import RESET, ask_for_code, by_password, enter_code, newest_code, said

pytestmark = pytest.mark.django_db
WRONG = "wrong-wrong-wrong"


def at(address: str) -> Client:
    """A browser at this network address."""
    return Client(REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def guess(client: Client, person: User, times: int) -> list[int]:
    return [by_password(client, person.email, WRONG).status_code for _ in range(times)]


def test_five_wrong_passwords_elsewhere_do_not_keep_the_owner_out(officer: User):
    stranger = at("198.51.100.7")
    guess(stranger, officer, 5)
    answer = by_password(stranger, officer.email, PASSWORD)
    assert (is_in(stranger), "too many attempts" in said(answer)) == (False, True)
    owner = at("203.0.113.9")
    by_password(owner, officer.email, PASSWORD)
    assert is_in(owner)


def test_a_browser_that_signed_in_before_gets_in_whatever_strangers_do(officer: User):
    owner = at("203.0.113.9")
    by_password(owner, officer.email, PASSWORD)
    owner.post("/account/logout/")
    for number in range(10):
        guess(at(f"198.51.100.{number}"), officer, 5)
    fresh = at("192.0.2.1")
    by_password(fresh, officer.email, PASSWORD)
    assert not is_in(fresh)  # the bound on guessing from everywhere
    by_password(owner, officer.email, PASSWORD)
    assert is_in(owner)


def test_a_known_browser_is_bounded_too(officer: User):
    browser = at("203.0.113.9")
    by_password(browser, officer.email, PASSWORD)
    browser.post("/account/logout/")
    guess(browser, officer, 5)
    by_password(browser, officer.email, PASSWORD)
    assert not is_in(browser)


def test_guessing_from_everywhere_is_bounded_and_over_after_an_hour(officer: User):
    for number in range(50):
        guess(at(f"198.51.100.{number}"), officer, 1)
    fresh = at("192.0.2.1")
    by_password(fresh, officer.email, PASSWORD)
    assert not is_in(fresh)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        by_password(fresh, officer.email, PASSWORD)
        assert is_in(fresh)


def test_one_address_tries_ten_a_minute_whatever_the_account(officer: User):
    stranger = at("198.51.100.7")
    for _ in range(10):
        by_password(stranger, f"{_}@example.org", WRONG)
    by_password(stranger, officer.email, PASSWORD)
    assert not is_in(stranger)


def test_a_neighbour_in_one_network_counts_as_one_place(officer: User):
    guess(at("2001:db8:1:2::1"), officer, 5)
    neighbour = at("2001:db8:1:2::beef")
    by_password(neighbour, officer.email, PASSWORD)
    assert not is_in(neighbour)


def test_codes_asked_for_by_a_stranger_do_not_keep_the_owner_from_asking(partner: User):
    stranger = at("198.51.100.7")
    for _ in range(5):
        ask_for_code(stranger, partner.email)
    assert "too many attempts" in said(ask_for_code(stranger, partner.email))
    owner = at("203.0.113.9")
    ask_for_code(owner, partner.email)
    enter_code(owner, newest_code())
    assert is_in(owner)


def test_a_known_browser_asks_for_a_code_whatever_strangers_do_and_mails_are_bounded(partner: User):
    owner = at("203.0.113.9")
    by_password(owner, partner.email, PASSWORD)
    owner.post("/account/logout/")
    mail.outbox.clear()
    for number in range(6):
        for _ in range(5):
            ask_for_code(at(f"198.51.100.{number}"), partner.email)
    assert len(mail.outbox) == 20
    assert ask_for_code(owner, partner.email).status_code == 302
    assert len(mail.outbox) == 21


def test_resets_are_counted_in_the_same_way(officer: User):
    stranger = at("198.51.100.7")
    answers = [stranger.post(RESET, {"email": officer.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [422]
    assert at("203.0.113.9").post(RESET, {"email": officer.email}).status_code == 302


def test_unknown_addresses_are_counted_alike(client: Client, db: None):
    answers = [ask_for_code(client, "nobody@example.net").status_code for _ in range(6)]
    assert answers == [302] * 5 + [422]


def test_the_cookie_is_signed_kept_for_a_year_and_set_by_success_alone(officer: User, partner: User, settings, rf):
    settings.SESSION_COOKIE_SECURE = True
    browser = at("203.0.113.9")
    by_password(browser, officer.email, WRONG)
    assert COOKIE not in browser.cookies
    by_password(browser, officer.email, PASSWORD)
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["max-age"] == 365 * 24 * 3600
    assert officer.email not in cookie.value
    request = rf.get("/")
    request.COOKIES[COOKIE] = cookie.value
    assert known_device(request, officer.email.upper())
    assert not known_device(request, partner.email)
    request.COOKIES[COOKIE] = f"{cookie.value[:-1]}{'a' if cookie.value[-1] != 'a' else 'b'}"
    assert not known_device(request, officer.email)
    request.COOKIES[COOKIE] = cookie.value
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert not known_device(request, officer.email)


def test_a_browser_knows_ten_people_at_most(officer: User, rf, client):
    from django.http import HttpResponse

    people = [make_person("steering_group") for _ in range(MAXIMUM_PEOPLE_PER_BROWSER + 1)]
    request = rf.get("/")
    for person in people:
        response = HttpResponse()
        remember_device(request, response, person)
        request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    assert not known_device(request, people[0].email)
    assert all(known_device(request, person.email) == known_device(request, people[1].email) for person in people[1:])


def test_the_counts_hold_while_the_cache_server_is_down(officer: User, settings):
    settings.CACHES = {"default": {"BACKEND": "vcsportal.cache.FallingBackCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    stranger = at("198.51.100.77")
    guess(stranger, officer, 5)
    by_password(stranger, officer.email, PASSWORD)
    assert not is_in(stranger)
    owner = at("203.0.113.99")
    by_password(owner, officer.email, PASSWORD)
    assert is_in(owner)
