"""Mails say plainly what they are for, and never hold a link that signs anybody in."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from partners.mail import send_invitation
from partners.models import Mail, User
from partners.services import invite
from tests.factories import PASSWORD
from tests.partners.doing import RESET, ask_for_code, by_password
from vcsportal import devmail

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(settings):
    settings.PORTAL_URL, settings.PORTAL_NAME = "https://portal.example.org", "Strategy & portal"
    settings.PORTAL_CONTACT_EMAIL, settings.DEFAULT_FROM_EMAIL = "help@example.org", "from@example.org"
    return settings


def test_an_invited_partner_is_told_where_to_go_with_which_address_and_that_no_password_is_needed(
    portal, partner_lead: User, charity, now
):
    guest = invite(
        by=partner_lead,
        at=now,
        email="o'hara@example.org",
        name="Jo O'Hara",
        role="partner_contributor",
        organisation=charity,
    )
    send_invitation(person=guest, by=partner_lead, at=timezone.now())
    [message] = mail.outbox
    assert (message.to, message.from_email) == (["o'hara@example.org"], "from@example.org")
    assert message.subject == "You are invited to Strategy & portal"
    for words in (
        "Dear Jo O'Hara",
        "Lee Lead has invited you",
        "partner contributor, Rowan Trust",
        "\nhttps://portal.example.org/account/login/\n",
        "o'hara@example.org",
        "You need no password",
        "help@example.org",
    ):
        assert words in message.body
    assert "&#x27;" not in message.body


def test_an_invited_officer_is_told_how_to_set_the_first_password(portal, administrator: User, council, now):
    guest = invite(by=administrator, at=now, email="o@example.org", name="O", role="officer", organisation=council)
    send_invitation(person=guest, by=administrator, at=timezone.now(), portal_url="https://other.example.org/")
    body = mail.outbox[0].body
    assert "\nhttps://other.example.org/account/password/reset/\n" in body
    assert "You need no password" not in body


def test_a_name_cannot_break_a_mails_head(portal, administrator: User, now):
    guest = invite(by=administrator, at=now, email="x@example.org", name="X\nBcc: y@example.org", role="administrator")
    send_invitation(person=guest, by=administrator, at=timezone.now())
    assert list(mail.outbox[0].message().keys()).count("Bcc") == 0


def test_an_invitation_whose_email_fails_waits_and_nobody_meets_an_error(portal, administrator: User, partner: User):
    portal.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    portal.EMAIL_HOST, portal.EMAIL_PORT = "127.0.0.1", 1
    send_invitation(person=partner, by=administrator, at=timezone.now())
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert "refused" in waiting.problem


def test_every_mail_of_sign_in_is_plain_and_signed_and_holds_no_secret_link(portal, client: Client, partner, officer):
    for email in (partner.email, officer.email, "stranger@example.org"):
        ask_for_code(client, email)
        client.post(RESET, {"email": email})
    by_password(client, officer.email, PASSWORD)
    new = {"oldpassword": PASSWORD, "password1": "walnut-kettle-7", "password2": "walnut-kettle-7"}
    client.post("/account/password/change/", new)
    assert len(mail.outbox) == 7
    for message in mail.outbox:
        assert len(list(message.message().walk())) == 1, "plain text only"
        assert message.subject == message.subject.strip() != ""
        assert "help@example.org" in message.body
        assert "Strategy & portal" in message.body
        assert "testserver" not in message.body
        links = re.findall(r"https?://\S+", str(message.body))
        assert all(re.fullmatch(r"https://portal\.example\.org/[a-z/]+", link) for link in links), links


def test_without_a_mail_server_mails_are_kept_where_a_newcomer_reads_them(client: Client, partner: User, settings):
    settings.EMAIL_BACKEND, settings.DEBUG = "vcsportal.devmail.Backend", True
    ask_for_code(client, partner.email)
    [name] = devmail.names()
    kept = devmail.read(name)
    assert kept.to == partner.email
    assert re.search(r"^\d{4}-\d{4}$", kept.text, re.MULTILINE)
    assert name in client.get("/dev/mail/").content.decode()


def test_the_command_for_the_first_administrator_sends_nothing():
    call_command("make_administrator", "a@example.org", "Ada", stdout=StringIO())
    assert mail.outbox == []
