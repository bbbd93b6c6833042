"""Partners come in by a code from their email; officers don't; strangers learn nothing; nobody meets an error page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import RoleGrant, User
from partners.services.roles import add_person_with_role, end_role
from tests.factories import PASSWORD, make_person
from tests.partners.doing import (
    BY_PASSWORD,
    ENTER_CODE,
    NEW_PASSWORD,
    RESET,
    RESET_CODE,
    SIGN_IN,
    ask_for_code,
    by_password,
    code_in,
    enter_code,
    newest_code,
    said,
    who,
    wrong,
)
from tests.signing_in import pass_second_step

pytestmark = pytest.mark.django_db
LOST = "That code can no longer be used"


# By a code.


def test_a_partner_signs_in_with_the_code_from_the_mail(client: Client, partner: User):
    answer = ask_for_code(client, f"  {partner.email.upper()} ")
    assert (answer.status_code, answer.headers["Location"]) == (302, ENTER_CODE)
    assert partner.email in said(client.get(ENTER_CODE))
    [message] = mail.outbox
    assert (message.to, message.subject) == ([partner.email], "Your code to sign in")
    assert "15 minutes" in message.body
    answer = enter_code(client, code_in(message))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("commitments:my-work"))
    assert who(client) == partner.email


@pytest.mark.parametrize("shape", ["{0}{1}", " {0} {1} ", "{0}-{1}"])
def test_a_code_may_be_typed_with_or_without_its_dash(client: Client, steering_member: User, shape: str):
    ask_for_code(client, steering_member.email)
    assert enter_code(client, shape.format(*newest_code().split("-"))).status_code == 302
    assert who(client) == steering_member.email


def test_where_the_person_was_going_is_kept_all_the_way(client: Client, partner: User):
    assert client.get("/account/").headers["Location"] == "/account/login/?next=/account/"
    page = client.get("/account/login/?next=/account/")
    assert 'name="next" value="/account/"' in page.content.decode()
    answer = ask_for_code(client, partner.email, next="/account/")
    assert answer.headers["Location"] == f"{ENTER_CODE}?next=%2Faccount%2F"
    assert enter_code(client, "1", next="/account/").status_code == 422
    assert enter_code(client, newest_code(), next="/account/").headers["Location"] == "/account/"


def test_nobody_is_led_to_another_site(client: Client, partner: User):
    ask_for_code(client, partner.email, next="https://evil.example/")
    answer = enter_code(client, newest_code(), next="https://evil.example/")
    assert answer.headers["Location"] == reverse("commitments:my-work")


def test_a_wrong_code_is_said_and_the_third_ends_it(client: Client, partner: User):
    ask_for_code(client, partner.email, next="/account/")
    code = newest_code()
    for _ in range(2):
        answer = enter_code(client, wrong(code), next="/account/")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "<title>Error: " in page
        assert 'href="#id_code"' in page
        assert "This is not the code in our latest email" in page
    answer = client.post(ENTER_CODE, {"code": wrong(code), "next": "/account/"}, follow=True)
    assert answer.redirect_chain == [(f"{SIGN_IN}?next=%2Faccount%2F", 302)]
    assert "three incorrect codes" in said(answer)
    answer = client.post(ENTER_CODE, {"code": code}, follow=True)
    assert LOST in said(answer)
    assert who(client) == ""


@pytest.mark.parametrize("code", ["", "\u0665\u0665", "é" * 9, "0" * 5000, "' or 1=1"])
def test_nonsense_instead_of_a_code_is_a_sentence(client: Client, partner: User, code: str):
    ask_for_code(client, partner.email)
    assert enter_code(client, code).status_code == 422


def test_a_code_holds_for_fifteen_minutes(client: Client, partner: User):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        ask_for_code(client, partner.email)
    with time_machine.travel(start + timedelta(minutes=14, seconds=50), tick=False):
        assert client.get(ENTER_CODE).status_code == 200
    with time_machine.travel(start + timedelta(minutes=15, seconds=10), tick=False):
        answer = client.post(ENTER_CODE, {"code": newest_code(), "next": "/account/"}, follow=True)
    assert LOST in said(answer)
    assert "?next=%2Faccount%2F" in answer.redirect_chain[0][0]
    assert who(client) == ""


def test_a_code_without_the_browser_that_asked_for_it_says_what_to_do(client: Client, partner: User):
    ask_for_code(Client(), partner.email)
    for answer in (client.get(ENTER_CODE, follow=True), client.post(ENTER_CODE, {"code": newest_code()}, follow=True)):
        assert LOST in said(answer)
        assert answer.status_code == 200


def test_a_code_works_once(client: Client, partner: User):
    ask_for_code(client, partner.email)
    assert enter_code(client, newest_code()).status_code == 302
    client.post("/account/logout/")
    assert enter_code(client, newest_code()).headers["Location"] == SIGN_IN
    assert who(client) == ""


def test_another_code_takes_the_place_of_the_first(client: Client, partner: User):
    ask_for_code(client, partner.email)
    first = newest_code()
    ask_for_code(client, partner.email)
    assert len(mail.outbox) == 2
    assert enter_code(client, first).status_code == 422
    assert enter_code(client, newest_code()).status_code == 302


def test_a_mistyped_address_can_be_put_right(client: Client, partner: User):
    ask_for_code(client, "pat.partnr@example.org")
    page = client.get(SIGN_IN)
    assert page.status_code == 200
    assert 'value="pat.partnr@example.org"' in page.content.decode()
    ask_for_code(client, partner.email)
    assert enter_code(client, newest_code()).status_code == 302


# Nobody learns who is known.


def test_unknown_and_inactive_addresses_and_officers_see_the_very_same_pages(partner: User, officer: User):
    inactive = make_person("partner_contributor", partner.organisations[0])
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    pages = []
    for email in (partner.email, officer.email, inactive.email, "stranger@example.org"):
        client = Client()
        asked = ask_for_code(client, email)
        shown = client.get(ENTER_CODE)
        refused = enter_code(client, "0000-0001")
        reset = client.post(RESET, {"email": email})
        reset_page = client.get(RESET_CODE)
        words = [said(answer).replace(email, "EMAIL") for answer in (shown, refused, reset_page)]
        pages.append((asked.status_code, asked.headers["Location"], refused.status_code, reset.status_code, words))
    assert all(one == pages[0] for one in pages)
    assert len(mail.outbox) == 8, "each address gets an email each time, so that time tells nothing either"
    with_code = [
        message.to[0] for message in mail.outbox if re.search(r"^\d{4}-\d{4}$", str(message.body), re.MULTILINE)
    ]
    assert sorted(with_code) == sorted([partner.email, partner.email, officer.email])


def test_an_unknown_address_gets_a_mail_that_helps_and_no_code(client: Client, db: None):
    ask_for_code(client, "stranger@example.org")
    [message] = mail.outbox
    assert "We have no account for it" in message.body
    assert not re.search(r"\d{4}-\d{4}", str(message.body))


def test_an_officer_who_asks_for_a_code_is_told_by_mail_to_use_the_password(client: Client, officer: User):
    ask_for_code(client, officer.email)
    [message] = mail.outbox
    assert "sign in with a password" in message.body
    assert RESET in message.body
    assert not re.search(r"\d{4}-\d{4}", str(message.body))
    assert client.get(ENTER_CODE).status_code == 200


def test_an_administrator_and_an_officer_with_a_second_role_get_no_code_either(
    client: Client, administrator: User, council, now
):
    both = make_person("steering_group")
    add_person_with_role(by=None, at=now, email=both.email, name=both.name, role="officer", organisation=council)
    for person in (administrator, both):
        ask_for_code(client, person.email)
        assert mail.outbox[-1].subject == "How to sign in"


def test_somebody_who_became_an_officer_since_the_code_was_sent_uses_the_password(
    client: Client, steering_member: User, council, now
):
    ask_for_code(client, steering_member.email)
    add_person_with_role(by=None, at=now, email=steering_member.email, name="", role="officer", organisation=council)
    answer = client.post(ENTER_CODE, {"code": newest_code()}, follow=True)
    assert "Your role signs in with a password" in said(answer)
    assert who(client) == ""


def test_somebody_whose_access_ended_since_the_code_was_sent_does_not_get_in(client: Client, partner: User):
    ask_for_code(client, partner.email)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    answer = client.post(ENTER_CODE, {"code": newest_code()}, follow=True)
    assert answer.status_code == 200
    assert "access" in said(answer)
    assert who(client) == ""


@pytest.mark.parametrize("email", ["", "no-address", "a@b", "a\x00b@example.org"])
def test_what_is_no_address_is_a_sentence_and_stays_in_the_box(client: Client, db: None, email: str):
    answer = ask_for_code(client, email)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert 'href="#id_email"' in page
    assert mail.outbox == []
    if email == "no-address":
        assert 'value="no-address"' in page


# By a password.


def test_an_officer_signs_in_with_a_password_and_the_address_is_typed_once(client: Client, officer: User):
    answer = client.post(SIGN_IN, {"email": officer.email, "way": "password", "next": "/account/"})
    assert answer.headers["Location"] == f"{BY_PASSWORD}?next=%2Faccount%2F"
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'value="{officer.email}"' in page
    answer = by_password(client, officer.email, PASSWORD, next="/account/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    pass_second_step(client)
    assert who(client) == officer.email


def test_partners_and_steering_members_may_use_a_password_too(partner: User, steering_member: User):
    for person in (partner, steering_member):
        client = Client()
        by_password(client, person.email, PASSWORD)
        assert who(client) == person.email


@pytest.mark.parametrize("email", ["person@example.org", None])
def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(
    client: Client, officer: User, email: str | None
):
    answer = by_password(client, email or officer.email, "wrong-wrong-wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "password is incorrect" in page
    assert "<title>Error: " in page
    assert "wrong-wrong-wrong" not in page
    assert who(client) == ""


def test_empty_boxes_are_named(client: Client, db: None):
    page = by_password(client, "", "")
    assert page.status_code == 422
    assert 'href="#id_login"' in page.content.decode()
    assert 'href="#id_password"' in page.content.decode()


def test_a_person_whose_access_ended_is_told_so_with_the_right_password_only(client: Client, officer: User):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert "access" not in said(by_password(client, officer.email, "wrong-wrong-wrong"))
    answer = client.post(BY_PASSWORD, {"login": officer.email, "password": PASSWORD}, follow=True)
    assert "access" in said(answer)
    assert who(client) == ""


def test_a_new_officer_sets_the_first_password_by_a_code_and_signs_in(client: Client, council, now):
    person = add_person_with_role(
        by=None, at=now, email="new.officer@example.org", name="New", role="officer", organisation=council
    )
    assert not person.has_usable_password()
    answer = client.post(RESET, {"email": person.email})
    assert answer.headers["Location"] == RESET_CODE
    assert "15 minutes" in mail.outbox[-1].body
    assert client.post(RESET_CODE, {"code": wrong(newest_code())}).status_code == 422
    assert client.post(RESET_CODE, {"code": newest_code()}).headers["Location"] == NEW_PASSWORD
    short = client.post(NEW_PASSWORD, {"password1": "elevenchars", "password2": "elevenchars"})
    assert short.status_code == 422
    assert "at least 12 characters" in said(short)
    differ = client.post(NEW_PASSWORD, {"password1": "walnut-kettle-7", "password2": "walnut-kettle-8"})
    assert differ.status_code == 422
    answer = client.post(NEW_PASSWORD, {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"})
    assert answer.headers["Location"] == BY_PASSWORD
    assert who(client) == "", "the password, and the second step where there is one, come next"
    by_password(client, person.email, "walnut-kettle-7")
    assert who(client) == "", "the second step is set up first"
    pass_second_step(client)
    assert who(client) == person.email
    assert mail.outbox[-1].to == [person.email]
    assert "password" in mail.outbox[-1].subject


def test_a_lost_or_mistyped_code_for_a_password_leads_back_with_a_sentence(client: Client, officer: User):
    for address in (RESET_CODE, NEW_PASSWORD):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[0][0] == RESET
        assert LOST in said(answer)
    client.post(RESET, {"email": officer.email})
    for _ in range(3):
        answer = client.post(RESET_CODE, {"code": wrong(newest_code())}, follow=True)
    assert "three incorrect codes" in said(answer)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        client.post(RESET, {"email": officer.email})
    assert client.get(NEW_PASSWORD).headers["Location"] == RESET_CODE


def test_a_new_password_ends_the_sessions_of_other_browsers(client: Client, officer: User):
    elsewhere = Client()
    for browser in (client, elsewhere):
        by_password(browser, officer.email, PASSWORD)
        pass_second_step(browser)
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "walnut-kettle-7", "password2": "walnut-kettle-7"},
    )
    assert answer.headers["Location"] == "/account/"
    assert (who(client), who(elsewhere)) == (officer.email, "")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("not-my-password", "walnut-kettle-7", "not the password that you use now"),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "password1234", "guessed first"),
        (PASSWORD, "olive officer", "too similar"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(client, officer, old, new, sentence):
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
    answer = client.post("/account/password/change/", {"oldpassword": old, "password1": new, "password2": new})
    assert answer.status_code == 422
    assert sentence in said(answer)


def test_a_partner_without_a_password_may_set_one(client: Client, charity, now):
    person = add_person_with_role(
        by=None, at=now, email="p@example.org", name="P", role="partner_lead", organisation=charity
    )
    ask_for_code(client, person.email)
    enter_code(client, newest_code())
    assert client.get("/account/password/change/").headers["Location"] == "/account/password/set/"
    assert client.get("/account/password/set/").status_code == 200
    new = {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"}
    assert client.post("/account/password/set/", {**new, "password2": "other"}).status_code == 422
    assert client.post("/account/password/set/", new).headers["Location"] == "/account/"
    assert who(client) == person.email


# Limits.


def test_codes_are_asked_for_five_times_in_ten_minutes(client: Client, partner: User):
    answers = [ask_for_code(client, partner.email).status_code for _ in range(6)]
    assert answers == [302] * 5 + [422]
    assert len(mail.outbox) == 5
    assert "too many attempts" in said(ask_for_code(client, partner.email))
    assert ask_for_code(client, "another@example.org").status_code == 302


def test_passwords_are_tried_five_times(client: Client, officer: User):
    for _ in range(5):
        assert "password is incorrect" in said(by_password(client, officer.email, "wrong-wrong-wrong"))
    answer = by_password(client, officer.email, PASSWORD)
    assert (answer.status_code, who(client)) == (422, "")
    assert "too many attempts" in said(answer)


def test_a_new_password_begins_with_fresh_tries(client: Client, officer: User):
    for _ in range(5):
        by_password(client, officer.email, "wrong-wrong-wrong")
    client.post(RESET, {"email": officer.email})
    client.post(RESET_CODE, {"code": newest_code()})
    client.post(NEW_PASSWORD, {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"})
    assert by_password(client, officer.email, "walnut-kettle-7").status_code == 302


def test_too_many_requests_from_one_place_meet_a_page_that_says_so(client: Client, db: None):
    for number in range(21):
        answer = client.post(RESET, {"email": f"person{number}@example.net"})
    assert (answer.status_code, "too many attempts" in said(answer)) == (422, True)
    for _ in range(11):
        answer = client.post("/account/2fa/webauthn/login/", {"credential": ""})
    assert answer.status_code == 429
    assert "app-header" in answer.content.decode()
    assert "too many" in said(answer).lower()


def test_limits_hold_while_the_cache_server_is_down(client: Client, officer: User, settings):
    settings.CACHES = {"default": {"BACKEND": "vcsportal.cache.FallingBackCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    for _ in range(5):
        assert by_password(client, officer.email, "wrong-wrong-wrong").status_code == 422
    answer = by_password(client, officer.email, PASSWORD)
    assert (answer.status_code, who(client)) == (422, "")
    assert cache.get("anything") is None


# The rest.


def test_an_ended_role_loses_its_rights_at_the_next_request(client: Client, steering_member, administrator, now):
    ask_for_code(client, steering_member.email)
    enter_code(client, newest_code())
    assert "Steering-group member" in said(client.get("/account/"))
    end_role(by=administrator, at=now, grant=RoleGrant.objects.get(person=steering_member))
    assert "Steering-group member" not in said(client.get("/account/"))


def test_ended_access_ends_the_session_at_the_next_request(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert who(client) == ""


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_email_verification_sent"])
def test_nobody_signs_up_by_themselves(client: Client, db: None, name: str):
    address = reverse(name)
    assert client.get(address).headers["Location"] == SIGN_IN
    assert client.post(address, {"email": "me@example.org", "password1": PASSWORD}).status_code == 405
    assert not User.objects.exists()


def test_signing_out_asks_first_and_ends_the_session(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    page = client.get("/account/logout/")
    assert page.status_code == 200
    assert who(client) == partner.email
    assert client.post("/account/logout/").headers["Location"] == reverse("commitments:home")
    assert who(client) == ""


def test_somebody_signed_in_is_led_on_from_the_sign_in_pages(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    for address in (SIGN_IN, BY_PASSWORD, ENTER_CODE):
        assert client.get(address).headers["Location"] == reverse("commitments:my-work")


def test_the_account_page_says_who_i_am_and_what_i_may_do(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
    page = said(client.get("/account/"))
    for words in (officer.name, officer.email, "Council officer", "reports on commitments"):
        assert words in page


@pytest.mark.parametrize("path", [SIGN_IN, BY_PASSWORD, RESET, "/account/inactive/"])
def test_pages_of_sign_in_are_ours_and_need_no_inline_script(client: Client, db: None, path: str):
    page = client.get(path).content.decode()
    assert page.count("<h1") == 1
    assert "app-header" in page
    assert "placeholder=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert "style=" not in page


def test_a_changed_password_stays_changed_when_the_mail_about_it_fails(client: Client, officer: User, settings):
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    new = {"oldpassword": PASSWORD, "password1": "walnut-kettle-7", "password2": "walnut-kettle-7"}
    assert client.post("/account/password/change/", new).status_code == 302
    assert by_password(Client(), officer.email, "walnut-kettle-7").status_code == 302


@pytest.mark.parametrize(
    "name", ["account_login", "account_login_password", "account_reset_password", "partners:complain"]
)
def test_the_box_for_an_address_brings_up_the_keyboard_for_addresses(client: Client, db: None, name: str):
    page = client.get(reverse(name)).content.decode()
    box = re.search(r'<input(?=[^>]*name="(?:email|login)")[^>]*>', page)
    assert box
    assert box[0].count("type=") == 1
    assert 'type="email"' in box[0]
    assert "autocomplete=" in box[0]
