"""What a member of a steering group finds under My tasks: the draft, its open comments, what changed, and what comes next."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from commitments.models import Round, Strategy
from commitments.queries.round_labels import round_label
from partners import roles
from partners.models import SecurityEvent, User
from reporting.assembly import between
from reporting.models import Comment, Edition
from reporting.narrative import change_sentences
from reporting.narrative.sections import sections
from reporting.reading.report_texts import RoundTextProgress, lines
from vcsportal.common.json_columns import list_column

MAX_COMMENTS: Final = 5
MAX_DATES: Final = 4


@dataclass(frozen=True, slots=True)
class DraftComment:
    """An open comment on the draft of a round's report, with the key and the label of the section that it is about."""

    round: Round
    section: str
    label: str
    words: str
    said_by: str
    said_at: datetime


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

    Nothing is asked of the database for somebody without a seat. Two queries, and those of what changed in each strategy.
    """
    groups = {grant.organisation_id for grant in person.grants if roles.BY_CODE[grant.role].within == "group"}
    if not groups:
        return []
    latest = _latest_comments()
    drafts = [
        line
        for line in lines(person, today=today, latest_comments=latest)
        if line.round.strategy.steered_by_id in groups
    ]
    under_way = {line.round.strategy_id for line in drafts if _is_under_way(line)}
    strategies = Strategy.objects.filter(steered_by__in=groups).filter(
        Q(starts_on__lte=today, ends_on__gte=today) | Q(pk__in=under_way)
    )
    return [
        _work(strategy, [line for line in drafts if line.round.strategy_id == strategy.pk], today)
        for strategy in strategies.annotate(**_columns(person, today)).order_by("-starts_on", "id")
    ]


def last_visit(person: User, today: date) -> date | None:
    """Return the last day before today on which the person signed in; None if they never did, or too long ago to be known."""
    at = _visits(person, today).first()
    return timezone.localdate(at) if at else None


def _visits(person: User, today: date) -> QuerySet[SecurityEvent, datetime]:
    signed_in = SecurityEvent.objects.filter(person=person, kind="signed_in", at__lt=_start_of(today))
    return signed_in.order_by("-at", "-id").values_list("at", flat=True)


def _columns(person: User, today: date) -> dict[str, Any]:
    """Return what is read with each strategy: when the person was here last, its last report, and its next rounds."""
    reports = Edition.objects.public().filter(round__strategy=OuterRef("pk")).annotate(label=round_label())
    reports = reports.order_by("-round__observes_from", "-published_at", "-id")[:1]
    rounds = Round.objects.filter(strategy=OuterRef("pk"), state__in=["planned", "open"])
    rounds = rounds.annotate(named=round_label(""))
    return {
        "visited_at": Subquery(_visits(person, today)[:1]),
        "last_reports": list_column(reports, started_at="started_at", requested_at="requested_at", label="label"),
        "next_rounds": list_column(
            rounds.order_by("opens_on", "id"), state="state", opens_on="opens_on", closes_on="closes_on", label="named"
        ),
    }


def _latest_comments() -> Any:
    """Return the latest open comments on a round's draft, as a column of a query for rounds."""
    comments = Comment.objects.filter(round=OuterRef("pk"), resolved_at__isnull=True)
    return list_column(
        comments.order_by("-said_at", "-id")[:MAX_COMMENTS],
        section="section",
        words="words",
        said_by="said_by__name",
        said_at="said_at",
    )


def _work(strategy: Any, drafts: list[RoundTextProgress], today: date) -> SteeringWork:
    shown = [line for line in drafts if _is_under_way(line)] or drafts[:1]
    rounds: list[Any] = [line.round for line in shown]
    since, since_what = _since(strategy, today)
    changes = between(strategy, since=since - timedelta(days=1), until=today, as_at=today)
    sentence = change_sentences.headline(replace(changes, silent=()), strategy.nouns)
    first = _start_of(since)
    return SteeringWork(
        strategy,
        shown,
        _comments(rounds),
        sum(line.open for line in shown),
        since,
        since_what,
        "" if sentence == change_sentences.NOTHING else sentence,
        sum(changed_at >= first for round_ in rounds for changed_at in round_.texts_changed),
        _dates(strategy, today),
    )


def _is_under_way(line: RoundTextProgress) -> bool:
    return bool(line.open) or line.round.state in {"open", "in_review"}


def _comments(rounds: list[Any]) -> list[DraftComment]:
    found = []
    for round_ in rounds:
        priorities = [(row["number"], row["title"], row["reference"]) for row in round_.priority_rows]
        labels = {each.key: each.label for each in sections(priorities, round_.strategy.nouns, round_.period)}
        found += [
            DraftComment(
                round_, row["section"], labels.get(row["section"], row["section"]), row["words"], row["said_by"],
                datetime.fromisoformat(row["said_at"]),
            )
            for row in round_.latest_comments
        ]  # fmt: skip
    return sorted(found, key=lambda comment: comment.said_at, reverse=True)[:MAX_COMMENTS]


def _since(strategy: Any, today: date) -> tuple[date, str]:
    """Return from which day the person wants to know what changed, and which day that is."""
    if strategy.visited_at:
        return timezone.localdate(strategy.visited_at), "you last signed in"
    for report in strategy.last_reports:
        made = datetime.fromisoformat(report["started_at"] or report["requested_at"])
        return timezone.localdate(made), f"the report for {report['label']} was made"
    return min(strategy.starts_on, today), "the strategy began"


def _dates(strategy: Any, today: date) -> list[tuple[date, str]]:
    dates = [(strategy.ends_on, "the strategy ends")]
    for row in strategy.next_rounds:
        if row["state"] == "planned":
            opens_on = date.fromisoformat(row["opens_on"])
            dates.append((opens_on, f"officers and partners are asked about {row['label']}"))
        dates.append((date.fromisoformat(row["closes_on"]), f"last day for updates about {row['label']}"))
    return sorted((day, what) for day, what in dates if day >= today)[:MAX_DATES]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
