"""The tables of an edition, each column declared once with its meaning. Order and names stay as they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.utils import timezone

from commitments.status import STATUSES, Status, of
from reporting.exports.tables import DATE, LIST, MARKDOWN, MOMENT, NUMBER, TEXT, YES_NO, Column, Outline
from reporting.facts import CommitmentFacts, EvidenceFacts, PriorityFacts, Report

Pieces = Callable[[Any], Iterable[EvidenceFacts]]
NOTHING_RECEIVED: Final = "No update was received"
"""What stands where a status would, as in the report itself. It is no status, and no nought."""


@dataclass(frozen=True, slots=True)
class Told:
    """A commitment with its priority and its pieces of evidence."""

    priority: PriorityFacts
    commitment: CommitmentFacts
    pieces: tuple[EvidenceFacts, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that belongs to a commitment or a piece, as ``number`` in its order, beginning with 1."""

    of: Any
    thing: Any
    number: int


def _told(report: Report) -> Iterable[Told]:
    pieces = {piece.number: piece for piece in report.evidence}
    for priority in report.priorities:
        for commitment in priority.commitments:
            yield Told(priority, commitment, tuple(pieces[number] for number in commitment.evidence))


def _parts(things: Iterable[Any], name: str) -> Iterable[Part]:
    for thing in things:
        for number, part in enumerate(getattr(thing, name), start=1):
            yield Part(thing, part, number)


def _word(status: str) -> str:
    return of(status).label if status else NOTHING_RECEIVED


def _sum(pieces: Pieces, field: str, thing: Any) -> int | None:
    given = [value for piece in pieces(thing) if (value := getattr(piece, field)) is not None]
    return sum(given) if given else None


def _given(pieces: Pieces, field: str, thing: Any) -> int:
    return sum(getattr(piece, field) is not None for piece in pieces(thing))


def _figures(pieces: Pieces, note: str = "") -> tuple[Column, ...]:
    """The sums of what the pieces say, each with the number of pieces that gave one: never a sum without its base."""
    columns: list[Column] = []
    for field, unit, what, twice in (
        ("people_reached", "people", "people reached", "One person may be counted by several pieces."),
        ("volunteers", "volunteers", "volunteers", "One person may be counted by several pieces."),
        ("hours", "volunteer hours", "volunteer hours", ""),
    ):
        meaning = f"Sum of the {what} that pieces gave. Empty if none gave a number. {twice} {note}"
        columns += [
            Column(field, NUMBER, " ".join(meaning.split()), partial(_sum, pieces, field), unit),
            Column(
                f"{field}_given_by", NUMBER, f"How many pieces gave a number of {what}: the base of the sum before.",
                partial(_given, pieces, field), "pieces of evidence",
            ),
        ]  # fmt: skip
    return tuple(columns)


def _counts(status: Status) -> Column:
    return Column(
        status.code, NUMBER, f"Commitments that stood at “{status.label}”.",
        lambda priority: priority.counts().get(status.code, 0), "commitments",
    )  # fmt: skip


def _silent(commitments: Iterable[CommitmentFacts]) -> int:
    return sum(not commitment.status for commitment in commitments)


ROUND: Final = Outline(
    "round",
    "The strategy and the year reported on",
    "One row: which strategy and which year the report is about, when it was made, and its totals.",
    (
        Column("strategy", TEXT, "The strategy's title.", lambda r: r.strategy.title),
        Column("vision", TEXT, "What the strategy wants to bring about, in its own words.", lambda r: r.strategy.vision),
        Column("strategy_starts_on", DATE, "First day of the strategy.", lambda r: r.strategy.starts_on),
        Column("strategy_ends_on", DATE, "Last day of the strategy.", lambda r: r.strategy.ends_on),
        Column("owner", TEXT, "The organisation that owns the strategy.", lambda r: r.strategy.owner),
        Column("reports_to", TEXT, "Whom the yearly report is for.", lambda r: r.strategy.reports_to),
        Column("source", TEXT, "Where the strategy's wording was taken from.", lambda r: r.strategy.source),
        Column("round", TEXT, "The year reported on, for example 2024-25.", lambda r: r.round.slug),
        Column("observes_from", DATE, "First day of the period that is reported on.", lambda r: r.round.observes_from),
        Column("observes_to", DATE, "Last day of the period that is reported on.", lambda r: r.round.observes_to),
        Column("opens_on", DATE, "First day on which updates were asked for.", lambda r: r.round.opens_on),
        Column("closes_on", DATE, "Last day on which updates were asked for.", lambda r: r.round.closes_on),
        Column("edition", NUMBER, "Number of the edition. Empty if made without one.", lambda r: r.making.edition),
        Column("made_on", DATE, "Day on which the facts were gathered.", lambda r: timezone.localdate(r.making.at)),
        Column(
            "made_at", MOMENT, "The same with the time and its distance from Greenwich.",
            lambda r: timezone.localtime(r.making.at).isoformat(timespec="seconds"),
        ),
        Column("commitments", NUMBER, "Commitments in the strategy.", lambda r: len(r.commitments()), "commitments"),
        Column(
            "commitments_with_update", NUMBER, "Commitments for which an update was published.",
            lambda r: len(r.commitments()) - _silent(r.commitments()), "commitments",
        ),
        Column(
            "commitments_without_update", NUMBER, "Commitments for which no update was received. That is no status.",
            lambda r: _silent(r.commitments()), "commitments",
        ),
        Column("pieces_of_evidence", NUMBER, "Accepted pieces that may be published.", lambda r: len(r.evidence), "pieces of evidence"),
        Column("organisations", NUMBER, "Organisations these pieces came from.", lambda r: len(r.organisations), "organisations"),
        *_figures(lambda r: r.evidence),
    ),
    lambda report: [report],
)  # fmt: skip

