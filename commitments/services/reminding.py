"""Mails that ask people for what they owe in a round: one when it opens, and reminders by the calendar. One mail a person."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from commitments.models import Round
from commitments.reading import pace
from commitments.reading.owing import Owed, owed_by, owed_in
from commitments.reminders import ASKING, is_working_day, may_be_asked, next_working_day, point_on, points
from commitments.services.handing_on import link_to
from partners.letters import about_portal, made
from partners.models import Mail, User
from partners.outbox import drop, put_all

MORNING: Final = time(8, 10)
_NO_BRACKETS: Final = str.maketrans("[]", "()")  # they would end a link's words


def about(round_: Round) -> str:
    """Return what the mails of a round are about; its page finds them by it. The strategy needs to be read already."""
    return f"round:{round_.strategy.slug}/{round_.slug}"


@transaction.atomic
def announce(*, at: datetime, round_: Round) -> int:
    """Tell everybody who owes something that the round is open; return how many mails wait now.

    On a day off the mail waits for the next working morning. Part of the transaction that opens the round.
    """
    today = timezone.localdate(at)
    owing, people = owed_in([round_], today)
    due_at = at
    if not is_working_day(today):
        due_at = timezone.make_aware(datetime.combine(next_working_day(today), MORNING))
    write = _Writer(today, at)
    return put_all(
        write.mail("round_opened", "opening", round_, people[person], owed, round_.closes_on.isoformat(), due_at)
        for (_round, person), owed in sorted(owing.items())
    )


@transaction.atomic
def plan_reminders(*, today: date, at: datetime) -> int:
    """Put today's reminders where mails wait; return how many. Asking again on the same day changes nothing.

    The number of queries does not grow with the number of people or rounds.
    """
    if not is_working_day(today):
        return 0
    rounds = {one.pk: one for one in Round.objects.running().select_related("strategy").order_by("id")}
    owing, people = owed_in(rounds.values(), today)
    had, last, waiting = _asked_before(rounds.values())
    write = _Writer(today, at)
    new, over = [], []
    due = []
    for (round_id, person), owed in sorted(owing.items()):
        round_ = rounds[round_id]
        if point := point_on(today, points(opens_on=round_.opens_on, closes_on=round_.closes_on)):
            due.append((point.until, round_id, person, point.code, owed))
    # Two strategies may ask at once: a person has one mail of both within five days, and what can't wait longest goes first.
    for _until, round_id, person, point_code, owed in sorted(due, key=lambda one: one[:3]):
        round_ = rounds[round_id]
        code = f"{point_code}:{round_.closes_on.isoformat()}"
        if may_be_asked(today, last.get(person)) and _key("reminder", round_, person, code) not in had:
            new.append(write.mail("reminder", "reminder", round_, people[person], owed, code, at))
            over += waiting.get((about(round_), person), [])
            last[person] = today
    done = {(about(rounds[round_id]), person) for round_id, person in owing}
    over += [pk for whose, pks in waiting.items() if whose not in done for pk in pks]
    Mail.objects.filter(pk__in=over, state="waiting").update(state="dropped")
    return put_all(new)


def tell_successor(*, at: datetime, round_: Round, person: User, to: User, why: str) -> int:
    """Tell ``to`` that what ``person`` owed in a running round is theirs now. Part of the transaction that hands it on."""
    owed = owed_by(to.pk, round_)
    if not owed or round_.state not in {"open", "in_review"}:
        return 0
    write = _Writer(timezone.localdate(at), at)
    code = f"{person.pk}:{at.isoformat()}"
    said = {"person": person, "why": " ".join(why.split())}
    return put_all([write.mail("task_handed", "handed", round_, to, owed, code, at, said)])


def stop_asking(*, round_: Round) -> int:
    """Let go of what still waits to ask for something in a round that is over. Part of the transaction that closes it."""
    return drop(about=about(round_), kinds=ASKING)


def _asked_before(
    rounds: Iterable[Round],
) -> tuple[set[str], dict[int, date], dict[tuple[str, int], list[int]]]:
    """Return the keys that are taken, when each person was last asked, and which of their mails still wait."""
    asked = Mail.objects.filter(about__in=[about(one) for one in rounds], kind__in=ASKING, person__isnull=False)
    had = set(asked.filter(kind="round:reminder").values_list("key", flat=True))
    last = {
        person: timezone.localdate(when)
        for person, when in asked.exclude(state="dropped")
        .values_list("person")
        .annotate(when=Max(Coalesce("sent_at", "due_at")))
        .order_by("person")
        if person is not None
    }
    waiting: dict[tuple[str, int], list[int]] = {}
    still = asked.filter(state="waiting", kind__in=["round:opening", "round:reminder"])
    for what, person, pk in still.values_list("about", "person", "id"):
        if person is not None:
            waiting.setdefault((what, person), []).append(pk)
    return had, last, waiting


def _key(what: str, round_: Round, person: int, code: str) -> str:
    return f"{what}:{round_.pk}:{person}:{code}"


class _Writer:
    """Writes the mails of one day; what is the same for all is read once."""

    def __init__(self, today: date, at: datetime) -> None:
        self.today, self.at = today, at
        self.pace = pace.of(["update", "evidence"])
        self.url = about_portal()["portal_url"]

    def mail(
        self, template: str, what: str, round_: Round, to: User, owed: list[Owed], code: str, due_at: datetime,
        more: dict[str, Any] | None = None,
    ) -> Mail:  # fmt: skip
        own = [one for one in owed if not one.for_whom]
        minutes = sum(self.pace["update" if one.reference else "evidence"].minutes for one in owed)
        values: dict[str, Any] = {
            **(more or {}),
            "round": round_,
            "strategy": round_.strategy.title,
            "days_left": (round_.closes_on - self.today).days,
            "still_taken": round_.takes_updates(self.today),
            "count": len(owed),
            "lines": [self._line(round_, one) for one in owed],
            "long": pace.about(minutes),
            "updates": any(one.reference for one in owed),
            "contributions": any(not one.reference for one in owed),
            "hand_on_url": link_to(round_.pk, to.pk) if own else "",
            "tasks_url": self.url + reverse("commitments:my-work"),
        }
        return made(
            key=_key(what, round_, to.pk, code), kind=f"round:{what}", to=to, template=template, values=values,
            at=self.at, about=about(round_), due_at=due_at,
        )  # fmt: skip

    def _line(self, round_: Round, one: Owed) -> dict[str, str]:
        if not one.reference:
            path = reverse("commitments:my-work")
            words = f"Say what {one.title} did".translate(_NO_BRACKETS)
            return {"words": words, "url": self.url + path, "for_whom": one.for_whom}
        path = reverse("commitments:update", args=[round_.strategy.slug, one.reference])
        verb = {"returned": "Mend and send again", "draft": "Finish"}.get(one.state, "Say how it stands")
        words = f"{verb}: {one.reference} {one.title}".translate(_NO_BRACKETS)
        return {"words": words, "url": self.url + path, "for_whom": one.for_whom}
