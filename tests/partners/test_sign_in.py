"""Signing in as people do it: an e-mailed code, a password, and everything that goes wrong on the way."""

import re

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from partners.models import User
from partners.services import end_role
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN, CONFIRM = "/account/login/", "/account/login/code/confirm/"
RESET = "/account/password/reset/"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()
    yield
    cache.clear()


def code_in(message) -> str:
    """The code of a mail; it stands on a line of its own."""
    found = re.search(r"^(\d{4}-\d{4})$", message.body, re.MULTILINE)
    assert found, message.body
    return found.group(1)


def ask(client: Client, email: str, **more: str):
    return client.post(LOGIN, {"email": email, "way": "code", **more}, follow=True)


def enter(client: Client, code: str, **more: str):
    return client.post(CONFIRM, {"code": code, **more})


def signed_in_as(client: Client) -> str:
    """The e-mail address of whoever is signed in, by asking the account page."""
    answer = client.get("/account/")
    return "" if answer.status_code == 302 else answer.wsgi_request.user.email


def page_of(answer) -> str:
    """The page without what differs between any two answers."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())


def test_a_partner_signs_in_with_a_code_and_lands_where_they_were_going(client, partner):
    asked = ask(client, partner.email.upper(), next="/account/")
    assert asked.redirect_chain, asked.context["form"].errors
    assert asked.redirect_chain[-1][0].startswith(CONFIRM)
    assert partner.email in asked.content.decode()
    [message] = mail.outbox
    assert message.to == [partner.email]
    assert "15 minutes" in message.body
    answer = enter(client, code_in(message), next="/account/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    assert signed_in_as(client) == partner.email
