"""What opening a round will do, and on which day what happens: for whoever plans it, before anything is asked of anybody.

The commitments, organisations and people come from the queries that opening uses.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from commitments.models import Commitment, Round, Strategy
from commitments.queries.outstanding_tasks import OwnTasks, share_out
from commitments.queries.round_commitments import commitments_asked
from commitments.queries.round_organisations import organisations_asked, people_who_answer
from commitments.rules.periods import YEAR, PeriodKind
from commitments.rules.reminders import next_working_day, points
from partners import roles
from partners.models import User
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

_DAY: Final = timedelta(days=1)
_FIRST_WINDOW: Final = timedelta(days=41)
"""From the first day of the window of a strategy's first round to its last."""
_FIRST_GRACE: Final = timedelta(days=48)
"""From that first day to the last on which late updates are taken."""
_DAYS: Final = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
_MONTHS: Final = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}
"""How much later the next round's days are, by what the period of the last is called."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a round will do.

    ``leads`` counts the people who are asked for updates, ``unled`` names the commitments that have no lead officer.
    ``unanswering`` counts the organisations with nobody to answer. ``emailed`` is how many people get the email that it
    is open, by what they are asked: ``officers`` for updates, ``partners`` for answers, ``both``, and ``deputies`` who
    only cover for somebody. ``unreached`` would owe something and can't sign in to do it, so they get no email.
    """

    updates: int
    leads: int
    unled: tuple[Commitment, ...]
    organisations: int
    unanswering: int
    officers: int = 0
    partners: int = 0
    both: int = 0
    deputies: int = 0
    unreached: tuple[User, ...] = ()

    @property
    def emailed(self) -> int:
        """How many people get an email, one each."""
        return self.officers + self.partners + self.both + self.deputies

    @property
    def to_whom(self) -> str:
        """Who they are, by role: ``14 council officers and 9 people of partner organisations``; "" for nobody."""
        parts = [
            plurals.counted(self.officers, "council officer") if self.officers else "",
            plurals.counted(self.partners, "person of a partner organisation", "people of partner organisations")
            if self.partners
            else "",
            plurals.counted(self.both, "person who is both", "people who are both") if self.both else "",
            plurals.counted(self.deputies, "deputy", "deputies") if self.deputies else "",
        ]
        return plurals.join_with_and([part for part in parts if part])


@dataclass(frozen=True, slots=True)
class DatedStep:
    """One day of a round's calendar and what happens on it."""

    on: date
    what: str


def what_opening_does(round_: Round) -> Opening:
    """Return who will be asked for what, and who covers for them on the day the round opens. Six or seven queries.

    :param round_: a planned round, saved or not; its strategy has been read.
    """
    commitments = commitments_asked(round_)
    organisations = organisations_asked(round_)
    people = people_who_answer(organisations)
    own: OwnTasks = defaultdict(list)
    key = round_.pk or 0
    for commitment in commitments:
        if commitment.lead_officer_id:
            need = (roles.UPDATE_COMMITMENTS, round_.strategy)
            task = (commitment.reference, commitment.short_title, "expected", commitment.key, 0)
            own[key, commitment.lead_officer_id].append((need, task))
    leads = {person for _, person in own}
    for organisation, person in people.items():
        own[key, person].append(((roles.LOG_EVIDENCE, organisation), ("", "", "", "", 0)))
    asked = {person for _, person in own}
    owing, _people = share_out(own, round_.opens_on)
    counts = {"officers": 0, "partners": 0, "both": 0, "deputies": 0}
    for tasks in owing.values():
        kinds = {bool(task.reference) for task in tasks if not task.for_whom}
        counts[{0: "deputies", 2: "both"}.get(len(kinds), "officers" if True in kinds else "partners")] += 1
    out_of_reach = asked - {person for _, person in owing}
    opening = Opening(
        updates=len(commitments),
        leads=len(leads),
        unled=tuple(commitment for commitment in commitments if commitment.lead_officer_id is None),
        organisations=len(organisations),
        unanswering=len(organisations - set(people)),
        officers=counts["officers"],
        partners=counts["partners"],
        both=counts["both"],
        deputies=counts["deputies"],
    )
    if not out_of_reach:
        return opening
    return replace(opening, unreached=tuple(User.objects.filter(pk__in=out_of_reach).order_by("name", "id")))


