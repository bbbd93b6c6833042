"""What a partnership group is, in sentences, and who is represented in it. Made from the facts alone."""

import re
from dataclasses import dataclass
from datetime import date

from reporting.facts import GroupFacts, Report, SeatFacts
from reporting.narrative import dates
from vcsportal.common import plurals
from vcsportal.common.dates import MONTHS, in_words

_DAY = re.compile(r"\d{1,2}(st|nd|rd|th)? [A-Za-z]")


@dataclass(frozen=True, slots=True)
class RepresentedBody:
    """An organisation that is represented in a group. ``services`` are its posts there, where it holds several seats."""

    name: str
    services: tuple[str, ...] = ()


def months(report: Report) -> str:
    """Return the months reported on: ``last 12 months``; a period of another length is named by its days."""
    first, last = report.round.observes_from, report.round.observes_to
    count = round(((last - first).days + 1) * 12 / 365.2425)
    return "the last month" if count <= 1 else f"last {count} months"


def month(report: Report) -> str:
    """Return the month of the day on which the seats were looked at: ``June 2024``."""
    return month_of(dates.actions_on(report))


def month_of(day: date) -> str:
    """Return the month of a day in words: ``October 2022``."""
    return f"{MONTHS[day.month - 1].capitalize()} {day.year}"


def founding(group: GroupFacts) -> str:
    """Return when it was founded, within a sentence: ``founded in 2003``; "" where that is not known."""
    words = re.sub(r"^(in|on) ", "", group.founded.strip().rstrip("."))
    return f"founded {'on' if _DAY.match(words) else 'in'} {words}" if words else ""


def founded(group: GroupFacts, who: str = "It") -> str:
    """Return when it was founded and which law requires it, as one sentence for each."""
    told = f"{who} was {founding(group)}." if group.founded else ""
    law = (
        f"{'It' if told else who} is required by law: {_sentence(group.statutory_basis)}"
        if group.statutory_basis
        else ""
    )
    return " ".join(filter(None, [told, law]))


def purpose(group: GroupFacts) -> list[str]:
    """Return what it is for, a paragraph each, as sentences: “To advise” becomes “Its purpose is to advise”."""
    found = [part.strip() for part in re.split(r"\r?\n\s*\r?\n", group.purpose) if part.strip()]
    return [f"Its purpose is t{part[1:]}" if part.startswith("To ") else part for part in found]


def meets(group: GroupFacts, who: str = "It") -> str:
    """Return how often it meets or, where it rests, since when it has not met and why; "" where nothing is known."""
    if group.ended_on:
        return f"{who} ended on {in_words(group.ended_on)}."
    if group.rests_since:
        why = _sentence(_lower(re.sub(r"^because ", "", group.rests_why.strip(), flags=re.IGNORECASE)))
        return f"{who} has not met since {in_words(group.rests_since)}, because {why}"
    return f"{who} meets {_sentence(_lower(group.meets))}" if group.meets else ""


def seats(group: GroupFacts, who: str = "It") -> str:
    """Return how many seats it has and how many nobody holds; "" where it has none."""
    if not group.seats:
        return ""
    vacant = len(group.vacant)
    rest = f", {plurals.in_words(vacant)} of which {plurals.be(vacant)} vacant" if vacant else ""
    return f"{who} has {plurals.spelt(len(group.seats), 'seat')}{rest}."


def chair(group: GroupFacts) -> str:
    """Return which post chairs it and since when, never a name; "" where nobody holds such a seat."""
    held = group.chairs
    if not held:
        return ""
    if len(held) == 1:
        since = held[0].since
        who = _within(held[0])
        return f"It has been chaired by {who} since {month_of(since)}." if since else f"It is chaired by {who}."
    told = [f"{_within(seat)}{f' (since {month_of(seat.since)})' if seat.since else ''}" for seat in held]
    return f"It is co-chaired by {plurals.join_with_and(told)}."


def _within(seat: SeatFacts) -> str:
    """Return who holds a seat, within a sentence."""
    return _of(seat.post, seat.organisation) or f"whoever holds the seat “{seat.title}”"


def support(group: GroupFacts) -> str:
    """Return who supports its work; "" where that is not known."""
    who = _of(group.supporting_team, group.supported_by)
    return f"Its work is supported by {_sentence(who)}" if who else ""


def _of(post: str, organisation: str) -> str:
    """Return ``the Chief executive of River Trust``, or the one of the two that is known."""
    words = post if re.match(r"(the|an?) ", post, re.IGNORECASE) or not post else f"the {post}"
    return " of ".join(filter(None, [words, organisation]))


def reporting_line(group: GroupFacts) -> str:
    """Return who it reports to; "" where that is not known."""
    return f"It reports to {_sentence(group.reports_to)}" if group.reports_to else ""


def sentences(group: GroupFacts) -> list[str]:
    """Return all that is known of a group besides its purpose, aims and seats, a sentence each."""
    told = [founded(group), meets(group), seats(group), chair(group), support(group), reporting_line(group)]
    return [sentence for sentence in told if sentence]


def aims(group: GroupFacts) -> list[str]:
    """Return its aims, each without the sign that somebody put before it."""
    lines = (re.sub(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+", "", line).strip() for line in group.aims.splitlines())
    return [line for line in lines if line]


def holder(seat: SeatFacts) -> str:
    """Return who holds a seat, by post and organisation, or that it is vacant and since when."""
    if not seat.is_held:
        return f"Vacant since {in_words(seat.vacant_since)}" if seat.vacant_since else "Vacant"
    return seat.holder or "Held; the post is not stated"


def held_by(seat: SeatFacts) -> tuple[str, str]:
    """Return the post and the organisation of whoever holds a seat, or that it is vacant."""
    if seat.is_held and seat.holder:
        return seat.post or "Not stated", seat.organisation or "None"
    return holder(seat), ""


def seats_caption(report: Report, group: GroupFacts) -> str:
    """Return what a table of a group's seats is called, with the day on which they were looked at."""
    return f"Seats of {group.name}, as held on {in_words(dates.actions_on(report))}"


def bodies(group: GroupFacts) -> list[RepresentedBody]:
    """Return the organisations whose people hold seats of a group, in the order of the seats, each once.

    Where one holds several, what each seat is for stands below it. A seat that is held by somebody from no organisation of the
    portal counts by its post.
    """
    found: dict[str, list[str]] = {}
    for seat in group.seats:
        if seat.is_held and (name := seat.organisation or seat.post):
            found.setdefault(name, []).append(seat.title)
    return [RepresentedBody(name, tuple(titles) if len(titles) > 1 else ()) for name, titles in found.items()]


def subgroups(report: Report) -> list[GroupFacts]:
    """Return the groups of the priorities, in the priorities' order, each once."""
    slugs = dict.fromkeys(priority.group for priority in report.priorities if priority.group != report.group)
    return [group for slug in slugs if (group := report.group_called(slug))]


def represented_groups(report: Report, slug: str) -> list[GroupFacts]:
    """Return the sub-groups whose representatives are listed: the one of this slug, or else all that have any."""
    return [group for group in subgroups(report) if bodies(group) and (not slug or group.slug == slug)]


def represented(report: Report, slug: str) -> str:
    """Return their names, joined."""
    return plurals.join_with_and([group.name for group in represented_groups(report, slug)])


def _sentence(words: str) -> str:
    return f"{words.strip().rstrip('.')}."


def _lower(words: str) -> str:
    """Return words as they stand within a sentence; a word in capitals stays as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
