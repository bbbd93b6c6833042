"""What a member of a steering group finds under My tasks: the draft, its open comments, what changed, and what comes next."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from commitments.models import Round, Strategy
from commitments.queries.round_labels import round_label
from partners import roles
from partners.models import SecurityEvent, User
from reporting.assembly import between
from reporting.models import Comment, Edition, ReportText
from reporting.narrative import change_sentences
from reporting.reading.report_texts import RoundTextProgress, lines
from reporting.services.texts import sections_of

MAX_COMMENTS: Final = 5
MAX_DATES: Final = 4


@dataclass(frozen=True, slots=True)
class DraftComment:
    """An open comment on a draft, with the label of the section that it is about."""

    comment: Comment
    label: str


@dataclass(frozen=True, slots=True)
class SteeringWork:
    """One strategy, for somebody whose group steers it.

    ``since`` is the first day of ``changes``, a sentence ("" if nothing changed), and ``since_what`` says which day that
    is. ``rewritten`` counts the sections of the drafts that were written or changed from that day on. ``dates`` are the
    next ones, each with what happens on it.
    """

    strategy: Strategy
    drafts: list[RoundTextProgress]
    comments: list[DraftComment]
    open_comments: int
    since: date
    since_what: str
    changes: str
    rewritten: int
    dates: list[tuple[date, str]]


def steering_work(person: User, *, today: date) -> list[SteeringWork]:
    """Return the strategies that the person's groups steer: those in term, and those whose report is being written.

    Nothing is asked of the database for somebody without a seat. Queries grow with the strategies alone.
    """
    groups = {grant.organisation_id for grant in person.grants if roles.BY_CODE[grant.role].within == "group"}
    if not groups:
        return []
    drafts = [line for line in lines(person, today=today) if line.round.strategy.steered_by_id in groups]
    under_way = {line.round.strategy_id for line in drafts if _is_under_way(line)}
    strategies = Strategy.objects.filter(steered_by__in=groups).filter(
        Q(starts_on__lte=today, ends_on__gte=today) | Q(pk__in=under_way)
    )
    visited = last_visit(person, today)
    return [
        _work(strategy, [line for line in drafts if line.round.strategy_id == strategy.pk], visited, today)
        for strategy in strategies.order_by("-starts_on", "id")
    ]


def last_visit(person: User, today: date) -> date | None:
    """Return the last day before today on which the person signed in; None if they never did, or too long ago to be known."""
    signed_in = SecurityEvent.objects.filter(person=person, kind="signed_in", at__lt=_start_of(today))
    at = signed_in.order_by("-at", "-id").values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None


def _work(strategy: Strategy, drafts: list[RoundTextProgress], visited: date | None, today: date) -> SteeringWork:
    shown = [line for line in drafts if _is_under_way(line)] or drafts[:1]
    rounds = [line.round for line in shown]
    since, since_what = (visited, "you last signed in") if visited else _last_report(strategy, today)
    changes = between(strategy, since=since - timedelta(days=1), until=today, as_at=today)
    sentence = change_sentences.headline(replace(changes, silent=()), strategy.nouns)
    texts = ReportText.objects.filter(round__in=rounds, changed_at__gte=_start_of(since))
    return SteeringWork(
        strategy,
        shown,
        _comments(rounds),
        sum(line.open for line in shown),
        since,
        since_what,
        "" if sentence == change_sentences.NOTHING else sentence,
        texts.exclude(text="").count(),
        _dates(strategy, today),
    )


def _is_under_way(line: RoundTextProgress) -> bool:
    return bool(line.open) or line.round.state in {"open", "in_review"}


def _comments(rounds: list[Round]) -> list[DraftComment]:
    labels = {(round_.pk, section.key): section.label for round_ in rounds for section in sections_of(round_)}
    comments = (
        Comment.objects.filter(round__in=rounds, resolved_at__isnull=True)
        .select_related("said_by", "round__strategy")
        .order_by("-said_at", "-id")[:MAX_COMMENTS]
    )
    return [
        DraftComment(comment, labels.get((comment.round_id, comment.section), comment.section)) for comment in comments
    ]


def _last_report(strategy: Strategy, today: date) -> tuple[date, str]:
    """Return from which day somebody wants to know what changed whose last visit is not known, and which day that is."""
    report = (
        Edition.objects.public()
        .filter(round__strategy=strategy)
        .order_by("-round__observes_from", "-published_at", "-id")
        .values_list("started_at", "requested_at", round_label())
        .first()
    )
    if report:
        return timezone.localdate(report[0] or report[1]), f"the report for {report[2]} was made"
    return min(strategy.starts_on, today), "the strategy began"


def _dates(strategy: Strategy, today: date) -> list[tuple[date, str]]:
    dates = [(strategy.ends_on, "the strategy ends")]
    for round_ in strategy.rounds.filter(state__in=["planned", "open"]).order_by("opens_on", "id"):
        if round_.is_planned:
            dates.append((round_.opens_on, f"officers and partners are asked about {round_.label}"))
        dates.append((round_.closes_on, f"last day for updates about {round_.label}"))
    return sorted((day, what) for day, what in dates if day >= today)[:MAX_DATES]


def _start_of(day: date) -> date:
    return timezone.make_aware(datetime.combine(day, time.min))
