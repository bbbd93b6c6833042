"""On every page about a strategy its levels are called by the nouns of its kind: which pages are read, and what may stand there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse

from commitments.models import Priority, Strategy
from tests.house.world import World
from tests.made_up_kind import general_words, words_of

READERS = ("officer", "partner", "administrator", "steering_member", "anonymous")
"""The kinds of people whose pages are read."""
OF_ALL_KINDS = {
    "help": "the help is about every strategy",
    "help-page": "the help is about every strategy",
    "open-data": "the datasets are of every strategy",
    "snapshots": "the copies are of every strategy",
    "dataset": "the datasets are of every strategy",
    "privacy": "what is kept of people is the same for every strategy",
    "partners:roles": "a role is for strategies of any kind",
    "partners:invite": "it describes roles",
    "partners:account": "it describes the person's roles",
    "partners:invitation-answer": "it describes the role that is offered",
    "partners:organisation": "nothing is listed there yet, so no kind is known",
    "commitments:plan-check": "it shows a strategy that is not there yet, which is of the kind strategy",
    "reporting:edition-list": "it lists the reports of every strategy",
    "reporting:edition-request": "the same page",
}
"""Pages about strategies of any kind, and why the general words stand there."""
GENERAL_HERE: dict[str, tuple[str, ...]] = {
    "commitments:commitment": ("/strategies/our-strategy/commitments/",),  # the code to copy has addresses
    "commitments:update": ("How to update a commitment",),  # the title of a help page
    "commitments:review": ("Priority ¦ ¦ ¦ Every priority",),  # nothing waits, so no kind is known
    "commitments:approvals": ("Priority ¦ ¦ ¦ Every priority",),
    "reporting:report-write": ("Corporate priority", "Which of the council’s priorities"),  # the council's own
}
"""Phrases with the general words on other pages."""


def _words(page: HttpResponse) -> str:
    """Return what people read of a page, without the menu and the foot, which are the same on all."""
    html = page.content.decode()
    html = re.sub(r"<(header|footer|nav)\b(?![^>]*breadcrumbs).*?</\1>", " ", html, flags=re.S)
    return words_of(html)


def general_words_on(page: HttpResponse, door: str) -> list[str]:
    """Return the general words that stand on a page behind a door, each with what stands around it; none for a file."""
    if door.startswith("api:") or door in OF_ALL_KINDS or getattr(page, "streaming", False):
        return []
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return general_words(_words(page), allowed=GENERAL_HERE.get(door, ()))


@contextmanager
def as_plans(world: World) -> Iterator[World]:
    """Yield the world with two strategies that are plans; afterwards they are what they were."""
    with transaction.atomic():
        world.planned_round()  # makes a second strategy
        Strategy.objects.update(kind="plan")
        for priority in Priority.objects.all():
            Priority.objects.filter(pk=priority.pk).update(title=f"Title {priority.number}")
        world.strategy.refresh_from_db()
        yield world
        transaction.set_rollback(True)
