"""The progress of a round, for the people who run it: who still has something to send, which commitments have no
update, whose emails
bounced. A fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from commitments.models import Contribution, HistoryEntry, ProgressUpdate, Round, RoundTask, Strategy
from commitments.queries.outstanding_tasks import may
from commitments.queries.round_organisations import email_topic
from partners import roles
from partners.models import Deputy, Mail, RoleGrant, User
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

DAYS: Final = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
UNSENT: Final = ("expected", "draft", "returned")


@dataclass(slots=True)
class PersonInRound:
    """One person in a round: what they owe and have done, and whether emails reach them."""

    person: User
    updates: list[ProgressUpdate] = field(default_factory=list)
    answers: list[Contribution] = field(default_factory=list)
    task: RoundTask | None = None
    mails: dict[str, Mail] = field(default_factory=dict)
    deputies: list[Deputy] = field(default_factory=list)
    left: bool = False

    @property
    def to_send(self) -> list[ProgressUpdate]:
        """Updates that are not sent."""
        return [update for update in self.updates if update.state in UNSENT]

    @property
    def to_answer(self) -> list[Contribution]:
        """Questions to organisations that nobody has answered."""
        return [answer for answer in self.answers if not answer.answer]

    @property
    def owes(self) -> bool:
        """Whether something is missing from this person."""
        return bool(self.to_send or self.to_answer)

    @property
    def owes_in_words(self) -> str:
        """What is missing from this person: "2 updates and an answer for Rowan Trust"; "" where nothing is."""
        missing = [plurals.counted(len(self.to_send), "update")] if self.to_send else []
        if self.to_answer:
            missing.append(
                "an answer for " + ", ".join(contribution.organisation.name for contribution in self.to_answer)
            )
        return " and ".join(missing)

    @property
    def never(self) -> bool:
        """Whether the person has never signed in."""
        return self.person.last_login is None

    @property
    def last_mail(self) -> Mail | None:
        """The newest email of the round that went to them."""
        return self.mails.get("sent")

    @property
    def trouble(self) -> Mail | None:
        """One that came back; else the newest that did not leave, unless a later one did; else one that still waits."""
        if "bounced" in self.mails:
            return self.mails["bounced"]
        sent = self.mails.get("sent")
        broken = [self.mails[state] for state in ("refused", "given_up") if state in self.mails]
        newest = max(broken, key=lambda mail: mail.made_at, default=None)
        if newest and (sent is None or newest.made_at > sent.made_at):
            return newest
        waits = self.mails.get("waiting")
        return waits if waits and waits.tries else None


@dataclass(frozen=True, slots=True)
class RoundOverview:
    """A round as it stands on a day."""

    round: Round
    updates: tuple[ProgressUpdate, ...]
    answers: tuple[Contribution, ...]
    lines: tuple[PersonInRound, ...]
    handed_back: tuple[RoundTask, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many updates are in each state."""
        return Counter(update.state for update in self.updates)

    @property
    def owing(self) -> list[PersonInRound]:
        """People who still have something to send."""
        return [line for line in self.lines if line.owes]

    @property
    def left(self) -> list[PersonInRound]:
        """People who owe and can't do it any more, as their role or access has ended."""
        return [line for line in self.lines if line.left and line.owes]

    @property
    def nobodys(self) -> list[ProgressUpdate]:
        """Unsent updates that nobody owes."""
        return [update for update in self.updates if update.owed_by_id is None and update.state in UNSENT]

    @property
    def unasked(self) -> list[Contribution]:
        """Questions to organisations in which nobody is asked by name."""
        return [answer for answer in self.answers if answer.owed_by_id is None and not answer.answer]

    @property
    def silent(self) -> list[ProgressUpdate]:
        """Updates that nobody has begun."""
        return [update for update in self.updates if update.state == "expected"]

    @property
    def answered(self) -> int:
        """How many organisations have answered."""
        return sum(bool(answer.answer) for answer in self.answers)

    @property
    def troubles(self) -> list[PersonInRound]:
        """People whose emails bounce or cannot be sent."""
        return [line for line in self.lines if line.trouble]

    def sentence(self, today: date) -> str:
        """``24 of 32 updates are in, 3 are waiting for approval, 5 have not been started; 9 days are left.``"""
        counts, total = self.counts, len(self.updates)
        if not total:
            return f"No update is asked for; {days_left(self.round, today)}."
        parts = [f"{counts['published']} of {plurals.counted(total, 'update')} {plurals.be(counts['published'])} in"]
        for state, singular, more in (
            ("submitted", "is waiting for approval", "are waiting for approval"),
            ("returned", "was returned", "were returned"),
            ("draft", "has been started", "have been started"),
            ("expected", "has not been started", "have not been started"),
        ):
            if number := counts[state]:
                parts.append(f"{number} {plurals.agree(number, singular, more)}")
        return f"{', '.join(parts)}; {days_left(self.round, today)}."


def days_left(round_: Round, today: date) -> str:
    """Return how much time is left, as the end of a sentence."""
    if round_.state == "planned":
        return f"it opens on {in_words(round_.opens_on)}"
    if round_.state == "in_review":
        return "it is over, and what was sent is being reviewed"
    if round_.state == "closed":
        return "the round is closed"
    left = (round_.closes_on - today).days
    if left > 1:
        return f"{left} days are left"
    if left >= 0:
        return "1 day is left" if left else "today is the last day"
    grace = (round_.grace_until - today).days
    if grace >= 0:
        return f"the window closed on {in_words(round_.closes_on)}, and late updates are accepted until {in_words(round_.grace_until)}"
    return "late updates are no longer accepted"


