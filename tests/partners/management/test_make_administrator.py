"""The first administrator is made by a command, and comes in through the same doors as everybody."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from partners.models import HistoryEntry, RoleGrant, User
from tests.factories import PASSWORD
from tests.partners.doing import NEW_PASSWORD, RESET, RESET_CODE, by_password, newest_code, who
from tests.signing_in import pass_second_step

pytestmark = pytest.mark.django_db


def make(*words: str) -> str:
    out = StringIO()
    call_command("make_administrator", *words, stdout=out)
    return out.getvalue()


def test_the_first_administrator_is_made_and_told_what_comes_next(client: Client, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    said = make("  First.Admin@Example.org ", "First  Admin")
    assert "First Admin (first.admin@example.org) is an administrator." in said
    assert "https://portal.example.org/account/password/reset/" in said
    assert "manage people" in User.objects.get().permissions
    client.post(RESET, {"email": "first.admin@example.org"})
    assert len(mail.outbox) == 1
    client.post(RESET_CODE, {"code": newest_code()})
    client.post(NEW_PASSWORD, {"password1": PASSWORD, "password2": PASSWORD})
    by_password(client, "first.admin@example.org", PASSWORD)
    pass_second_step(client)
    assert who(client) == "first.admin@example.org"
    assert client.get("/people/").status_code == 200


def test_twice_changes_nothing(db: None):
    make("admin@example.org", "Ada")
    before = (User.objects.count(), RoleGrant.objects.count(), HistoryEntry.objects.count())
    assert "is an administrator" in make("ADMIN@example.org", "Ada Again")
    assert (User.objects.count(), RoleGrant.objects.count(), HistoryEntry.objects.count()) == before
    assert User.objects.get().name == "Ada"


def test_somebody_who_has_a_password_is_led_to_the_sign_in_page(steering_member: User):
    words = make(steering_member.email, "Any")
    assert "They sign in at" in words
    assert "choose a password" not in words
    assert {grant.role for grant in RoleGrant.objects.filter(person=steering_member)} == {
        "steering_group",
        "administrator",
    }


@pytest.mark.parametrize(
    ("email", "name", "sentence"),
    [
        ("no-address", "Ada", "is not an email address"),
        ("a@example.org", "   ", "full name after the address"),
        ("a@example.org", "A" * 151, "at most 150 characters"),
    ],
)
def test_a_fault_is_a_sentence_and_writes_nothing(email: str, name: str, sentence: str):
    with pytest.raises(CommandError, match=sentence):
        make(email, name)
    assert not User.objects.exists()


def test_somebody_whose_access_was_ended_is_not_let_in_by_the_command(partner: User):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    with pytest.raises(CommandError, match="access has been ended"):
        make(partner.email, "Pat")
