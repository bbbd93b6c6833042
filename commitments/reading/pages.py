"""What the pages read, in a fixed number of queries: statuses, recent changes, years, and who has what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from commitments.models import (
    Commitment,
    DeliveryPartner,
    FormerReference,
    FrozenStanding,
    HistoryEntry,
    Priority,
    ProgressUpdate,
    Round,
    SectorView,
    Strategy,
)
from commitments.models.delivery import DELIVERY_ROLES
from commitments.reading import actions, engagement
from commitments.reading.glance import NOT_YET, CommitmentAtGlance, Row, StatusInRound, board
from commitments.reading.plans import followers_column, related_column
from commitments.reading.revisions import REVISIONS
from commitments.reading.risk_tasks import commitment_column as risk_column
from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.periods import period_of_all
from partners.models import User
from partners.reading.public_names import NameOf
from vcsportal.common.addresses import address as address_of_view
from vcsportal.common.dates import in_words
from vcsportal.common.json_columns import list_column
from vcsportal.common.prepared_queries import PreparedQuery

MOST_RECENT: Final = 5
MOST_OF_ONE: Final = 50
"""How many changes the page of a strategy shows, and the page of a commitment."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline."""

    at: datetime
    by: str
    text: str
    status: words.Status | None = None
    detail: str = ""
    url: str = ""


_STANDING_FIELDS: Final = (
    "priority__number", "reference", "short_title", "status", "status_at", "key", "added_on", "closed_on", "owner_response",
)  # fmt: skip
_STANDINGS: Final = PreparedQuery(
    lambda **those: Commitment.objects.filter(**those).in_order().values_list(*_STANDING_FIELDS)
)
_PRIORITIES: Final = PreparedQuery(
    lambda strategy: (
        Priority.objects.filter(strategy=strategy).order_by("number", "id").values_list("number", "title", "reference")
    )
)


def standings(strategy: Strategy, **narrowed: int) -> list[CommitmentAtGlance]:
    """Return the status of every commitment of a strategy, in one query.

    :param narrowed: keys of what the commitments belong to, such as ``priority=priority.pk``.
    """
    return [
        CommitmentAtGlance(
            number,
            reference,
            title,
            code,
            timezone.localdate(at) if at else None,
            address(strategy.slug, key),
            added_on=added_on,
            closed_on=closed_on,
            said_at=at,
            owner_response=response,
        )
        for number, reference, title, code, at, key, added_on, closed_on, response in _STANDINGS(
            strategy=strategy.pk, **narrowed
        )
    ]


def address(slug: str, key: str) -> str:
    """Return a commitment's address without reading its strategy."""
    return address_of_view("commitments:commitment", slug, key)


def priority_address(slug: str, number: int) -> str:
    """Return a priority's address without reading its strategy."""
    return address_of_view("commitments:priority", slug, number)


def board_of(strategy: Strategy, standings: list[CommitmentAtGlance], today: date) -> tuple[Row, ...]:
    """Return the board of a strategy as it is read today, in one query. Nothing on a finished one is stale."""
    priorities = _PRIORITIES(strategy=strategy.pk)
    rows = [(n, title, priority_address(strategy.slug, n), reference) for n, title, reference in priorities]
    return board(rows, standings, today=None if strategy.is_finished(today) else today)


def changed_lately(strategy: Strategy, name_of: NameOf) -> list[Event]:
    """Return the last :data:`MOST_RECENT` public changes, who made them and when, in one query."""
    return _events(_LATELY(strategy=strategy.pk), name_of, named=strategy.slug)[:MOST_RECENT]


def timeline(commitment: Commitment, name_of: NameOf) -> list[Event]:
    """Return the last :data:`MOST_OF_ONE` entries of what was said in public of one commitment, latest first, in one query."""
    return _events(_TIMELINE(commitment=commitment.pk), name_of)


_SHOWN: Final = (
    "at", "act", "from_state", "to_state", "reason", "said", "by__name", "by__post", "by__name_shown", "update__round__slug",
    "update__round__title", "round__slug", "round__title",
)  # fmt: skip
"""What an entry needs for its line."""