PRIORITIES: Final = Outline(
    "priorities",
    "Priorities and how many commitments stood where",
    "One row for each priority of the strategy, in its own order, with the number of commitments at each status.",
    (
        Column("priority", NUMBER, "The priority's number in the strategy.", lambda p: p.number),
        Column("title", TEXT, "The priority's title.", lambda p: p.title),
        Column("summary", MARKDOWN, "What the priority is about.", lambda p: p.summary),
        Column("commitments", NUMBER, "Commitments under this priority.", lambda p: len(p.commitments), "commitments"),
        *map(_counts, STATUSES),
        Column(
            "no_update", NUMBER, "Commitments for which no update was received. That is no status.",
            lambda p: _silent(p.commitments), "commitments",
        ),
    ),
    lambda report: report.priorities,
)  # fmt: skip

COMMITMENTS: Final = Outline(
    "commitments",
    "Commitments and how they stood",
    "One row for each commitment of the strategy, in its own order, with what was said about it in this year.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy, for example 5.2.", lambda t: t.commitment.reference),
        Column("short_title", TEXT, "A short name for it.", lambda t: t.commitment.short_title),
        Column("wording", TEXT, "What was promised, word for word.", lambda t: t.commitment.wording),
        Column("priority", NUMBER, "Number of the priority it belongs to.", lambda t: t.priority.number),
        Column("priority_title", TEXT, "Title of that priority.", lambda t: t.priority.title),
        Column("ongoing", YES_NO, "Whether the promise has no end (“continue to …”).", lambda t: t.commitment.ongoing),
        Column("status", TEXT, f"How it stood, in a word, or “{NOTHING_RECEIVED}”.", lambda t: _word(t.commitment.status)),
        Column("status_code", TEXT, "The same as a code of the table of statuses. Empty without an update.", lambda t: t.commitment.status),
        Column("reason", MARKDOWN, "Why it stood so.", lambda t: t.commitment.reason),
        Column("remedy", MARKDOWN, "What will be done about it, where it was at risk or delayed.", lambda t: t.commitment.remedy),
        Column("narrative", MARKDOWN, "What was done in the year.", lambda t: t.commitment.narrative),
        Column("next_steps", MARKDOWN, "What is to be done next.", lambda t: t.commitment.next_steps),
        Column("updated_on", DATE, "Day on which the update was published. Empty without an update.", lambda t: t.commitment.updated_on),
        Column("pieces_of_evidence", NUMBER, "Pieces of evidence for it.", lambda t: len(t.pieces), "pieces of evidence"),
        Column(
            "organisations", NUMBER, "Organisations these pieces came from, counted by their names.",
            lambda t: len({piece.organisation for piece in t.pieces}), "organisations",
        ),
        *_figures(lambda t: t.pieces, "A piece for two commitments counts for both."),
    ),
    _told,
)  # fmt: skip

YEARS: Final = Outline(
    "years",
    "Commitments year by year",
    "One row for each commitment and each of the last years up to the one reported on, the oldest first.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda part: part.of.reference),
        Column("short_title", TEXT, "A short name for it.", lambda part: part.of.short_title),
        Column("round", TEXT, "The year, for example 2023-24.", lambda part: part.thing.round),
        Column("status", TEXT, f"How it stood after that year, in a word, or “{NOTHING_RECEIVED}”.", lambda part: _word(part.thing.status)),
        Column("status_code", TEXT, "The same as a code of the table of statuses. Empty without an update.", lambda part: part.thing.status),
    ),
    lambda report: _parts(report.commitments(), "years"),
)  # fmt: skip

