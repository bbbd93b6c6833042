"""Nudges: an extra email to people who still have something to do, with the sender's own sentence. Never two to one
person within a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commitments.models import HistoryEntry, Round
from commitments.permissions.progress import check_can_run_rounds
from commitments.queries.outstanding_tasks import OutstandingTask, outstanding_tasks
from commitments.queries.round_organisations import email_topic
from commitments.services.rounds import lock_round
from partners.emails.composing import about_portal, compose_mail
from partners.emails.outbox import put_all
from partners.models import Deputy, Mail, User
from vcsportal.common.markdown import check_text
from vcsportal.common.names import with_the
from vcsportal.common.words import NotNow

MIN_NUDGE_GAP: Final = timedelta(days=1)
NUDGE_KIND: Final = "round:nudge"


@dataclass(frozen=True, slots=True)
class Nudged:
    """Whose email waits to go now, and who had one within the last day and so got none."""

    sent: tuple[User, ...]
    lately: tuple[User, ...]


@transaction.atomic
def nudge(*, by: User, at: datetime, round_: Round, words: str, people: Iterable[User] | None = None) -> Nudged:
    """Write to those of ``people`` (None: everybody) who owe something in the round and can still come.

    Whoever covers for them is written to as well. Raise :class:`Refused` without the right, if nobody of them owes
    anything, or if all of them were nudged within the last day.
    """
    check_can_run_rounds(by, round_.strategy)
    round_ = lock_round(round_)  # two who press at once write once
    if round_.state not in {"open", "in_review"}:
        raise NotNow(f"Nobody has anything to send in {round_.label} now, so no nudge was sent.")
    words = " ".join(check_text(words, field="words").split())
    today = timezone.localdate(at)
    owing, can_come = outstanding_tasks([round_], today)
    owed = {person: things for (_round, person), things in owing.items()}
    if people is not None:
        wanted = {person.pk for person in people}
        wanted |= set(Deputy.objects.standing(today).filter(person__in=wanted).values_list("deputy", flat=True))
        owed = {key: things for key, things in owed.items() if key in wanted}
    if not owed:
        raise NotNow("None of these people has anything to do in this round, or they can no longer sign in.")
    nudged = Mail.objects.filter(
        about=email_topic(round_), kind=NUDGE_KIND, person__in=owed, made_at__gt=at - MIN_NUDGE_GAP
    )
    lately = set(nudged.exclude(state="dropped").values_list("person", flat=True))
    now = [can_come[key] for key in owed if key not in lately]
    if not now:
        raise NotNow("They were already nudged in the last 24 hours. Nobody is nudged twice in a day.")
    put_all(_mail(by, at, round_, words, person, owed[person.pk]) for person in now)
    HistoryEntry.objects.create(
        at=at, by=by, act="round_nudge", round=round_, reason=words, said={"people": [person.name for person in now]}
    )
    return Nudged(tuple(now), tuple(can_come[key] for key in owed if key in lately))


def _mail(by: User, at: datetime, round_: Round, words: str, to: User, owed: list[OutstandingTask]) -> Mail:
    values: dict[str, Any] = {
        "by": by,
        "words": words,
        "round": round_,
        "strategy": with_the(round_.strategy.title),
        "over": timezone.localdate(at) > round_.closes_on,
        "still_taken": round_.takes_updates(timezone.localdate(at)),
        "count": len(owed),
        "lines": [
            {"text": f"{task.reference} {task.title}".strip() if task.reference else f"What {task.title} did", "for_whom": task.for_whom}
            for task in owed
        ],
        "tasks_url": about_portal()["portal_url"] + reverse("commitments:my-work"),
    }  # fmt: skip
    return compose_mail(
        key=f"nudge:{round_.pk}:{to.pk}:{at:%Y%m%d%H%M%S}", kind=NUDGE_KIND, to=to, template="nudge", values=values, at=at,
        about=email_topic(round_),
    )  # fmt: skip