def public_entries(*conditions: Q, **those: int) -> Any:
    """Return public entries, latest first, with whose they are, and whether a view among them has been withdrawn since."""
    views = SectorView.objects.annotate(whose=Cast("organisation_id", CharField())).filter(
        commitment=OuterRef("commitment"), round=OuterRef("round"), whose=OuterRef("whose"), withdrawn_at__isnull=False
    )
    entries = HistoryEntry.objects.public().annotate(whose=KT("said__organisation_id")).filter(*conditions, **those)
    return entries.select_related("by", "update__round", "round").annotate(withdrawn=Exists(views)).newest_first()


_TIMELINE: Final = PreparedQuery(
    lambda commitment: public_entries(commitment=commitment).only(*_SHOWN, "commitment")[:MOST_OF_ONE]
)
_LATELY: Final = PreparedQuery(
    lambda strategy: (
        public_entries(commitment__strategy=strategy)
        .select_related("by", "update__round", "round", "commitment")
        .only(*_SHOWN, "commitment__reference", "commitment__short_title", "commitment__key")[: MOST_RECENT * 2]
    )
)
"""Twice as many as are shown: an update with a new status leaves two entries, which read as one."""


def _events(entries: Iterable[HistoryEntry], name_of: NameOf, named: str = "") -> list[Event]:
    # An update that changes the status leaves two entries at the same moment: they read as one.
    events: dict[tuple[Any, ...], Event] = {}
    for entry in entries:
        key = (entry.at, entry.update_id or entry.pk, entry.commitment_id)
        if key in events and entry.act == "approve":
            continue
        events[key] = event(entry, named, name_of)
    return list(events.values())


def event(entry: Any, named: str, name_of: NameOf) -> Event:
    """Return the line of an entry out of :func:`public_entries`.

    :param named: the slug of the strategy, where the line is to begin with its commitment and to lead there; else "".
    """
    by = name_of(entry.by) if entry.by else ""
    word, detail = None, entry.reason
    if entry.act == "status":
        word = words.of(entry.to_state)
        before = words.of(entry.from_state).label
        text = f"From {before} to {word.label}" if entry.from_state else f"First status: {word.label}"
        if into := entry.said.get("merged_into_title"):
            detail = f"{detail}\n\nMerged into {into}."
    elif entry.act == "response_approve":
        # An addressee answers with one voice, as the sector does.
        by, detail = entry.said["addressee"], entry.said["words"]
        text = f"Response published: {stances.of(entry.said['stance']).label}"
    elif entry.act in REVISIONS:
        text, detail = REVISIONS[entry.act](entry.said)
    elif entry.act == "view":
        # An organisation speaks with one voice: its name stands here, and not that of whoever typed.
        by, text = entry.said.get("name", ""), f"The sector’s view for {entry.round.label}"
        if entry.withdrawn:
            text, detail = f"{text}, withdrawn since", ""
        else:
            word = words.of(entry.to_state)
            text += f": {word.label}" + (", seen differently from the council" if entry.said.get("differs") else "")
    else:
        text = f"Update for {entry.update.round.label} approved" if entry.update else "Update approved"
        word = words.BY_CODE.get(entry.said.get("status", ""))
    if not named or entry.commitment is None:
        return Event(entry.at, by, text, word, detail)
    text = f"{entry.commitment.reference} {entry.commitment.short_title}: {text[0].lower()}{text[1:]}"
    return Event(entry.at, by, text, word, "", address(named, entry.commitment.key))


@dataclass(frozen=True, slots=True)
class DeliveryPart:
    """An organisation's part in delivering a commitment."""

    organisation: int
    slug: str
    name: str
    role: str
    label: str
    started_on: date | None = None
    ended_on: date | None = None

    @property
    def span(self) -> str:
        """Return from when until when."""
        return span(self.role, self.started_on, self.ended_on)


