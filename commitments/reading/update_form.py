"""What the pages of an update read: its round, the saved update, the previous one, and the evidence it can cite."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol

from django.db.models import Q, QuerySet

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Evidence, HistoryEntry, IndicatorValue, ProgressUpdate, Round, WorkingCopy
from commitments.reading.indicators import EnteredFigure, missed_targets
from commitments.rules import status as words
from commitments.rules.update_questions import UpdateFacts
from partners.models import User

UPDATE_FIELDS: Final = (
    ("status", "Status"),
    ("reason", "Why"),
    ("remedy", "What will be done about it"),
    ("narrative", "What has happened"),
    ("next_steps", "What comes next"),
)
RECENT_EVIDENCE: Final = timedelta(days=365)
MAX_LISTED: Final = 20
WRITABLE: Final = ("expected", "draft", "returned")


class AskedFigure(Protocol):
    """What a form for figures knows of one of them."""

    @property
    def stored(self) -> IndicatorValue | None: ...


@dataclass(frozen=True, slots=True)
class UpdatePlace:
    """Where an update is written: its round (None where none takes any), what stands there, what was said before.

    ``takes`` says whether it can be written today, ``late`` that the window has closed and the grace period runs.
    """

    round: Round | None
    stored: ProgressUpdate | None
    before: ProgressUpdate | None
    next_round: Round | None
    takes: bool
    late: bool

    @property
    def state(self) -> str:
        """The stored update's state; ``expected`` where there is none."""
        return self.stored.state if self.stored else "expected"

    def can_confirm(self, commitment: Commitment) -> bool:
        """Whether what was approved last can be confirmed as still true in one tap: nothing written, nothing changed."""
        return bool(self.takes and self.state == "expected" and self.before and self.before.status == commitment.status)


def place(commitment: Commitment, today: date, *, asked: str = "") -> UpdatePlace:
    """Return where this commitment's update is written today. Two queries.

    :param asked: the round's slug that a form was opened in, which may have closed meanwhile.
    """
    rounds = list(Round.objects.filter(strategy=commitment.strategy_id).newest_first())
    people = ("round", "saved_by", "submitted_by", "published_by", "confirms")
    updates = {update.round_id: update for update in commitment.updates.select_related(*people)}
    now = next((round_ for round_ in rounds if round_.takes_updates(today)), None) or next(
        (round_ for round_ in rounds if round_.state in {"open", "in_review"} and _begun(updates.get(round_.pk))), None
    )
    round_ = next((candidate for candidate in rounds if candidate.slug == asked), None) or now
    stored = updates.get(round_.pk) if round_ else None
    before = next(
        (
            updates[earlier.pk]
            for earlier in rounds
            if earlier.pk in updates
            and updates[earlier.pk].state == "published"
            and (round_ is None or earlier.observes_from < round_.observes_from)
        ),
        None,
    )
    open_ = round_ is not None and round_.takes_updates(today)
    mending = round_ is not None and round_.state == "in_review" and stored and stored.state in {"draft", "returned"}
    return UpdatePlace(
        round=round_,
        stored=stored,
        before=before,
        next_round=next((candidate for candidate in reversed(rounds) if candidate.state == "planned"), None),
        takes=bool(open_ or mending),
        late=bool(round_ and open_ and today > round_.closes_on),
    )


def _begun(update: ProgressUpdate | None) -> bool:
    return update is not None and update.state != "expected"


def content_of(update: ProgressUpdate) -> UpdateContent:
    """Return what an update says, to show it or to compare it with what somebody else writes."""
    return UpdateContent(update.status, update.reason, update.remedy, update.narrative, update.next_steps)


@dataclass(frozen=True, slots=True)
class Rests:
    """What an update can rest on: the evidence that is offered, and what of it is cited already."""

    offered: tuple[Evidence, ...] = ()
    cited: tuple[str, ...] = ()


