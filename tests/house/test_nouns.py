"""On every page about a strategy, its levels are called by the nouns of its kind.

Plans have unmistakable nouns here, and the world's strategy is a plan. Each kind of person reads every page and sends
every form empty; the general words may stand only on the pages of :data:`OF_ALL_KINDS` and in the phrases of :data:`GENERAL_HERE`.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from commitments.kinds import StrategyKind
from commitments.models import Priority, Strategy
from commitments.services.reminder_emails import announce
from commitments.services.update_approval import approve_update, return_update
from partners.models import Mail
from tests.house.door_table import DOORS
from tests.house.doors import Door
from tests.house.test_doors import address_of
from tests.house.world import World
from tests.made_up_kind import general_words, made_up_kind, words_of
from vcsportal import worker_health

__all__ = ["made_up_kind"]

WHO = ("officer", "partner", "administrator", "steering_member", "anonymous")
OF_ALL_KINDS = {
    "help": "the help is about every strategy",
    "help-page": "the help is about every strategy",
    "privacy": "what is kept of people is the same for every strategy",
    "partners:roles": "a role is for strategies of any kind",
    "partners:invite": "it describes roles",
    "partners:account": "it describes the person's roles",
    "partners:invitation-answer": "it describes the role that is offered",
    "partners:organisation": "nothing is listed there yet, so no kind is known",
    "reporting:edition-list": "it lists the reports of every strategy",
    "reporting:edition-request": "the same page",
}
"""Pages about strategies of any kind, and why the general words stand there."""
GENERAL_HERE: dict[str, tuple[str, ...]] = {
    "commitments:update": ("How to update a commitment",),  # the title of a help page
    "commitments:review": ("Priority ¦ ¦ ¦ Every priority",),  # nothing waits, so no kind is known
    "commitments:approvals": ("Priority ¦ ¦ ¦ Every priority",),
    "reporting:report-write": ("Corporate priority",),  # the council's own
}
"""Phrases with the general words on other pages."""


def _words(response) -> str:
    """Return what people read of a page, without the menu and the foot, which are the same on all."""
    html = response.content.decode()
    html = re.sub(r"<(header|footer|nav)\b(?![^>]*breadcrumbs).*?</\1>", " ", html, flags=re.S)
    return words_of(html)


def _knock(world: World, door: Door, method: str) -> list[str]:
    found: list[str] = []
    address = address_of(door, world)
    for who in WHO:
        with transaction.atomic():
            client = world.client(who)
            answer = client.get(address) if method == "GET" else client.post(address, {})
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                found += general_words(_words(answer), allowed=GENERAL_HERE.get(door.name, ()))
            transaction.set_rollback(True)
    return sorted(set(found))


@pytest.fixture(scope="module")
def built(built: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of the doors, whose strategies are plans."""
    with django_db_blocker.unblock(), transaction.atomic():
        built.planned_round()  # makes a second strategy
        Strategy.objects.update(kind="plan")
        for priority in Priority.objects.all():
            Priority.objects.filter(pk=priority.pk).update(title=f"Title {priority.number}")
        built.strategy.refresh_from_db()
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def plans_have_apples(made_up_kind: StrategyKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_health, "WORKER_KEY", "a-portal-without-worker:alive")


@pytest.mark.parametrize(
    "door",
    [door for door in DOORS if not door.name.startswith("api:") and door.name not in OF_ALL_KINDS],
    ids=lambda door: door.name,
)
def test_pages_and_forms_use_the_nouns_of_the_kind(world, door):
    found = [*_knock(world, door, "GET"), *_knock(world, door, "POST")]
    assert not found, "\n".join(found)


def test_the_pages_that_are_left_out_are_there():
    names = {door.name for door in DOORS}
    assert names >= OF_ALL_KINDS.keys() | GENERAL_HERE.keys()


def test_emails_of_a_round_use_the_nouns_of_the_kind(world):
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
