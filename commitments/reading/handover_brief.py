"""What someone who takes over needs to know, on at most two pages. A fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone

from commitments.models import (
    Action,
    Commitment,
    Contribution,
    DeliveryPartner,
    Evidence,
    HistoryEntry,
    Point,
    ProgressUpdate,
    Round,
)
from commitments.queries.round_organisations import people_who_answer
from commitments.reading.glance import freshness
from commitments.rules import status as words
from partners.models import User

MAX_EXCERPT_WORDS: Final = 45
MAX_ACTIONS: Final = 3
MAX_CONTACTS: Final = 3


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to contact about a commitment."""

    organisation: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class CommitmentBrief:
    """One commitment as its next lead finds it."""

    title: str
    wording: str
    note: str
    url: str
    part: str
    status: words.Status
    reason: str
    remedy: str
    fresh: str
    last_round: str
    last_words: str
    next_steps: str
    owed: tuple[str, ...]
    actions: tuple[Action, ...]
    more_actions: int
    contacts: tuple[Contact, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What was handed over, who handed it over to which colleague, why, and the key dates."""

    from_name: str
    to_name: str
    on: date
    why: str
    pieces: tuple[CommitmentBrief, ...]
    questions: tuple[Contribution, ...]
    stands_in: tuple[str, ...]
    rounds: tuple[Round, ...]
    points: tuple[Point, ...] = ()


def brief(entry: HistoryEntry, today: date) -> Brief:
    """Write the brief of a hand-over from its entry in the history. Twelve queries at most, whatever its size.

    A point is named without its words, and while whoever took it over still has it.
    """
    details = entry.said
    updates = list(
        ProgressUpdate.objects.filter(pk__in=details.get("updates", []))
        .exclude(state="published")
        .select_related("round")
        .order_by("round__closes_on", "id")
    )
    questions = tuple(
        Contribution.objects.filter(pk__in=details.get("contributions", []), answer="")
        .select_related("organisation", "round__strategy")
        .order_by("round__closes_on", "organisation__sort_name", "id")
    )
    keys = {*details.get("leads", []), *details.get("supports", []), *(update.commitment_id for update in updates)}
    if owned := details.get("actions"):
        keys.update(Action.objects.filter(pk__in=owned).values_list("commitment_id", flat=True))
    commitments = list(
        Commitment.objects.filter(pk__in=keys)
        .select_related("strategy")
        .order_by("strategy__starts_on", "strategy_id", "priority__number", "number", "id")
    )
    pieces = _pieces(commitments, updates, set(details.get("leads", [])), set(details.get("supports", [])), today)
    strategies = {commitment.strategy_id for commitment in commitments} | {
        question.round.strategy_id for question in questions
    }
    rounds = Round.objects.filter(strategy__in=strategies, grace_until__gte=today).exclude(state="closed")
    return Brief(
        from_name=details.get("from", ""), to_name=details.get("to", ""), on=timezone.localdate(entry.at),
        why=entry.reason, pieces=pieces, questions=questions, stands_in=tuple(details.get("stands_in", [])),
        rounds=tuple(rounds.select_related("strategy").order_by("opens_on", "id")), points=_points(details),
    )  # fmt: skip


def _points(details: dict[str, Any]) -> tuple[Point, ...]:
    if not (keys := details.get("points")):
        return ()
    return tuple(Point.objects.unfinished().filter(pk__in=keys, owner=details.get("to_id")).oldest_first())


def _pieces(
    commitments: list[Commitment], updates: list[ProgressUpdate], leads: set[int], supports: set[int], today: date
) -> tuple[CommitmentBrief, ...]:
    last: dict[int, ProgressUpdate] = {}
    published = ProgressUpdate.objects.published().filter(commitment__in=commitments).select_related("round")
    for update in published.order_by("round__observes_from", "id"):
        last[update.commitment_id] = update
    actions: dict[int, list[Action]] = {}
    for action in Action.objects.open().filter(commitment__in=commitments).in_order():
        actions.setdefault(action.commitment_id, []).append(action)
    waiting = dict(
        Evidence.objects.awaiting_review()
        .filter(commitments__in=commitments)
        .order_by()
        .values_list("commitments")
        .annotate(Count("id"))
    )
    contacts = _contacts(commitments)
    owing, found = {update.commitment_id for update in updates}, []
    for commitment in commitments:
        before, open_actions = last.get(commitment.pk), actions.get(commitment.pk, [])
        found.append(
            CommitmentBrief(
                title=str(commitment),
                wording=commitment.wording,
                note=f"{'*' if '*' in commitment.wording else ''}{commitment.note}" if commitment.note else "",
                url=commitment.get_absolute_url(),
                part=(
                    "leads"
                    if commitment.pk in leads
                    else "supports"
                    if commitment.pk in supports
                    else "has its update to write"
                    if commitment.pk in owing
                    else "owns an action of"
                ),
                status=words.of(commitment.status),
                reason=commitment.status_reason,
                remedy=commitment.status_remedy,
                fresh=freshness(timezone.localdate(commitment.status_at) if commitment.status_at else None, today),
                last_round=before.round.label if before else "",
                last_words=_short(before.narrative) if before else "",
                next_steps=_short(before.next_steps) if before else "",
                owed=tuple(update.round.label for update in updates if update.commitment_id == commitment.pk),
                actions=tuple(open_actions[:MAX_ACTIONS]),
                more_actions=max(0, len(open_actions) - MAX_ACTIONS),
                contacts=tuple(contacts.get(commitment.pk, [])[:MAX_CONTACTS]),
                waiting=waiting.get(commitment.pk, 0),
            )
        )
    return tuple(found)


def _contacts(commitments: list[Commitment]) -> dict[int, list[Contact]]:
    parts = list(
        DeliveryPartner.objects.current()
        .filter(commitment__in=commitments)
        .filter(~Q(organisation__kind="public_body"))
        .select_related("organisation")
        .order_by("organisation__sort_name", "id")
    )
    asked = people_who_answer({part.organisation_id for part in parts})
    people = User.objects.in_bulk(set(asked.values()))
    found: dict[int, list[Contact]] = {}
    for part in parts:
        person = people.get(asked.get(part.organisation_id, 0))
        name, email = (person.name, person.email) if person else ("nobody who can sign in", "")
        found.setdefault(part.commitment_id, []).append(Contact(part.organisation.name, name, email))
    return found


def _short(text: str) -> str:
    """The first words of a Markdown text, without its signs."""
    plain = text.replace("**", "").replace("*", "").replace("#", "").split()
    return " ".join(plain[:MAX_EXCERPT_WORDS]) + (" …" if len(plain) > MAX_EXCERPT_WORDS else "")