def standing(round_: Round, today: date) -> RoundOverview:
    """Read how the round stands, in six queries."""
    updates = tuple(
        ProgressUpdate.objects.filter(round=round_)
        .select_related("commitment", "owed_by")
        .defer("narrative", "next_steps", "reason", "remedy", "answers", "commitment__wording")
        .order_by("commitment__priority__number", "commitment__number", "id")
    )
    answers = tuple(
        Contribution.objects.filter(round=round_)
        .select_related("organisation", "owed_by")
        .order_by("organisation__sort_name", "id")
    )
    tasks = list(RoundTask.objects.filter(round=round_).select_related("person").order_by("id"))
    lines: dict[int, PersonInRound] = {}
    for update in updates:
        if update.owed_by:
            lines.setdefault(update.owed_by.pk, PersonInRound(update.owed_by)).updates.append(update)
    for answer in answers:
        answer.round = round_
        if answer.owed_by:
            lines.setdefault(answer.owed_by.pk, PersonInRound(answer.owed_by)).answers.append(answer)
    for task in tasks:
        if task.handed_at is None:
            lines.setdefault(task.person_id, PersonInRound(task.person)).task = task
    _look_who_left(lines, round_.strategy)
    newest = (
        Mail.objects.on_any([email_topic(round_)])
        .filter(person__in=list(lines))
        .order_by("person", "state", "-made_at", "-id")
    )
    for mail in newest.distinct("person", "state").defer("text", "html"):
        lines[mail.person_id or 0].mails[mail.state] = mail
    deputies = Deputy.objects.standing(today).filter(person__in=list(lines)).select_related("deputy")
    for deputy in deputies.order_by("id"):
        lines[deputy.person_id].deputies.append(deputy)
    ordered = sorted(lines.values(), key=lambda line: (not line.owes, line.person.name.casefold(), line.person.pk))
    unowned = any(not update.owed_by_id and update.state in UNSENT for update in updates)
    unowned |= any(not contribution.owed_by_id and not contribution.answer for contribution in answers)
    back = tuple(task for task in tasks if task.handed_at and task.handed_to_id is None) if unowned else ()
    return RoundOverview(round_, updates, answers, tuple(ordered), back)


def _look_who_left(lines: dict[int, PersonInRound], strategy: Strategy) -> None:
    """Mark those who can't do what they owe: access ended, or no role left that allows it."""
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in RoleGrant.objects.current().filter(person__in=list(lines)).select_related("organisation"):
        held[grant.person_id].append(grant)
    for key, line in lines.items():
        able = not line.to_send or may(held[key], (roles.UPDATE_COMMITMENTS, strategy))
        able &= all(
            may(held[key], (roles.LOG_EVIDENCE, contribution.organisation_id)) for contribution in line.to_answer
        )
        line.left = not line.person.is_active or not able


ROUND_ACT_WORDS: Final = {
    "round_plan": "Planned",
    "round_add": "Added from a file",
    "round_days": "Dates changed",
    "round_open": "Opened",
    "round_begin_review": "Window ended",
    "round_close": "Closed, and frozen for the report",
    "round_reopen": "Reopened",
    "round_delete": "Deleted while it was only planned",
}

MAX_NAMES_IN_A_LINE: Final = 3
"""More people than this are counted in a line of the history, and named where it is unfolded."""


def history(round_: Round, *, most: int = 40) -> list[dict[str, Any]]:
    """Return what was done to the round, latest first, as lines of a timeline. One query."""
    entries = HistoryEntry.objects.filter(round=round_, commitment__isnull=True, indicator__isnull=True)
    entries = entries.select_related("by").newest_first()
    return [
        {
            "at": entry.at,
            "by": entry.by.name if entry.by else "the portal’s calendar",
            "text": _told(entry, round_),
            "detail": entry.reason,
            "names": _nudged(entry) if len(_nudged(entry)) > MAX_NAMES_IN_A_LINE else [],
        }
        for entry in entries[:most]
    ]


def _nudged(entry: HistoryEntry) -> list[str]:
    return list(entry.said.get("people", [])) if entry.act == "round_nudge" else []


def _told(entry: HistoryEntry, round_: Round) -> str:
    details = entry.said
    if entry.act == "task_handed":
        return f"The task of {details.get('from')} was handed to {details.get('to') or round_.strategy.rounds_run_by}"
    if entry.act == "nothing_to_add":
        return f"{details.get('organisation')} has nothing to add this {round_.period.noun}"
    if entry.act == "organisation_joined":
        who = f"{details['to']} is asked" if details.get("to") else "nobody can be asked yet"
        return f"{details.get('organisation')} joined while the round was open: {who}"
    if entry.act == "organisation_left":
        return f"{details.get('organisation')} no longer helps to deliver, so it is no longer asked"
    if entry.act == "answer_taken_back":
        return f"{details.get('organisation')} withdrew what it had sent, so it is asked again"
    if entry.act == "round_nudge":
        people = _nudged(entry)
        many = len(people) > MAX_NAMES_IN_A_LINE
        return f"{plurals.counted(len(people), 'person')} nudged" if many else f"Nudged: {', '.join(people)}"
    if entry.act == "asked":
        return f"{details.get('to')} is asked for {details.get('organisation')}"
    return ROUND_ACT_WORDS.get(entry.act, entry.act.replace("_", " ").capitalize())
