"""What stands in a calendar: the rounds of a strategy, its actions that are due, and meetings and consultations."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from commitments.models import Action, Engagement, Point, Round, Strategy
from commitments.models.actions import ActionQuerySet
from commitments.models.engagement import EngagementQuerySet
from commitments.models.progress import RoundQuerySet
from commitments.reading.engagement import awaited_from
from commitments.rules import workflow
from partners import roles
from partners.models import Appointment, User
from partners.permissions import strategies_where
from vcsportal.common.addresses import address
from vcsportal.common.calendar_files import CalendarEntry
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import to_text

MOST_OF_A_KIND: Final = 1_000
DAYS_BACK: Final = timedelta(days=366)
"""For how long what is over stays in a calendar."""


def of_strategy(strategy: Strategy, today: date) -> list[CalendarEntry]:
    """Return the calendar of a strategy, by day. Three queries."""
    rounds = Round.objects.filter(strategy=strategy).select_related("strategy")
    actions = Action.objects.open().filter(commitment__strategy=strategy)
    found = [*rounds_in(rounds, today), *actions_in(actions), *engagement_in(strategy.engagement.all(), today)]
    return in_order(found)


def of_group(group: int, today: date) -> list[CalendarEntry]:
    """Return the calendar of the group that an organisation is, by day. One query.

    :param group: the key of the organisation.
    """
    return in_order(engagement_in(Engagement.objects.filter(group__organisation=group), today))


def of_person(person: User, today: date) -> list[CalendarEntry]:
    """Return what one person has to do and to attend, by day. It holds no words that only signed-in people read. Five queries.

    The rounds that ask them for something or that they run; open actions that are theirs or of commitments that
    they lead; points that they have to answer by a day; and the meetings of groups in which they hold a seat, or that they
    keep.
    """
    in_charge = strategies_where(person, {roles.UPDATE_COMMITMENTS, roles.APPROVE_UPDATES}, "strategy")
    asked = Q(tasks__person=person, tasks__handed_at__isnull=True)
    rounds = Round.objects.filter(asked | in_charge).select_related("strategy").distinct()
    theirs = Q(owner_person=person) | Q(commitment__lead_officer=person)
    seats = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=today), person=person, starts_on__lte=today)
    meetings = Engagement.objects.filter(
        Q(group__in=seats.values("seat__group")) | Q(pk__in=awaited_from(person, today).values("pk"))
    )
    return in_order(
        [
            *rounds_in(rounds, today), *actions_in(Action.objects.open().filter(theirs)), *points_of(person),
            *engagement_in(meetings, today),
        ]
    )  # fmt: skip


def points_of(person: User) -> Iterable[CalendarEntry]:
    """Yield what somebody has to answer or to do by a day. Its words may be private, and are on its page alone."""
    due = Point.objects.unfinished().filter(owner=person, due_on__isnull=False)
    for row in due.order_by("due_on", "id")[:MOST_OF_A_KIND]:
        url = address("commitments:point", row.pk)
        yield CalendarEntry(f"point/{row.pk}", f"Due: {row.kind_of.label.lower()}, number {row.pk}", row.due_on or date.max, url, revision=row.version)  # fmt: skip


def in_order(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    """Return entries by day; of one day, in an order that stays."""
    return sorted(entries, key=lambda entry: (entry.starts.isoformat(), entry.key))


def rounds_in(rounds: RoundQuerySet, today: date) -> Iterable[CalendarEntry]:
    """Yield when each round begins to ask, and when its answers are due; their strategies have to be read with them."""
    recent = rounds.filter(grace_until__gte=today - DAYS_BACK)
    for row in recent.order_by("opens_on", "id")[:MOST_OF_A_KIND]:
        observed = f"It covers {in_words(row.observes_from)} to {in_words(row.observes_to)}."
        url = row.strategy.get_absolute_url()
        for act, words, day in (("opens", "opens", row.opens_on), ("due", "is due", row.closes_on)):
            yield CalendarEntry(f"round/{row.pk}/{act}", f"Reporting for {row.label} {words}: {row.strategy.title}", day, url, text=observed)  # fmt: skip


def actions_in(actions: ActionQuerySet) -> Iterable[CalendarEntry]:
    """Yield actions on their due dates. People's names stand nowhere in it."""
    due = actions.filter(due_on__isnull=False).select_related("commitment__strategy")
    for row in due.order_by("due_on", "id")[:MOST_OF_A_KIND]:
        commitment = row.commitment
        yield CalendarEntry(
            f"action/{row.pk}", f"Due: {row}", row.due_on or date.max,
            address("commitments:action", commitment.strategy.slug, commitment.key, row.pk),
            text=f"{commitment.reference} {commitment.short_title}, {commitment.strategy.title}", revision=row.version,
        )  # fmt: skip


def engagement_in(engagement: EngagementQuerySet, today: date) -> Iterable[CalendarEntry]:
    """Yield meetings and the like whose day is known. One that was called off stays in the calendar, as cancelled."""
    known = engagement.filter(month_only=False, starts_on__gte=today - DAYS_BACK).with_owner()
    for row in known.order_by("starts_on", "id")[:MOST_OF_A_KIND]:
        owner = row.group.organisation.name if row.group else row.strategy.title if row.strategy else ""
        lines = [f"{row.kind_of.label}, {owner}", row.when if row.starts_at else "", row.question]
        if not row.is_planned:
            lines.insert(1, workflow.ENGAGEMENT_STATE[row.state].label)
        if row.is_written_up:
            lines.append(to_text(row.summary))
        yield CalendarEntry(
            f"engagement/{row.pk}", row.title, _starts(row), address("commitments:engagement", row.pk),
            last_day=row.last_day, text="\n".join(filter(None, lines)), place=row.place, revision=row.version,
            is_cancelled=row.state == "called_off", busy=True,
        )  # fmt: skip


def _starts(row: Engagement) -> date | datetime:
    """Return the moment at which something of one day begins; of several days, the first."""
    if row.starts_at is None or row.last_day != row.starts_on:
        return row.starts_on
    return timezone.make_aware(datetime.combine(row.starts_on, row.starts_at))