def rests_on(commitment: Commitment, where: UpdatePlace) -> Rests:
    """Return accepted evidence since the last update, the newest first, after what is cited already. At most two queries."""
    accepted = Evidence.objects.accepted().filter(commitments=commitment).select_related("organisation").newest_first()
    stored, before = where.stored, where.before
    cited = list(accepted.filter(cited_in=stored)[:MAX_LISTED]) if stored else []
    since = accepted.filter(accepted_at__gt=before.submitted_at) if before and before.submitted_at else accepted
    known = {item.pk for item in cited}
    fresh = [item for item in since[:MAX_LISTED] if item.pk not in known]
    return Rests(tuple([*cited, *fresh][:MAX_LISTED]), tuple(str(item.pk) for item in cited))


def facts(
    commitment: Commitment,
    status: str,
    round_: Round,
    *,
    today: date,
    figures: Iterable[AskedFigure],
    given: Iterable[EnteredFigure],
) -> UpdateFacts:
    """Return what the portal knows that may not fit the status. Three queries at most.

    :param figures: what is counted, with what was counted in the round.
    :param given: the figures that are about to be sent with it.
    """
    done = commitment.actions.filter(done_on__isnull=False).count() if status == "not_started" else 0
    counted = bool(list(given)) or any(figure.stored for figure in figures)
    missed = missed_targets(commitment, round_, given) if status == "on_track" and counted else ()
    return UpdateFacts(
        status,
        evidence=status in {"complete", "embedded"} and _accepted(commitment).exists(),
        lately=status == "on_track" and _accepted(commitment).filter(_lately(today)).exists(),
        missed=missed,
        actions_done=done,
    )


def _accepted(commitment: Commitment) -> QuerySet[Evidence]:
    return Evidence.objects.accepted().filter(commitments=commitment)


def _lately(today: date) -> Q:
    year = today - RECENT_EVIDENCE
    return Q(happened_from__gte=year) | Q(happened_to__gte=year)


def returned(update: ProgressUpdate) -> HistoryEntry | None:
    """Return who sent it back, when and why, while it is to be mended."""
    if update.state != "returned":
        return None
    return HistoryEntry.objects.filter(update=update, act="return").select_related("by").newest_first().first()


def next_owed(person: User, round_: Round) -> ProgressUpdate | None:
    """Return the next update that this person owes in the round, in the strategy's own order."""
    return (
        ProgressUpdate.objects.unsent()
        .filter(round=round_, owed_by=person)
        .select_related("commitment__strategy")
        .order_by("commitment__priority__number", "commitment__number", "id")
        .first()
    )


def form_name(commitment: Commitment, slug: str) -> str:
    """Return the name under which what is typed into this update is kept."""
    return f"update:{commitment.strategy.slug}:{commitment.key}:{slug}"


def kept_copies(person: User, commitment: Commitment) -> list[WorkingCopy]:
    """Return what this person has typed for this commitment and not sent, in any round, the latest first."""
    return list(
        WorkingCopy.objects.filter(person=person, form__startswith=form_name(commitment, "")).order_by(
            "-kept_at", "-id"
        )
    )


def shown(field: str, content: UpdateContent) -> Any:
    """Return one field of what was said, as people read it."""
    return words.of(content.status).label if field == "status" and content.status else getattr(content, field)


def rows(content: UpdateContent) -> list[dict[str, Any]]:
    """Return what was said as questions and answers. What need not be said is left out where it was not."""
    found = [{"field": field, "key": label, "value": shown(field, content)} for field, label in UPDATE_FIELDS]
    return [row for row in found if row["field"] not in {"reason", "remedy"} or row["value"]]


def measure_row(words: str) -> list[dict[str, Any]]:
    """Return the row of a success measure that is proposed with an update; none where nothing is."""
    row = {"field": "success_measure", "key": "How you will know that it worked", "value": words}
    return [row] if words else []


def side_by_side(theirs: UpdateContent, mine: UpdateContent) -> list[dict[str, Any]]:
    """Return two versions of the same update, field by field."""
    return [
        {
            "label": label,
            "theirs": shown(field, theirs),
            "mine": shown(field, mine),
            "same": getattr(theirs, field) == getattr(mine, field),
        }
        for field, label in UPDATE_FIELDS
    ]