PART = {
    "organisation": "organisation_id", "slug": "organisation__slug", "name": "organisation__name", "role": "role",
    "started_on": "started_on", "ended_on": "ended_on",
}  # fmt: skip
PAST = {
    "delivers": "delivered", "leads_delivery": "led the delivery", "advises": "advised", "funds": "funded", "hosts": "hosted",
}  # fmt: skip


def span(role: str, started_on: date | None, ended_on: date | None) -> str:
    """Return ``delivered until March 2024`` or ``since May 2023``. Unknown days are left out."""
    since = f" from {month(started_on)}" if started_on else ""
    if ended_on is None:
        return f"since {month(started_on)}" if started_on else ""
    return f"{PAST[role]}{since} until {month(ended_on - timedelta(days=1))}"


def month(day: date) -> str:
    """Return ``March 2024``."""
    return in_words(day).split(" ", 1)[1]


_beside_rounds: dict[str, Any] = {}


def beside_rounds(**columns: Any) -> None:
    """Let an upper floor say something of each round on a commitment's page, as a column of the query for rounds."""
    _beside_rounds.update(columns)


def rounds(commitment: Commitment) -> list[Round]:
    """Return the rounds of a commitment's strategy, the newest first, with what upper floors say of them."""
    return _ROUNDS(strategy=commitment.strategy_id)


def _frozen() -> Subquery:
    """Return when a round was closed last, as a column of a query for rounds."""
    frozen = FrozenStanding.objects.filter(round=OuterRef("pk"), closing=OuterRef("closings")).order_by("id")
    return Subquery(frozen.values("frozen_at")[:1])


_ROUNDS: Final = PreparedQuery(
    lambda strategy: (
        Round.objects.filter(strategy=strategy)
        .annotate(frozen_at=_frozen(), **_beside_rounds)
        .order_by("-observes_from", "id")
    )
)


def closed_by_then(commitment: Commitment, round_: Any) -> bool:
    """Whether a commitment had been closed when a round's standings were taken; it was asked for nothing then.

    :param commitment: its day of closing and the moment of its status are enough.
    :param round_: with ``frozen_at``, as :func:`rounds` returns it.
    """
    if round_.frozen_at:
        return commitment.was_closed_by(round_.frozen_at)
    if commitment.closed_on is None:
        return False
    return round_.state in {"open", "in_review"} or commitment.closed_on <= round_.observes_to


def _whole(slug: str, key: str) -> QuerySet[Commitment]:
    here = {"commitment": OuterRef("pk")}
    parts = DeliveryPartner.objects.current().filter(**here).order_by("organisation__sort_name", "id")
    ended = DeliveryPartner.objects.ended().filter(**here).order_by("-ended_on", "organisation__sort_name", "id")
    numbers = FormerReference.objects.filter(**here).order_by("held_until", "id")
    helpers = Commitment.supporting_officers.through.objects.filter(**here).order_by("user__name", "id")
    found = Commitment.objects.select_related(
        "strategy__owner", "priority", "lead_officer", "status_by", "merged_into__strategy", "follows__strategy"
    ).annotate(
        parts=list_column(parts, **PART),
        ended_parts=list_column(ended, **PART),
        steps=actions.column(),
        helpers=list_column(helpers, name="user__name", post="user__post", name_shown="user__name_shown"),
        numbers=list_column(numbers, reference="reference", until="held_until"),
        related_rows=related_column(),
        follower_rows=followers_column(),
        meetings=engagement.column(),
        risk_rows=risk_column(),
    )
    return found.filter(strategy__slug=slug, key=key)


WHOLE: Final = PreparedQuery(_whole)
"""A commitment with all that hangs on it: :func:`partners`, :func:`commitments.reading.actions.lines_of` and :func:`supporting` ask nothing more."""


def number_on(commitment: Any, day: date | None) -> str:
    """Return the number that a commitment out of :data:`WHOLE` had on a day; None is today."""
    for former in commitment.numbers:
        if day is not None and day < date.fromisoformat(former["until"]):
            return str(former["reference"])
    return str(commitment.reference)


