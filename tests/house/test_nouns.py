"""What is sent by email, and what is left out where the pages are read for the nouns of a kind.

``test_doors.py`` reads the pages themselves: each kind of person opens every page there, and sends every form empty.
"""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commitments.services.reminder_emails import announce
from commitments.services.update_approval import approve_update, return_update
from partners.models import Mail
from tests.house.door_table import DOORS
from tests.house.nouns import GENERAL_HERE, OF_ALL_KINDS, as_plans
from tests.house.world import World
from tests.made_up_kind import general_words, made_up_kind

__all__ = ["made_up_kind"]


@pytest.fixture(scope="module")
def built(built: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of the doors, whose strategies are plans."""
    with django_db_blocker.unblock(), as_plans(built):
        yield built


def test_the_pages_that_are_left_out_are_there():
    names = {door.name for door in DOORS}
    assert names >= OF_ALL_KINDS.keys() | GENERAL_HERE.keys()


def test_emails_of_a_round_use_the_nouns_of_the_kind(world, made_up_kind):
    at, officer = timezone.now(), world.person("officer")
    world.view_of_outsider()
    world.owed()
    world.asked()
    announce(at=at, round_=world.open_round)
    update = world.sent_update()
    approve_update(by=officer, at=at, update=update)
    update.refresh_from_db()
    return_update(by=officer, at=at, update=update, reason="A date is missing.")
    world.handed_over()
    mails = Mail.objects.exclude(text="")
    assert {"view_receipt", "round:opening", "round:returned"} <= set(mails.values_list("kind", flat=True))
    said = [
        re.sub(r"https?://\S+", "", f"{mail.subject} {mail.text}") for mail in mails
    ]  # addresses keep the general words
    assert [found for words in said for found in general_words(words)] == []
    assert sum("apple" in words for words in said) >= 2
