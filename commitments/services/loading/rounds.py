"""Writes the rounds of a strategy's file: adds new ones and changes days, except days that a person has changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments.models import HistoryEntry, Round, Strategy
from commitments.strategy_file.strategy import RoundEntry, wrong_dates
from partners import roles
from partners.models import User
from partners.permissions import check_permission_here
from vcsportal.common.dates import in_words
from vcsportal.common.words import Invalid

ROUND_FIELDS = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until", "title")
BY_HAND = ("round_plan", "round_days", "round_reopen")
"""Acts by which people set the days of a round in the portal."""
DAY_NAMES = {
    "observes_from": "the period begins on", "observes_to": "the period ends on", "opens_on": "the window opens on",
    "closes_on": "the window closes on", "grace_until": "updates are accepted until", "title": "the title is",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundLoaded:
    """A round after its load: what was ``done``, and what whoever loads should ``note``; "" for nothing."""

    round: Round
    done: str = ""
    note: str = ""


@transaction.atomic
def load_round(*, by: User | None, at: datetime, strategy: Strategy, entry: RoundEntry) -> RoundLoaded:
    """Add a reporting round, or give the one of the same name the title and the days of the file.

    A title or days that a person has changed in the portal since the file was last loaded stay, and the note says so. It also says
    that a round opens by itself. Raise :class:`Refused` for days out of order.
    """
    if by is not None:
        check_permission_here(
            by, roles.MANAGE_COMMITMENTS, strategy, "Only a council officer or an administrator can plan a round."
        )
    wrong = wrong_dates(entry.observes_from, entry.observes_to, entry.opens_on, entry.closes_on)
    if wrong:
        raise Invalid(
            f"In the {entry.slug} round, {' and '.join(f'{name} {why}' for name, why in wrong)}", field="days"
        )
    days: dict[str, date | str] = {name: getattr(entry, name) for name in ROUND_FIELDS} | {
        "grace_until": entry.taken_until
    }
    today = timezone.localdate(at)
    stored = Round.objects.select_for_update().filter(strategy=strategy, slug=entry.slug).first()
    if stored is None:
        # A round that was over before the portal came has nothing to ask of anybody: it is planned, and stays so.
        made = Round.objects.create(strategy=strategy, slug=entry.slug, **days)
        said = {"strategy": strategy.slug, "round": entry.slug, "now": _plain(days)}
        HistoryEntry.objects.create(at=at, by=by, act="round_add", round=made, to_state=made.state, said=said)
        return RoundLoaded(made, f"Added the {entry.slug} round.", _opens(made, today))
    days["title"] = entry.title or stored.title  # a file without a title leaves the one that is there
    was = {name: getattr(stored, name) for name in ROUND_FIELDS}
    if was == days:
        return RoundLoaded(stored)
    if hand := _changed_by_hand(stored):
        return RoundLoaded(stored, note=_left(stored, hand, was, days))
    for name, day in days.items():
        setattr(stored, name, day)
    stored.save(update_fields=list(days))
    said = {"strategy": strategy.slug, "round": entry.slug, "was": _plain(was), "now": _plain(days)}
    HistoryEntry.objects.create(at=at, by=by, act="amend", round=stored, said=said)
    return RoundLoaded(stored, f"Amended {_what(was, days)} of the {entry.slug} round.", _opens(stored, today))


def _changed_by_hand(round_: Round) -> HistoryEntry | None:
    """Return how a person last set the days, if nobody has loaded other days from a file since."""
    entries = HistoryEntry.objects.filter(round=round_, act__in=[*BY_HAND, "amend"]).select_related("by")
    last = entries.newest_first().first()
    return last if last and last.act in BY_HAND and last.by_id else None


def _left(round_: Round, hand: HistoryEntry, was: dict[str, date | str], days: dict[str, date | str]) -> str:
    who = hand.by.name if hand.by else "somebody"
    differ = [name for name in ROUND_FIELDS if was[name] != days[name]]
    here = ", ".join(f"{DAY_NAMES[name]} {_said(was[name])}" for name in differ)
    there = ", ".join(f"{DAY_NAMES[name]} {_said(days[name])}" for name in differ)
    return (
        f"Left {_what(was, days)} of the {round_.slug} round as {who} changed {_them(was, days)} on {in_words(timezone.localdate(hand.at))}: "
        f"{here}. The file says: {there}. Update the file to match, or change {_what(was, days)} in the portal."
    )


def _what(was: dict[str, date | str], now: dict[str, date | str]) -> str:
    """Return what differs, in words: the title, the days, or both."""
    titled, dated = (
        was["title"] != now["title"],
        any(was[name] != now[name] for name in ROUND_FIELDS if name != "title"),
    )
    return "the title and the days" if titled and dated else "the title" if titled else "the days"


def _them(was: dict[str, date | str], now: dict[str, date | str]) -> str:
    return "it" if _what(was, now) == "the title" else "them"


def _said(value: date | str) -> str:
    if isinstance(value, str):
        return f"“{value}”" if value else "left out"
    return in_words(value)


def _opens(round_: Round, today: date) -> str:
    if round_.state != "planned" or not round_.opens_on <= today <= round_.grace_until:
        return ""
    return f"The window of the {round_.slug} round is open today, so the round opens by itself within the hour and everyone who has an update to write gets an email."


def _plain(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