EVIDENCE: Final = Outline(
    "evidence",
    "Evidence",
    "One row for each piece of evidence that was accepted, may be published, and happened in the year.",
    (
        Column("evidence", NUMBER, "Number of the piece in the report.", lambda p: p.number),
        Column("id", NUMBER, "Number of the piece in the portal; it is the same in every year.", lambda p: p.id),
        Column("organisation", TEXT, "Who did it.", lambda p: p.organisation),
        Column("title", TEXT, "What was done, in a line.", lambda p: p.title),
        Column("story", MARKDOWN, "What was done, told by those who did it.", lambda p: p.story),
        Column("happened_from", DATE, "The day, or the first of several days.", lambda p: p.happened_from),
        Column("happened_to", DATE, "The last of several days. Empty for a single day.", lambda p: p.happened_to),
        Column("commitments", LIST, "Numbers of the commitments that it serves.", lambda p: p.references),
        Column("districts", LIST, "Districts in which it happened.", lambda p: p.districts),
        Column("people_reached", NUMBER, "People it reached. Empty if no number was given.", lambda p: p.people_reached, "people"),
        Column("volunteers", NUMBER, "Volunteers who took part. Empty if no number was given.", lambda p: p.volunteers, "volunteers"),
        Column("hours", NUMBER, "Hours that volunteers gave. Empty if no number was given.", lambda p: p.hours, "volunteer hours"),
        Column("links", NUMBER, "How many pages elsewhere tell of it; they stand in the table of links.", lambda p: len(p.links), "links"),
        Column("photographs", NUMBER, "How many photographs the report shows of it.", lambda p: len(p.photographs), "photographs"),
    ),
    lambda report: report.evidence,
)  # fmt: skip

LINKS: Final = Outline(
    "links",
    "Pages elsewhere that tell of the evidence",
    "One row for each page elsewhere that a piece of evidence points to.",
    (
        Column("evidence", NUMBER, "Number of the piece in the report.", lambda part: part.of.number),
        Column("link", NUMBER, "Number of the link within the piece.", lambda part: part.number),
        Column("label", TEXT, "What the page is called.", lambda part: part.thing.label),
        Column("address", TEXT, "The page's address. The portal doesn't look after these pages.", lambda part: part.thing.url),
    ),
    lambda report: _parts(report.evidence, "links"),
)  # fmt: skip

PHOTOGRAPHS: Final = Outline(
    "photographs",
    "Photographs in the report",
    "One row for each photograph that the report shows, with its caption; the pictures themselves are in the report.",
    (
        Column("evidence", NUMBER, "Number of the piece in the report.", lambda part: part.of.number),
        Column("photograph", NUMBER, "Number of the photograph within the piece.", lambda part: part.number),
        Column("caption", TEXT, "What it shows. Empty if nobody said.", lambda part: part.thing.caption),
    ),
    lambda report: _parts(report.evidence, "photographs"),
)  # fmt: skip

ORGANISATIONS: Final = Outline(
    "organisations",
    "Organisations that took part",
    "One row for each organisation whose evidence is in the report, by name.",
    (
        Column("organisation", TEXT, "Its name.", lambda o: o.name),
        Column("kind", TEXT, "What kind of organisation it is.", lambda o: o.kind),
        Column("districts", LIST, "Districts in which it works.", lambda o: o.districts),
        Column("pieces_of_evidence", NUMBER, "Its pieces of evidence in the report.", lambda o: o.pieces, "pieces of evidence"),
    ),
    lambda report: report.organisations,
)  # fmt: skip

WORDS: Final = Outline(
    "statuses",
    "What the status words mean",
    "One row for each word that says how a commitment stands, with its definition.",
    (
        Column("status_code", TEXT, "The code used in the other tables.", lambda s: s.code),
        Column("status", TEXT, "The word.", lambda s: s.label),
        Column("definition", TEXT, "When it is used.", lambda s: s.definition),
        Column("brag", TEXT, "The letter of a blue-red-amber-green scale that says about the same. Empty if none does.", lambda s: s.brag),
    ),
    lambda report: STATUSES,
)  # fmt: skip

TABLES: Final = (ROUND, PRIORITIES, COMMITMENTS, YEARS, EVIDENCE, LINKS, PHOTOGRAPHS, ORGANISATIONS, WORDS)
