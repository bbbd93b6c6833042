"""``updated_since`` of what strategies are made of: what was loaded, planned and ended since, and nothing that only concerns its people."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from commitments.models import HistoryEntry
from commitments.services.delivery import add_delivery_partner, change_delivery_partner
from commitments.services.rounds import begin_review
from tests.commitments.services.test_load_strategy import SMALL
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
NEW_PRIORITY = '[[priority]]\nnumber = 2\ntitle = "More"\n[[priority.commitment]]\nreference = "2.1"\nwording = "Do"\nshort_title = "Do"\nongoing = true\n'
NEW_COMMITMENT = '[[priority.commitment]]\nreference = "1.3"\nwording = "Do"\nshort_title = "Do"\nongoing = true\n'
STEPS = (
    ("", ""),
    ("A strong sector.", "A stronger sector."),
    ("Working together", "Together"),
    ("2023-05-31", "2023-06-30"),
    ("[[round]]", f"{NEW_COMMITMENT}[[round]]"),
    ("[[round]]", f"{NEW_PRIORITY}[[round]]"),
)
"""What is changed in the file, one after the other."""


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Loads a text as a strategy's file, some hours from now."""

    def load(text: str, hours: int) -> datetime:
        (tmp_path / "strategy.toml").write_text(text, encoding="utf-8")
        moment = timezone.now() + timedelta(hours=hours)
        with time_machine.travel(moment):
            call_command("load_strategy", str(tmp_path / "strategy.toml"), stdout=StringIO())
        return moment

    return load


def changed(stranger: Any, rest: str, since: datetime, name: str) -> list[Any]:
    """Return what of a list has changed since a few seconds before a moment."""
    text = f"{since - timedelta(seconds=9):%Y-%m-%dT%H:%M:%SZ}"
    return [row[name] for row in stranger.list(f"{rest}?updated_since={text}")]


def changed_of_file(stranger: Any, since: datetime) -> tuple[Any, ...]:
    here = "strategies/small/"
    return (
        changed(stranger, "strategies/", since, "slug"),
        changed(stranger, f"{here}priorities/", since, "number"),
        changed(stranger, f"{here}rounds/", since, "slug"),
    )


def test_what_a_file_adds_and_amends_has_changed(stranger, world, file):
    text, moments = SMALL, []
    for hours, (was, now) in enumerate(STEPS, 1):
        text = text.replace(was, now) if was else text
        moments.append(file(text, hours))
    assert [changed_of_file(stranger, moment) for moment in moments] == [
        (["small"], [1, 2], ["2022-23"]),
        (["small"], [1, 2], ["2022-23"]),
        ([], [1, 2], ["2022-23"]),
        ([], [1, 2], ["2022-23"]),
        ([], [1, 2], []),
        ([], [2], []),
    ]
    assert changed(stranger, "strategies/our-strategy/priorities/", moments[0], "number") == []


def test_a_round_has_changed_when_it_moved_on_and_not_when_somebody_was_asked(stranger, world, officer):
    later = timezone.now() + timedelta(hours=1)
    rest = "strategies/our-strategy/rounds/"
    HistoryEntry.objects.create(at=later, by=officer, act="round_nudge", round=world.round)
    HistoryEntry.objects.create(at=later, by=officer, act="organisation_joined", round=world.round)
    assert changed(stranger, rest, later, "slug") == []
    begin_review(by=None, at=later, round_=world.round)
    assert changed(stranger, rest, later, "slug") == [world.round.slug]


def test_the_part_of_an_organisation_has_changed_when_it_began_and_ended(stranger, world, officer):
    first, second, third = (timezone.now() + timedelta(hours=hours) for hours in (1, 2, 3))
    rest, commitment = "strategies/our-strategy/commitments/thing-1-1/partners/", world.commitment
    new = make_organisation("Elm Trust", slug="elm-trust")
    part = add_delivery_partner(by=officer, at=first, commitment=commitment, organisation=new)
    assert changed(stranger, rest, first, "id") == [part.pk]
    assert changed(stranger, rest, second, "id") == []
    change_delivery_partner(
        by=officer, at=second, part=part, role="advises", started_on=part.started_on, ended_on=part.ended_on
    )
    assert changed(stranger, rest, second, "id") == [part.pk]
    other = world.strategy.commitments.get(key="thing-1-2")
    add_delivery_partner(by=officer, at=third, commitment=other, organisation=new)
    assert changed(stranger, rest, third, "id") == []
