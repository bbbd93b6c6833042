"""Names are corrected at once, addresses once whoever has the new one confirms it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partners.emails import outbox, sending
from partners.models import AddressChange, HistoryEntry, Mail, SecurityEvent, User
from partners.services.access import end_access
from partners.services.address_changes import MAXIMUM_TRIES, ask_to_change_address, confirm_address
from partners.services.people import rename_person
from partners.services.second_steps import recover_second_step
from tests.factories import make_person
from tests.partners.doing import NEW_PASSWORD, RESET, RESET_CODE, ask_for_code, code_in, enter_code, newest_code
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
NEW = "new.home@example.org"
CONFIRM = "/account/address/"


def code_sent_to(email: str) -> str:
    [*_, last] = [one for one in mail.outbox if one.to == [email]]
    return code_in(last)


@pytest.fixture
def ask(administrator, partner, now):
    """Returns what asks for a new address of the partner and gives the code that was sent."""

    def make(email: str = NEW, **changes) -> str:
        ask_to_change_address(**{"by": administrator, "at": now, "person": partner, "email": email, **changes})
        return code_sent_to(email)

    return make


def test_a_name_is_corrected_at_once_with_history(signed_in, administrator, partner):
    page = signed_in(administrator)
    address = reverse("partners:person-edit", args=[partner.pk])
    assert page.post(address, {"name": "Pat  Parter", "email": partner.email}).status_code == 302
    partner.refresh_from_db()
    entry = HistoryEntry.objects.get(act="name corrected")
    assert (partner.name, entry.person, entry.by, entry.detail) == (
        "Pat Parter", partner, administrator, "Pat Partner → Pat Parter"
    )  # fmt: skip
    page.post(address, {"name": "Pat Parter", "email": partner.email})
    assert HistoryEntry.objects.filter(act="name corrected").count() == 1
    assert not AddressChange.objects.exists()
    assert page.post(address, {"name": "www.evil.example", "email": partner.email}).status_code == 422


def test_an_address_changes_only_when_the_code_sent_there_is_entered(signed_in, administrator, partner, client: Client):
    theirs, old = signed_in(partner), partner.email
    address = reverse("partners:person-edit", args=[partner.pk])
    signed_in(administrator).post(address, {"name": partner.name, "email": NEW.upper()})
    partner.refresh_from_db()
    assert partner.email == old
    assert f"The new address {NEW} has to be confirmed by" in signed_in(administrator).get(address).text
    sent = {mail.kind: mail for mail in Mail.objects.all()}
    assert {kind: mail.to for kind, mail in sent.items()} == {"address_confirm": NEW, "address_notice": old}
    code = code_sent_to(NEW)
    assert code not in sent["address_notice"].text
    answer = client.post(CONFIRM, {"email": f" {NEW.upper()}", "code": code.replace("-", " ")})
    assert answer.headers["Location"] == reverse("account_login")
    partner.refresh_from_db()
    assert partner.email == NEW
    assert theirs.get("/my-work/").status_code == 302, "the sessions of the old address have ended"
    assert Mail.objects.get(kind="address_changed").to == old
    event = SecurityEvent.objects.get(kind="address_changed")
    assert (event.by, event.person, event.detail) == (administrator, partner, f"{old} → {NEW}")
    assert client.post(CONFIRM, {"email": NEW, "code": code}).status_code == 422


def test_a_code_that_went_to_the_old_mailbox_signs_nobody_in_afterwards(ask, now, partner, client: Client):
    ask_for_code(client, partner.email)
    code = newest_code()
    confirm_address(at=now, email=NEW, code=ask())
    answer = enter_code(client, code)
    assert answer.headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session
    ask_for_code(client, NEW.upper())
    assert enter_code(client, newest_code()).headers["Location"] == "/my-work/"


@pytest.mark.parametrize("entered_before", [True, False])
def test_a_code_that_went_to_the_old_mailbox_sets_no_password_afterwards(
    ask, now, partner, client: Client, entered_before
):
    client.post(RESET, {"email": partner.email})
    code = newest_code()
    if entered_before:
        assert client.post(RESET_CODE, {"code": code}).headers["Location"] == NEW_PASSWORD
    confirm_address(at=now, email=NEW, code=ask())
    if not entered_before:
        assert client.post(RESET_CODE, {"code": code}).headers["Location"] == RESET
    chosen = "seven-quiet-herons-fly"
    assert client.post(NEW_PASSWORD, {"password1": chosen, "password2": chosen}).headers["Location"] == RESET
    partner.refresh_from_db()
    assert not partner.check_password(chosen)


def test_the_code_for_an_address_is_readable_in_no_row_and_gone_once_it_was_sent(
    administrator, partner, now, monkeypatch
):
    monkeypatch.setattr(outbox, "send_soon", lambda mail: None)  # it still waits
    ask_to_change_address(by=administrator, at=now, person=partner, email=NEW)
    waiting = Mail.objects.get(kind="address_confirm")
    assert (waiting.text, waiting.html) == ("", "")
    assert waiting.expires_at == AddressChange.objects.get().expires_at
    sending.send_one(waiting.pk, now)
    code = code_sent_to(NEW)
    sent = Mail.objects.get(kind="address_confirm")
    assert (sent.state, sent.encrypted) == ("sent", "")
    assert code not in f"{waiting.subject}{waiting.encrypted}{sent.subject}{sent.text}{sent.html}"


def test_wrong_codes_count_and_after_five_none_works(ask, now, client, partner):
    code = ask()
    wrong = code.translate(str.maketrans("0123456789", "1234567890"))
    for _ in range(MAXIMUM_TRIES - 1):
        assert client.post(CONFIRM, {"email": NEW, "code": wrong}).status_code == 422
    confirm_address(at=now, email=NEW, code=code)
    again = ask("other@example.org", person=User.objects.get(pk=partner.pk))
    for _ in range(MAXIMUM_TRIES):
        with pytest.raises(Refused, match="does not match this address"):
            confirm_address(at=now, email="other@example.org", code="0000")
    with pytest.raises(Refused, match="does not match this address"):
        confirm_address(at=now, email="other@example.org", code=again)
    partner.refresh_from_db()
    assert partner.email == NEW
    assert SecurityEvent.objects.filter(kind="code_failed", person=partner).count() >= MAXIMUM_TRIES


def test_a_code_works_for_three_days_and_for_the_newest_request(ask, now, partner):
    first, second = ask(), ask("other@example.org")
    with pytest.raises(Refused):
        confirm_address(at=now, email=NEW, code=first)
    with pytest.raises(Refused):
        confirm_address(at=now + timedelta(days=3), email="other@example.org", code=second)
    confirm_address(at=now + timedelta(days=3, seconds=-1), email="other@example.org", code=second)
    partner.refresh_from_db()
    assert partner.email == "other@example.org"


def test_what_cannot_be_asked_for(ask, officer, administrator, partner, now, outsider):
    for changes, words in (
        ({"by": officer}, "Only an administrator"),
        ({"person": administrator}, "another administrator"),
        ({"email": outsider.email}, "signs in with this address already"),
        ({"email": "p\u0430t@example.org"}, "mixes alphabets"),
    ):
        with pytest.raises(Refused, match=words):
            ask(**changes)
    with pytest.raises(Refused, match="Only an administrator"):
        rename_person(by=officer, at=now, person=partner, name="New")
    end_access(by=administrator, at=now, person=partner, reason="Left.")
    with pytest.raises(Refused, match="has ended"):
        ask()


def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(ask, now, partner):
    code, old = ask(), partner.email
    other = make_person()
    User.objects.filter(pk=other.pk).update(email=NEW)
    with pytest.raises(Refused):
        confirm_address(at=now, email=NEW, code=code)
    partner.refresh_from_db()
    assert partner.email == old


def test_somebody_whose_access_ended_meanwhile_confirms_nothing(ask, now, partner, administrator):
    code = ask()
    end_access(by=administrator, at=now, person=partner, reason="Left.")
    with pytest.raises(Refused):
        confirm_address(at=now, email=NEW, code=code)


def test_no_administrator_alone_gives_an_account_a_new_address_and_a_new_second_step(
    ask, administrator, officer, second_officer, now
):
    second = make_person("administrator")

    def recover(by: User, person: User, days: float = 0) -> None:
        recover_second_step(by=by, at=now + timedelta(days=days), person=person, reason="I rang them.")

    ask(person=officer)
    for days in (0, 29.9):
        with pytest.raises(Refused, match="need two administrators"):
            recover(administrator, officer, days)
    recover(second, officer)
    recover(administrator, officer, 30)
    recover(administrator, second_officer)
    for days in (0, 29.9):
        with pytest.raises(Refused, match="need two administrators"):
            ask(person=second_officer, email="b@example.org", at=now + timedelta(days=days))
    ask(person=second_officer, email="b@example.org", by=second)
    later = now + timedelta(days=30)
    ask_to_change_address(by=administrator, at=later, person=second_officer, email="c@example.org")
    recover(second, second_officer)
