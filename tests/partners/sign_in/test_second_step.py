"""A second step is required of everybody who may approve or publish, before anything else."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners import permissions, roles
from partners.models import HistoryEntry, RoleGrant, SecurityEvent, User
from partners.services.roles import add_person_with_role, end_role
from partners.services.second_steps import recover_second_step
from partners.sign_in.demo_code import code_of, demo_code
from tests.factories import PASSWORD, make_person
from tests.partners.doing import NEW_PASSWORD, RESET, RESET_CODE, SECOND_STEP, by_password, newest_code, said, who
from tests.partners.sign_in.test_mfa import ADD_APP, CODES, REMOVE_APP, add_app, add_key, shown_by_app
from tests.signing_in import sign_in
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
SET_UP = "/account/second-step/"
LATER = timedelta(days=14, minutes=1)


def leads_to_set_up(answer: Any) -> bool:
    return answer.status_code == 302 and answer.headers["Location"] == SET_UP


# Who needs one.


def test_every_permission_is_on_one_side_of_the_table():
    every = {value for name, value in vars(roles).items() if name.isupper() and isinstance(value, str)}
    print(f"looked at {len(every)} permissions")
    assert len(every) >= 19
    assert every == roles.SECOND_STEP_FOR | roles.CODE_IS_ENOUGH_FOR
    assert not roles.SECOND_STEP_FOR & roles.CODE_IS_ENOUGH_FOR


def test_who_may_approve_or_publish_needs_one_and_a_partner_does_not(
    administrator, officer, partner, partner_lead, steering_member, nobody
):
    people = (administrator, officer, partner, partner_lead, steering_member, nobody)
    assert [permissions.needs_second_step(person) for person in people] == [True, True, False, False, False, False]


def test_a_new_role_is_covered_by_what_it_may_do(partner: User, monkeypatch):
    lead = roles.BY_CODE["partner_contributor"]
    approves = roles.Role(lead.code, lead.label, lead.description, lead.may | {roles.APPROVE_UPDATES}, lead.within)
    monkeypatch.setitem(roles.BY_CODE, lead.code, approves)
    assert permissions.needs_second_step(User.objects.get(pk=partner.pk))
    assert permissions.signs_in_by_password(User.objects.get(pk=partner.pk))


# Before anything else.


def test_after_the_password_every_page_and_the_api_lead_to_setting_up(client: Client, officer: User, strategy):
    by_password(client, officer.email, PASSWORD)
    pages = ["/", "/my-work/", "/review/", "/evidence/", "/reports/", "/account/", "/account/2fa/", CODES, "/people/",
             "/account/password/change/", "/account/2fa/webauthn/", f"{CODES}download/"]  # fmt: skip
    for page in pages:
        assert leads_to_set_up(client.get(page)), page
        assert leads_to_set_up(client.post(page)), page
    for page in ("/api/v1/", "/api/v1/strategies/", "/api/v1/evidence/"):
        answer = client.get(page)
        assert (answer.status_code, "second step" in answer.json()["detail"]) == (403, True), page
        assert client.post(page, {}, content_type="application/json").status_code == 403
    print(f"looked at {len(pages)} pages")
    for page in ("/cookies/", "/privacy/", "/accessibility/", "/account/logout/", "/healthz"):
        assert client.get(page).status_code == 200, page
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/").status_code == 200


def test_setting_up_the_app_shows_the_recovery_codes_and_leads_on(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    answer = client.get("/evidence/?show=mine", follow=True)
    assert answer.redirect_chain == [(SET_UP, 302)]
    assert "Your role can approve or publish" in said(answer)
    for ask in (client.get, client.post):  # what the page's scripts ask is not where the person wants to go
        assert leads_to_set_up(ask("/session/", headers={"Sec-Fetch-Dest": "empty"}))
    page = client.get(ADD_APP)
    assert "was not saved" not in said(page)
    answer = client.post(ADD_APP, {"code": shown_by_app(page.context["form"].secret)})
    assert answer.headers["Location"] == CODES
    assert 'href="/evidence/?show=mine"' in client.get(CODES).content.decode()
    assert client.get("/evidence/?show=mine").status_code == 200
    assert User.objects.get(pk=officer.pk).second_step_until is None


def test_a_partner_is_never_asked(client: Client, partner_lead: User):
    by_password(client, partner_lead.email, PASSWORD)
    assert client.get("/my-work/").status_code == 200
    assert client.get(SET_UP).headers["Location"] == "/account/2fa/"


def test_whoever_gains_such_a_role_while_signed_in_is_asked_at_the_next_click(
    client: Client, partner: User, council, now
):
    by_password(client, partner.email, PASSWORD)
    assert client.get("/my-work/").status_code == 200
    add_person_with_role(by=None, at=now, email=partner.email, name=partner.name, role="officer", organisation=council)
    assert leads_to_set_up(client.get("/my-work/"))
    answer = client.post("/evidence/new/", {"title": "x"}, follow=True)
    assert "was not saved" in said(answer)
    add_app(client)
    assert client.get("/my-work/").status_code == 200


def test_whoever_loses_the_role_is_no_longer_asked(client: Client, officer: User, administrator, now):
    by_password(client, officer.email, PASSWORD)
    assert leads_to_set_up(client.get("/my-work/"))
    end_role(by=administrator, at=now, grant=officer.role_grants.get())
    assert client.get("/my-work/").status_code == 200


def test_a_session_without_it_shows_the_one_that_was_set_up_elsewhere_and_adds_no_other(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    elsewhere = Client()
    by_password(elsewhere, officer.email, PASSWORD)
    secret = add_app(elsewhere)
    answer = client.get("/my-work/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/2fa/reauthenticate/?next=%2Fmy-work%2F")
    for address in (ADD_APP, "/account/2fa/webauthn/add/"):
        assert leads_to_set_up(client.get(address)), address
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        answer = client.post("/account/2fa/reauthenticate/", {"code": shown_by_app(secret), "next": "/my-work/"})
        assert answer.headers["Location"] == "/my-work/"
        assert client.get("/my-work/").status_code == 200


def test_confirming_by_password_is_not_a_second_step(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert leads_to_set_up(client.get("/my-work/"))


def test_a_form_that_waits_is_not_carried_out_before_the_second_step(client: Client, officer, partner, administrator):
    sign_in(client, partner, minutes_ago=11, second_step=False)
    here = reverse("partners:access", args=[officer.pk])
    client.post(here, {"act": "end", "reason": "Because."})
    add_person_with_role(by=None, at=timezone.now(), email=partner.email, name=partner.name, role="administrator")
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": here})
    assert User.objects.get(pk=officer.pk).is_active


# The time for setting up.


def test_a_first_one_is_set_up_within_a_fortnight_of_the_role(client: Client, officer: User):
    with time_machine.travel(timezone.now() + LATER):
        by_password(client, officer.email, PASSWORD)
        assert "The time to set it up has passed" in said(client.get(SET_UP))
        for address in (ADD_APP, "/account/2fa/webauthn/add/"):
            assert leads_to_set_up(client.get(address)), address
            assert leads_to_set_up(client.post(address, {"code": "123456"})), address
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        fresh = Client()
        by_password(fresh, officer.email, PASSWORD)
        assert fresh.get(ADD_APP).status_code == 200


def test_a_reset_by_emailed_code_does_not_get_round_it(client: Client, officer: User):
    at_work = Client()
    by_password(at_work, officer.email, PASSWORD)
    add_app(at_work)
    client.post(RESET, {"email": officer.email})
    client.post(RESET_CODE, {"code": newest_code()})
    client.post(NEW_PASSWORD, {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"})
    assert by_password(client, officer.email, "walnut-kettle-7").headers["Location"] == SECOND_STEP
    assert client.get("/my-work/").headers["Location"].startswith("/account/login/")


def test_a_reset_after_the_fortnight_does_not_open_it_either(client: Client, officer: User):
    with time_machine.travel(timezone.now() + LATER):
        client.post(RESET, {"email": officer.email})
        client.post(RESET_CODE, {"code": newest_code()})
        client.post(NEW_PASSWORD, {"password1": "walnut-kettle-7", "password2": "walnut-kettle-7"})
        by_password(client, officer.email, "walnut-kettle-7")
        assert leads_to_set_up(client.get(ADD_APP))


def test_a_role_that_needs_none_opens_nothing(partner: User, council, now):
    assert partner.second_step_until is None
    add_person_with_role(by=None, at=now, email=partner.email, name=partner.name, role="officer", organisation=council)
    assert User.objects.get(pk=partner.pk).second_step_until == now + timedelta(days=14)


def test_the_upgrade_opens_a_fortnight_for_staff_who_are_there_and_for_nobody_else(officer: User, partner: User, now):
    User.objects.update(second_step_until=None)
    gone = make_person("administrator")
    RoleGrant.objects.filter(person=gone).update(ended_at=now, ended_by=officer)
    User.objects.update(second_step_until=None)
    import_module("partners.migrations.0015_second_step").open_set_up(apps, None)
    assert User.objects.get(pk=officer.pk).second_step_until >= now + timedelta(days=14)
    assert set(User.objects.exclude(second_step_until=None)) == {officer}


# Removing.


def test_the_only_second_step_of_somebody_who_needs_one_is_not_removed(client: Client, officer: User):
    by_password(client, officer.email, PASSWORD)
    add_app(client)
    for answer in (client.get(REMOVE_APP), client.post(REMOVE_APP)):
        assert (answer.status_code, "Add another app or key first" in said(answer)) == (409, True)
    key = add_key(officer)
    assert client.post(REMOVE_APP).status_code == 302
    address = f"/account/2fa/webauthn/keys/{key.pk}/remove/"
    assert (client.get(address).status_code, client.post(address).status_code) == (409, 409)
    assert officer.has_second_step()


def test_a_partner_removes_their_own_as_they_like(client: Client, partner: User):
    by_password(client, partner.email, PASSWORD)
    add_app(client)
    assert client.post(REMOVE_APP).status_code == 302
    assert not partner.has_second_step()


# Recovery.


def recover_page(person: User) -> str:
    return reverse("partners:second-step-recover", args=[person.pk])


def test_another_administrator_removes_a_lost_one_and_the_person_sets_up_anew(
    client: Client, officer: User, administrator: User
):
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        by_password(client, officer.email, PASSWORD)
        add_app(client)
    admin = sign_in(Client(), administrator)
    person_page = admin.get(reverse("partners:person", args=[officer.pk])).content.decode()
    assert recover_page(officer) in person_page
    assert admin.post(recover_page(officer), {"reason": " "}).status_code == 422
    assert officer.has_second_step()
    mail.outbox.clear()
    assert admin.post(recover_page(officer), {"reason": "Lost her phone; I called her."}).status_code == 302
    assert not Authenticator.objects.filter(user_id=officer.pk).exists()
    entry = HistoryEntry.objects.get(person=officer, act="second step recovered")
    assert (entry.by, entry.detail) == (administrator, "Lost her phone; I called her.")
    event = SecurityEvent.objects.get(kind="second_step_recovered")
    assert (event.by, event.person) == (administrator, officer)
    assert {message.to[0] for message in mail.outbox} == {officer.email, administrator.email}
    answer = client.get("/my-work/", follow=True)  # the session of before has ended
    assert "reported lost" in said(answer)
    assert who(client) == ""
    by_password(client, officer.email, PASSWORD)
    assert "Set up your second step" in said(client.get(SET_UP))
    add_app(client)
    assert client.get("/my-work/").status_code == 200


def test_a_session_of_before_ends_in_the_api_too(client: Client, officer: User, administrator: User):
    sign_in(client, officer, minutes_ago=1)
    recover_second_step(by=administrator, at=timezone.now(), person=officer, reason="Lost.")
    assert client.get("/api/v1/").status_code == 403
    assert client.get("/api/v1/").status_code == 200  # as anybody


def test_nobody_recovers_their_own(administrator: User, now):
    answer = sign_in(Client(), administrator).post(recover_page(administrator), {"reason": "Mine."})
    assert (answer.status_code, "Ask another administrator" in said(answer)) == (403, True)
    with pytest.raises(Refused):
        recover_second_step(by=administrator, at=now, person=administrator, reason="Mine.")


def test_only_administrators_recover_and_only_who_needs_it(officer, second_officer, partner, administrator, now):
    with pytest.raises(Refused, match="Only an administrator"):
        recover_second_step(by=officer, at=now, person=second_officer, reason="Lost.")
    with pytest.raises(Refused, match="needs none"):
        recover_second_step(by=administrator, at=now, person=partner, reason="Lost.")
    add_key(partner)
    recover_second_step(by=administrator, at=now, person=partner, reason="Lost.")
    assert not partner.has_second_step()


def test_recovery_opens_the_time_for_setting_up_again(officer: User, administrator: User, now):
    User.objects.filter(pk=officer.pk).update(second_step_until=None)
    recover_second_step(by=administrator, at=now, person=officer, reason="Lost.")
    assert User.objects.get(pk=officer.pk).second_step_until == now + timedelta(days=14)


def test_the_only_administrator_is_helped_by_whoever_runs_the_portal(administrator: User, capsys):
    add_key(administrator)
    call_command("recover_second_step", administrator.email.upper(), "Lost the only phone; called back.")
    assert administrator.name in capsys.readouterr().out
    assert not administrator.has_second_step()
    event = SecurityEvent.objects.get(kind="second_step_recovered")
    assert (event.by, event.person) == (None, administrator)
    with pytest.raises(CommandError):
        call_command("recover_second_step", "nobody@example.org", "Lost.")
    with pytest.raises(CommandError):
        call_command("recover_second_step", administrator.email, " ")


# The demo.


def with_demo_app(person: User, **data: Any) -> Authenticator:
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", **data}
    )


def test_codes_are_those_of_the_standard():
    """The times and codes of RFC 6238, appendix B, shortened to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code_of(secret, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_in_debug_the_page_shows_the_code_of_a_demo_account_and_it_works_again_and_again(officer: User, settings):
    settings.DEBUG = True
    with_demo_app(officer, demo=True)
    for _ in range(2):
        browser = Client()
        by_password(browser, officer.email, PASSWORD)
        page = browser.get(SECOND_STEP)
        code = page.context["demo_code"]
        assert f"Demo: the code is now {code}" in said(page)
        assert browser.post(SECOND_STEP, {"code": code}).status_code == 302
        assert who(browser) == officer.email
        assert "Demo: the code is now" in said(browser.get("/account/2fa/reauthenticate/"))


@pytest.mark.parametrize(("debug", "data"), [(False, {"demo": True}), (True, {}), (True, {"demo": "yes"})])
def test_the_code_is_never_shown_outside_debug_nor_for_an_app_of_ones_own(officer: User, settings, debug, data):
    settings.DEBUG = debug
    with_demo_app(officer, **data)
    assert demo_code(officer) == ""
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    assert "Demo" not in said(browser.get(SECOND_STEP))


def test_an_inactive_person_needs_nothing_and_gets_nothing(officer: User, administrator):
    browser = Client()
    by_password(browser, officer.email, PASSWORD)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert browser.get("/my-work/").headers["Location"].startswith("/account/login/")
    assert make_person("steering_group").second_step_until is None