def partners(commitment: Any) -> list[DeliveryPart]:
    """Return who helps to deliver a commitment out of :data:`WHOLE`, those that lead first and by name."""
    labels = dict(DELIVERY_ROLES)
    order = sorted(labels, key=lambda code: code != "leads_delivery")
    found = [_part(row) for row in commitment.parts]
    return sorted(found, key=lambda part: order.index(part.role))


def earlier(commitment: Any) -> list[DeliveryPart]:
    """Return who helped to deliver a commitment out of :data:`WHOLE` and no longer does, whoever ended last first."""
    return [_part(row) for row in commitment.ended_parts]


def _part(row: Mapping[str, Any]) -> DeliveryPart:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("started_on", "ended_on")}
    return DeliveryPart(**{**row, **days, "label": dict(DELIVERY_ROLES)[row["role"]]})


def supporting(commitment: Any, name_of: NameOf) -> list[str]:
    """Return how those are shown who support the lead officer of a commitment out of :data:`WHOLE`."""
    return [name_of(User(**helper)) for helper in commitment.helpers]


def years(
    commitment: Commitment, rounds: Iterable[Round], said: Mapping[int, ProgressUpdate], today: date
) -> list[StatusInRound]:
    """Return one promise through the rounds that have begun, oldest first. No query.

    :param said: the published update of each round, by the round's key.
    """
    found = []
    for round_ in sorted(rounds, key=lambda r: (r.observes_from, r.pk)):
        if round_.observes_from > today:
            continue
        update = said.get(round_.pk)
        if update:
            found.append(
                StatusInRound(round_.label, words.of(update.status), f"#round-{round_.slug}", round_.state == "open")
            )
        elif closed_by_then(commitment, round_):
            found.append(StatusInRound(round_.label, words.CLOSED, "", round_.state == "open"))
        else:
            label = words.NO_UPDATE.label if commitment.was_there(round_.observes_to) else NOT_YET
            found.append(StatusInRound(round_.label, words.NO_UPDATE, "", round_.state == "open", label))
    return found


def one_by_one(rounds: Iterable[Round], today: date) -> str:
    """Return the heading above a row of the rounds that have begun: ``Year by year``, ``Quarter by quarter``. No query."""
    begun = [(round_.observes_from, round_.observes_to) for round_ in rounds if round_.observes_from <= today]
    return period_of_all(begun).one_by_one


def boards_by_round(
    strategy: Strategy, standings: list[CommitmentAtGlance], today: date
) -> tuple[str, list[tuple[str, tuple[Row, ...]]]]:
    """Return a heading, and a small board for each round that has begun, oldest first, in two queries."""
    said: dict[int, dict[str, str]] = {}
    updates = ProgressUpdate.objects.published().filter(
        commitment__strategy=strategy, commitment__reference__in=[commitment.reference for commitment in standings]
    )
    for round_id, reference, code in updates.values_list("round_id", "commitment__reference", "status"):
        said.setdefault(round_id, {})[reference] = code
    numbers = sorted({commitment.priority for commitment in standings})
    boards = []
    rounds = Round.objects.filter(strategy=strategy).started(today).annotate(frozen_at=_frozen())
    begun = list(rounds.order_by("observes_from", "id"))
    for round_ in begun:
        here = said.get(round_.pk, {})
        then = [_then(each, here.get(each.reference, ""), round_) for each in standings]
        boards.append((round_.label, board([(number, "", "", "") for number in numbers], then)))
    return one_by_one(begun, today), boards


def _then(standing: CommitmentAtGlance, status: str, round_: Any) -> CommitmentAtGlance:
    """Return how a commitment stood in a round, from the status of its published update there."""
    closed = Commitment(closed_on=standing.closed_on, status_at=standing.said_at)
    if not status and closed_by_then(closed, round_):
        status = words.CLOSED.code
    was_there = standing.added_on is None or standing.added_on <= round_.observes_to
    return replace(standing, status=status, on=None, was_there=was_there or bool(status), owner_response="")
