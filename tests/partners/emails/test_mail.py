"""Emails say plainly what they are for, and never hold a link that signs anybody in."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from partners.models import User
from tests.factories import PASSWORD
from tests.partners.doing import RESET, ask_for_code, by_password
from tests.signing_in import pass_second_step
from vcsportal import development_email

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(settings):
    settings.PORTAL_URL, settings.PORTAL_NAME = "https://portal.example.org", "Strategy & portal"
    settings.PORTAL_CONTACT_EMAIL, settings.DEFAULT_FROM_EMAIL = "help@example.org", "from@example.org"
    return settings


def test_every_mail_of_sign_in_is_plain_and_signed_and_holds_no_secret_link(portal, client: Client, partner, officer):
    for email in (partner.email, officer.email, "stranger@example.org"):
        ask_for_code(client, email)
        client.post(RESET, {"email": email})
    by_password(client, officer.email, PASSWORD)
    pass_second_step(client)
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
    settings.EMAIL_BACKEND, settings.DEBUG = "vcsportal.development_email.FileBackend", True
    ask_for_code(client, partner.email)
    [name] = development_email.email_names()
    kept = development_email.read_email(name)
    assert kept.to == partner.email
    assert re.search(r"^\d{4}-\d{4}$", kept.text, re.MULTILINE)
    assert name in client.get("/dev/mail/").content.decode()


def test_the_command_for_the_first_administrator_sends_nothing():
    call_command("make_administrator", "a@example.org", "Ada", stdout=StringIO())
    assert mail.outbox == []