def calendar(round_: Round, today: date) -> list[DatedStep]:
    """Return what the portal will do on which day, in order, from today on: open the round, write emails, end the window."""
    opens = max(round_.opens_on, today)
    email = next_working_day(opens)
    steps = [
        DatedStep(opens, "The portal opens the round by itself, at about five past midnight."),
        DatedStep(email, "Everyone who is asked for something gets one email about all of it."),
    ]
    if opens == today:
        steps[0] = DatedStep(today, "The portal opens the round by itself, within the hour.")
    steps += [
        DatedStep(point.on, "Whoever still has something to send gets a reminder.")
        for point in points(opens_on=round_.opens_on, closes_on=round_.closes_on)
        if email < point.on <= round_.grace_until
    ]
    steps.append(DatedStep(round_.closes_on, "The window closes. Emails and pages name this day."))
    if round_.grace_until > round_.closes_on:
        steps.append(DatedStep(round_.grace_until, "This is the last day for late updates."))
    closes = "An administrator" if round_.strategy.is_councils else "Someone who runs its rounds"
    steps.append(DatedStep(round_.grace_until + _DAY, f"The portal ends the window. {closes} closes the round later."))
    return sorted(steps, key=lambda step: step.on)


def warnings(round_: Round, today: date) -> list[str]:
    """Return what would keep a planned round from opening on its day, each as a sentence. One query."""
    sentences = []
    if round_.grace_until < today:
        sentences.append(f"Its last day, {in_words(round_.grace_until)}, is past, so the round will not open.")
    others = Round.objects.filter(strategy=round_.strategy_id, state__in=["planned", "open"]).exclude(pk=round_.pk)
    overlapping = others.filter(opens_on__lte=round_.grace_until, grace_until__gte=round_.opens_on)
    sentences += [
        f"The window of {other.label} is from {in_words(other.opens_on)} to {in_words(other.grace_until)}. Two rounds are "
        "never open together, so the later one waits until the other’s window has ended."
        for other in overlapping.order_by("opens_on", "id")
    ]
    return sentences


def last_period(strategy: Strategy) -> PeriodKind:
    """Return what the period of the strategy's last round is called; a year where it has none. One query."""
    last = Round.objects.filter(strategy=strategy).newest_first().first()
    return last.period if last else YEAR


def likely_days(strategy: Strategy, today: date) -> dict[str, date]:
    """Return the days that the next round may well have: as long as the last or, where there is none, the first year of the
    strategy whose updates can still be sent. One query.

    Nothing where the strategy has no time left; its last period ends with it.
    """
    last = Round.objects.filter(strategy=strategy).newest_first().first()
    if last:
        days = {name: _one_later(getattr(last, name), last) for name in _DAYS}
        days["observes_to"] = _same_end(days["observes_to"], last)
        days["observes_from"] = last.observes_to + _DAY
        if days["observes_from"] > strategy.ends_on:
            return {}
        return {**days, "observes_to": min(days["observes_to"], strategy.ends_on)}
    begins = strategy.starts_on
    while (after := year_later(begins)) <= strategy.ends_on and after + _FIRST_GRACE < today:
        begins = after
    return {
        "observes_from": begins,
        "observes_to": min(after - _DAY, strategy.ends_on),
        "opens_on": after,
        "closes_on": after + _FIRST_WINDOW,
        "grace_until": after + _FIRST_GRACE,
    }


def _one_later(day: date, last: Round) -> date:
    """Return the day of the next round that stands where this day stands in the last one."""
    if (months := _MONTHS.get(last.period.code)) is None:
        return day + (last.observes_to - last.observes_from) + _DAY
    if months == 12:
        return year_later(day)
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _same_end(day: date, last: Round) -> date:
    """Return the last day of a month where the last round ended on one, as 30 June is followed by 30 September, then 31 December."""
    if last.period == YEAR or last.period.code not in _MONTHS or (last.observes_to + _DAY).day != 1:
        return day
    return day.replace(day=monthrange(day.year, day.month)[1])


def year_later(day: date) -> date:
    """Return the same day of the next year; 28 February for 29 February."""
    return date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
