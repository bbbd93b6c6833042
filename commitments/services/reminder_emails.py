"""Emails that ask people for updates and answers: one when a round opens, and reminders by the calendar. Someone with
tasks in the rounds of two strategies gets one email about both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from commitments.models import Contribution, Round
from commitments.queries.outstanding_tasks import OutstandingTask, outstanding_tasks, owed_by
from commitments.queries.round_organisations import email_topic
from commitments.rules.reminders import (
    ASKING_KINDS,
    REAFFIRMING_POINT_DAYS,
    ReminderPoint,
    is_working_day,
    may_be_asked,
    needless,
    next_working_day,
    point_on,
    points,
)
from commitments.services.round_emails import RoundEmailWriter, email_key
from partners.emails.outbox import drop, put_all
from partners.models import Mail, User
from vcsportal.common import plurals

MORNING_TIME: Final = time(8, 10)
SETTLING_TIME: Final = timedelta(minutes=30)
"""How long an announcement waits where another strategy's round is due to open too, so that one email can name both."""


@transaction.atomic
def announce(*, at: datetime, round_: Round) -> int:
    """Tell everybody who owes something that the round is open; return how many emails wait now.

    The email names what the person owes in other rounds, too; the announcement of another round that has not gone yet
    is replaced by it. On a day off it waits for the next working morning. Part of the transaction that opens the round.
    """
    today = timezone.localdate(at)
    rounds = _running(round_)
    owing, people = outstanding_tasks(rounds.values(), today)
    by_person = _by_person(owing, rounds)
    asked = [person for person in sorted(by_person) if round_ in by_person[person]]
    code = round_.closes_on.isoformat()
    keys = {person: email_key("opening", round_, person, code) for person in asked}
    told = set(Mail.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    new = [person for person in asked if keys[person] not in told]
    write, due_at = RoundEmailWriter(today, at), _opening_due(round_, at)
    mails = [
        write.mail("round_opened", "opening", _led_by(round_, by_person[person]), people[person], code, due_at)
        for person in new
    ]
    topics = [email_topic(round_) for round_ in rounds.values()]
    waiting = Mail.objects.filter(state="waiting", kind="round:opening", person__in=new, about__in=topics)
    waiting.update(state="dropped")  # the new email names these rounds, too
    return put_all(mails)


@transaction.atomic
def plan_reminders(*, today: date, at: datetime) -> int:
    """Put today's reminders where emails wait; return how many. Asking again on the same day changes nothing.

    A person has one email for all strategies within five days. What could not wait longest leads it; a reminder of
    another strategy that would fall within five days after it is named in it, and not sent.
    The number of queries does not grow with the number of people or rounds.
    """
    if not is_working_day(today):
        return 0
    rounds = {round_.pk: round_ for round_ in Round.objects.running().select_related("strategy").order_by("id")}
    owing, people = outstanding_tasks(rounds.values(), today)
    before = _asked_before(rounds.values())
    write = RoundEmailWriter(today, at)
    now = {
        round_.pk: point
        for round_ in rounds.values()
        if (point := point_on(today, points(opens_on=round_.opens_on, closes_on=round_.closes_on)))
    }
    new, over = [], set()
    for person, owed in sorted(_by_person(owing, rounds).items()):
        due = [
            round_
            for round_, tasks in owed.items()
            if round_.pk in now and _is_due(now[round_.pk], tasks) and before.lacks(round_, now[round_.pk], person)
        ]
        if not due or not may_be_asked(today, before.last.get(person)):
            continue
        lead = min(due, key=lambda round_: (now[round_.pk].until, round_.pk))
        code = _code(lead, now[lead.pk])
        new.append(write.mail("reminder", "reminder", _led_by(lead, owed), people[person], code, at))
        over |= {
            pk for pk, topics in before.waiting[person].items() if topics & {email_topic(round_) for round_ in owed}
        }
    open_ = defaultdict(set)
    for round_id, person in owing:
        open_[person].add(email_topic(rounds[round_id]))
    over |= {
        pk for person, mails in before.waiting.items() for pk, topics in mails.items() if not topics & open_[person]
    }
    Mail.objects.filter(pk__in=over, state="waiting").update(state="dropped")
    return put_all(new)


def tell_successor(*, at: datetime, rounds: Iterable[Round], person: User, to: User, why: str) -> int:
    """Tell ``to`` that what ``person`` owed in running rounds is theirs now. Part of the transaction that hands it on."""
    running = [round_ for round_ in rounds if round_.state in {"open", "in_review"}]
    owed = {round_: things for round_ in running if (things := owed_by(to.pk, round_))}
    if not owed:
        return 0
    write = RoundEmailWriter(timezone.localdate(at), at)
    said = {"person": person, "why": " ".join(why.split())}
    return put_all([write.mail("task_handed", "handed", owed, to, f"{person.pk}:{at.isoformat()}", at, said)])


def tell_newcomers(
    *, at: datetime, round_: Round, asked: Iterable[Contribution], delivers: Mapping[int, list[str]]
) -> int:
    """Tell those who are asked for organisations that came to a round after it opened; return how many emails wait now.

    :param delivers: the commitments that each organisation helps to deliver, by its key.
    Once for each organisation and person; on a day off it waits for the next working morning.
    """
    asked = [contribution for contribution in asked if contribution.owed_by_id]
    if not asked:
        return 0
    today = timezone.localdate(at)
    owing, people = outstanding_tasks([round_], today)
    write = RoundEmailWriter(today, at)
    mails = []
    for contribution in asked:
        person = contribution.owed_by_id or 0
        if (round_.pk, person) not in owing:
            continue  # they can't sign in; the round's page says so
        said = {
            "organisation": contribution.organisation.name,
            "commitments": plurals.join_with_and(list(dict.fromkeys(delivers[contribution.organisation_id]))),
        }
        rounds = {round_: owing[round_.pk, person]}
        mails.append(
            write.mail(
                "round_joined", "joined", rounds, people[person], str(contribution.organisation_id), _morning(at), said
            )
        )
    return put_all(mails)


def stop_asking(*, round_: Round) -> int:
    """Let go of what still waits to ask for something in a round that is over. Part of the transaction that closes it."""
    return drop(about=email_topic(round_), kinds=ASKING_KINDS)


@dataclass(slots=True)
class _Before:
    """What people were asked before: keys that are taken, when they were last asked, what still waits, what named it too."""

    keys: set[str] = field(default_factory=set)
    last: dict[int, date] = field(default_factory=dict)
    waiting: dict[int, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    named: dict[tuple[int, str], date] = field(default_factory=dict)

    def lacks(self, round_: Round, point: ReminderPoint, person: int) -> bool:
        """Whether the person had no reminder of this point yet, and no other strategy's email named the round in its stead."""
        if email_key("reminder", round_, person, _code(round_, point)) in self.keys:
            return False
        return not needless(point, self.named.get((person, email_topic(round_))))


def _asked_before(rounds: Iterable[Round]) -> _Before:
    found = _Before()
    topics = [email_topic(round_) for round_ in rounds]
    asked = Mail.objects.on_any(topics).filter(kind__in=ASKING_KINDS, person__isnull=False)
    found.keys = set(asked.filter(kind="round:reminder").values_list("key", flat=True))
    went = asked.exclude(state="dropped").values_list("person", "also_about")
    for person, also, when in went.annotate(when=Max(Coalesce("sent_at", "due_at"))).order_by("when"):
        day = timezone.localdate(when)
        found.last[person or 0] = day
        found.named |= {(person or 0, topic): day for topic in also}
    still = asked.filter(state="waiting", kind__in=["round:opening", "round:reminder", "round:joined"])
    for pk, person, topic, also in still.values_list("id", "person", "about", "also_about"):
        found.waiting[person or 0][pk] = {topic, *also}
    return found


def _is_due(point: ReminderPoint, tasks: Iterable[OutstandingTask]) -> bool:
    """Whether a point reminds of these tasks: signatures alone are asked about once more, near the end."""
    return point.offset == REAFFIRMING_POINT_DAYS or not all(task.signatory for task in tasks)


def _running(round_: Round) -> dict[int, Round]:
    others = Round.objects.running().exclude(pk=round_.pk).select_related("strategy")
    return {round_.pk: round_ for round_ in [round_, *others.order_by("closes_on", "id")]}


def _by_person(
    owing: Mapping[tuple[int, int], list[OutstandingTask]], rounds: Mapping[int, Round]
) -> dict[int, dict[Round, list[OutstandingTask]]]:
    order = {pk: place for place, pk in enumerate(rounds)}
    found: dict[int, dict[Round, list[OutstandingTask]]] = defaultdict(dict)
    for (round_id, person), owed in sorted(owing.items(), key=lambda owed_by_person: order[owed_by_person[0][0]]):
        found[person][rounds[round_id]] = owed
    return found


def _led_by(round_: Round, owed: Mapping[Round, list[OutstandingTask]]) -> dict[Round, list[OutstandingTask]]:
    return {round_: owed[round_], **owed}


def _code(round_: Round, point: ReminderPoint) -> str:
    return f"{point.code}:{round_.closes_on.isoformat()}"


def _opening_due(round_: Round, at: datetime) -> datetime:
    """Return when an announcement may go: a little later where another strategy's round is due to open as well."""
    today = timezone.localdate(at)
    others = Round.objects.filter(state="planned", opens_on__lte=today, grace_until__gte=today)
    settles = SETTLING_TIME if others.exclude(strategy=round_.strategy_id).exists() else timedelta(0)
    return _morning(at) if not is_working_day(today) else at + settles


def _morning(at: datetime) -> datetime:
    """Return the moment itself on a working day, else the next working morning."""
    today = timezone.localdate(at)
    if is_working_day(today):
        return at
    return timezone.make_aware(datetime.combine(next_working_day(today), MORNING_TIME))
