"""The tables of commitments: the year, priorities, commitments, years, the sector's views."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from commitments.rules.stances import HOLDING_BACK, Stance, of
from commitments.rules.status import STATUSES, Status
from reporting.exports.rows import NOTHING_RECEIVED, figures, parts, word
from reporting.exports.tables import Column, TableDefinition
from reporting.facts import CommitmentFacts, EvidenceFacts, PriorityFacts, Report
from reporting.narrative import dates, measures, standings
from reporting.narrative.definitions import meaning
from vcsportal.common.columns import DATE, LIST, MARKDOWN, MOMENT, NUMBER, TEXT, YES_NO


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment with its priority and its items of evidence."""

    priority: PriorityFacts
    commitment: CommitmentFacts
    pieces: tuple[EvidenceFacts, ...]


def _told(report: Report) -> Iterable[CommitmentRow]:
    pieces = {piece.number: piece for piece in report.evidence}
    for priority in report.priorities:
        for commitment in priority.commitments:
            yield CommitmentRow(priority, commitment, tuple(pieces[number] for number in commitment.evidence))


def _counts(status: Status) -> Column:
    return Column(
        status.code, NUMBER, f"Commitments with the status “{status.label}”.",
        lambda priority: priority.counts().get(status.code, 0), "commitments",
    )  # fmt: skip


def _held_back(stance: Stance) -> Column:
    return Column(
        f"response_{stance.code}", NUMBER, f"Commitments {stance.past}, for which no update was asked for.",
        lambda priority: priority.counts().get(stance.code, 0), "commitments",
    )  # fmt: skip


def _silent(commitments: Iterable[CommitmentFacts]) -> int:
    return sum(commitment.is_silent for commitment in commitments)


ROUND: Final = TableDefinition(
    "round",
    "The strategy and the year reported on",
    "One row: which strategy and which year the report is about, when it was made, and its totals.",
    (
        Column("strategy", TEXT, "The strategy's title.", lambda r: r.strategy.title),
        Column("vision", TEXT, "What the strategy wants to bring about, in its own words.", lambda r: r.strategy.vision),
        Column("strategy_starts_on", DATE, "First day of the strategy.", lambda r: r.strategy.starts_on),
        Column("strategy_ends_on", DATE, "Last day of the strategy.", lambda r: r.strategy.ends_on),
        Column("owner", TEXT, "The organisation that owns the strategy.", lambda r: r.strategy.owner),
        Column("supported_by", TEXT, "The organisation that supports the owner. Empty if there is none.", lambda r: r.strategy.supported_by),
        Column("reports_to", TEXT, "Who the annual report is for.", lambda r: r.strategy.reports_to),
        Column("source", TEXT, "Where the strategy's wording was taken from.", lambda r: r.strategy.source),
        Column("round", TEXT, "The year reported on, for example 2024-25.", lambda r: r.round.slug),
        Column("round_title", TEXT, "What people call it. Empty if that is the same.", lambda r: r.round.title),
        Column("observes_from", DATE, "First day of the period that is reported on.", lambda r: r.round.observes_from),
        Column("observes_to", DATE, "Last day of the period that is reported on.", lambda r: r.round.observes_to),
        Column("opens_on", DATE, "First day on which updates were asked for.", lambda r: r.round.opens_on),
        Column("closes_on", DATE, "Last day on which updates were asked for.", lambda r: r.round.closes_on),
        Column(
            "closed_on", DATE, "Day on which statuses were frozen. Empty if the year was still being reported on.",
            lambda r: r.round.closed_on,
        ),
        Column("actions_as_at", DATE, "Day up to which the state of actions is known.", dates.actions_on),
        Column("edition", NUMBER, "Number of the edition. Empty if made without one.", lambda r: r.making.edition),
        Column("made_on", DATE, "Day on which the facts were gathered.", lambda r: timezone.localdate(r.making.at)),
        Column(
            "made_at", MOMENT, "The same, with the time and its offset from UTC.",
            lambda r: timezone.localtime(r.making.at).isoformat(timespec="seconds"),
        ),
        Column("commitments", NUMBER, meaning("commitments"), lambda r: len(r.commitments()), "commitments"),
        Column(
            "commitments_with_update", NUMBER, meaning("commitments_with_update"),
            lambda r: sum(commitment.has_update for commitment in r.commitments()), "commitments",
        ),
        Column(
            "commitments_without_update", NUMBER, meaning("commitments_without_update"),
            lambda r: _silent(r.commitments()), "commitments",
        ),
        Column(
            "commitments_without_success_measure", NUMBER, f"{meaning('commitments_without_success_measure')} Empty in reports made before it was recorded.",
            lambda r: len(measures.missing(r)) if measures.expected(r) else None, "commitments",
        ),
        Column("pieces_of_evidence", NUMBER, meaning("pieces_of_evidence"), lambda r: len(r.evidence), "items of evidence"),
        Column("organisations", NUMBER, meaning("organisations"), lambda r: len(r.organisations), "organisations"),
        Column("council_among_organisations", TEXT, "The council, if it is one of these organisations. Empty if it is not.", lambda r: r.owner_taking_part()),
        Column(
            "accepted_not_published", NUMBER, f"{meaning('accepted_not_published')} Empty in reports made before it was counted.",
            lambda r: r.unpublished, "items of evidence",
        ),
        Column("came_in_late", NUMBER, meaning("came_in_late"), lambda r: len(r.late), "items of evidence"),
        *figures(lambda r: r.evidence),
    ),
    lambda report: [report],
)  # fmt: skip

PRIORITIES: Final = TableDefinition(
    "priorities",
    "Priorities and the status of their commitments",
    "One row for each priority of the strategy, in its own order, with the number of commitments at each status.",
    (
        Column("priority", NUMBER, "The priority's number in the strategy.", lambda p: p.number),
        Column("title", TEXT, "The priority's title.", lambda p: p.title),
        Column("introduction", TEXT, "The strategy's own introduction to the priority, word for word.", lambda p: p.introduction),
        Column("introduction_source", TEXT, "Where the introduction was taken from.", lambda p: p.introduction_source),
        Column("summary", TEXT, "A summary by the portal's team. These are not the strategy's words.", lambda p: p.summary),
        Column("commitments", NUMBER, "Commitments under this priority.", lambda p: len(p.commitments), "commitments"),
        *map(_counts, STATUSES),
        Column(
            "no_update", NUMBER, meaning("commitments_without_update"),
            lambda p: _silent(p.commitments), "commitments",
        ),
        Column("indicators", NUMBER, "Indicators that are counted for the priority itself.", lambda p: len(p.indicators), "indicators"),
        *map(_held_back, HOLDING_BACK),
    ),
    lambda report: report.priorities,
)  # fmt: skip

COMMITMENTS: Final = TableDefinition(
    "commitments",
    "Commitments and their status",
    "One row for each commitment of the strategy, in its own order, with what was reported about it in this year.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy, for example 5.2.", lambda t: t.commitment.reference),
        Column("key", TEXT, "A name for it that stays when the strategy is renumbered. Empty in reports made before there were keys.", lambda t: t.commitment.key),
        Column("short_title", TEXT, "A short name for it.", lambda t: t.commitment.short_title),
        Column("wording", TEXT, "What was promised, word for word.", lambda t: t.commitment.wording),
        Column("note", TEXT, "The strategy's own note to the wording, such as the one its asterisk points to.", lambda t: t.commitment.note),
        Column("note_source", TEXT, "Where the note was taken from.", lambda t: t.commitment.note_source),
        Column("added_on", DATE, "Day on which it was added to the strategy. Empty where it was there from the start.", lambda t: t.commitment.added_on),
        Column("closed_on", DATE, "Day it was closed. Empty if it is not closed.", lambda t: t.commitment.closed_on),
        Column("merged_into", TEXT, "Number of the commitment it was merged into, if it was closed by merging.", lambda t: t.commitment.closed_into),
        Column("priority", NUMBER, "Number of the priority it belongs to.", lambda t: t.priority.number),
        Column("priority_title", TEXT, "Title of that priority.", lambda t: t.priority.title),
        Column("ongoing", YES_NO, "Whether the promise has no end (“continue to …”).", lambda t: t.commitment.ongoing),
        Column("status", TEXT, f"Its status, the owner’s response where no update was asked for, or “{NOTHING_RECEIVED}”.", lambda t: word(t.commitment.standing, was_there=t.commitment.was_there), own_words=True),
        Column("status_code", TEXT, "The same as a code of the table of statuses. Empty without an update.", lambda t: t.commitment.status),
        Column("reason", TEXT, "The reason for its status.", lambda t: t.commitment.reason),
        Column("remedy", TEXT, "What will be done about it, where it was at risk or delayed.", lambda t: t.commitment.remedy),
        Column("narrative", MARKDOWN, "What was done in the year.", lambda t: t.commitment.narrative),
        Column("next_steps", MARKDOWN, "What is to be done next.", lambda t: t.commitment.next_steps),
        Column("updated_on", DATE, "Day on which the update was published. Empty without an update.", lambda t: t.commitment.updated_on),
        Column(
            "words_of", TEXT, "The earlier year whose update was confirmed as still true. Empty if a new update was written.",
            lambda t: t.commitment.confirms,
        ),
        Column("confirmed_on", DATE, "Day on which they were confirmed.", lambda t: t.commitment.confirmed_on),
        Column("sector_views", NUMBER, meaning("sector_views"), lambda t: len(t.commitment.views), "organisations"),
        Column(
            "seen_differently_by", NUMBER, meaning("seen_differently_by"),
            lambda t: sum(view.differs for view in t.commitment.views) if t.commitment.status else 0, "organisations",
        ),
        Column("indicators", NUMBER, "Indicators that are counted for it.", lambda t: len(t.commitment.indicators), "indicators"),
        Column("pieces_of_evidence", NUMBER, "Items of evidence for it.", lambda t: len(t.pieces), "items of evidence"),
        Column(
            "organisations", NUMBER, "Organisations that sent these items, counted by name; the council is counted if it sent one.",
            lambda t: len({piece.organisation for piece in t.pieces}), "organisations",
        ),
        *figures(lambda t: t.pieces, "An item for two commitments counts for both."),
        Column("success_measure", TEXT, "How success will be measured. Empty if there is no measure yet, and in reports made before it was recorded.", lambda t: t.commitment.success_measure or ""),
        Column("success_measure_agreed_by", TEXT, "Who agreed the measure. Empty if it is proposed and not agreed yet.", lambda t: t.commitment.success_measure_agreed_by),
        Column("success_measure_agreed_on", DATE, "Day on which it was agreed.", lambda t: t.commitment.success_measure_agreed_on),
        Column("team", TEXT, "The team that does it, in words.", lambda t: t.commitment.team),
        Column("starts_on", DATE, "First day of the work.", lambda t: t.commitment.starts_on),
        Column("ends_on", DATE, "Last day of the work.", lambda t: t.commitment.ends_on),
        Column("follows", TEXT, "The commitment that it replaces.", lambda t: t.commitment.follows),
        Column("related", LIST, "The commitments that are related to it.", lambda t: t.commitment.related),
        Column("response", TEXT, "The response of the strategy’s owner by the day on which statuses were frozen. Empty if it is addressed to nobody.", lambda t: of(t.commitment.owner_response).label if t.commitment.owner_response else "", own_words=True),
        Column("response_code", TEXT, "The same as a code.", lambda t: t.commitment.owner_response),
        Column("status_on_record", TEXT, "The status on record where no update has been received yet, such as that of an action plan, and since when.", lambda t: standings.on_record(t.commitment.recorded)),
        Column("status_on_record_reason", TEXT, "The reason for the status on record.", lambda t: t.commitment.recorded.reason if t.commitment.recorded else ""),
    ),
    _told,
)  # fmt: skip

YEARS: Final = TableDefinition(
    "years",
    "Commitments year by year",
    "One row for each commitment and each of the last years up to the one reported on, the oldest first.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda part: part.of.reference),
        Column("short_title", TEXT, "A short name for it.", lambda part: part.of.short_title),
        Column("round", TEXT, "The year, for example 2023-24.", lambda part: part.thing.round),
        Column("status", TEXT, f"Its status after that year, the owner’s response where no update was asked for, or “{NOTHING_RECEIVED}”.", lambda part: word(part.thing.standing, was_there=part.thing.was_there), own_words=True),
        Column("status_code", TEXT, "The same as a code of the table of statuses. Empty without an update.", lambda part: part.thing.status),
        Column("commitment_key", TEXT, "The commitment's key, as in the table of commitments.", lambda part: part.of.key),
    ),
    lambda report: parts(report.commitments(), "years"),
)  # fmt: skip

VIEWS: Final = TableDefinition(
    "sector_views",
    "Views of organisations in the sector",
    "One row for each view that a delivery organisation gave of a commitment in this year, next to the council's status.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda part: part.of.reference),
        Column("short_title", TEXT, "A short name for it.", lambda part: part.of.short_title),
        Column("organisation", TEXT, "Whose view it is.", lambda part: part.thing.organisation),
        Column("status", TEXT, "The status in the organisation's view, in a word.", lambda part: word(part.thing.status)),
        Column("status_code", TEXT, "The same as a code of the table of statuses.", lambda part: part.thing.status),
        Column("reason", TEXT, "Why, in the organisation's words.", lambda part: part.thing.reason),
        Column(
            "differs", YES_NO, "Whether the organisation says that it sees the commitment differently from the council.",
            lambda part: part.thing.differs,
        ),
        Column("council_status", TEXT, f"The council's status, or “{NOTHING_RECEIVED}”.", lambda part: word(part.of.standing)),
        Column("given_on", DATE, "Day on which the view was given.", lambda part: part.thing.on),
        Column("reply", TEXT, "What the council replied. Empty if it has not.", lambda part: part.thing.reply),
        Column("replied_on", DATE, "Day on which it replied.", lambda part: part.thing.replied_on),
        Column(
            "reply_is_older", YES_NO, "Whether the organisation changed its view after the council replied.",
            lambda part: part.thing.reply_is_older if part.thing.reply else None,
        ),
        Column("organisation_slug", TEXT, "The organisation's name in addresses; it stays the same. Empty in reports made before it was kept.", lambda part: part.thing.organisation_slug),
        Column("commitment_key", TEXT, "The commitment's key, as in the table of commitments.", lambda part: part.of.key),
    ),
    lambda report: parts(report.commitments(), "views"),
)  # fmt: skip

WORDS: Final = TableDefinition(
    "statuses",
    "What the status words mean",
    "One row for each status, with its definition.",
    (
        Column("status_code", TEXT, "The code used in the other tables.", lambda s: s.code),
        Column("status", TEXT, "The word.", lambda s: s.label),
        Column("definition", TEXT, "When it is used.", lambda s: s.definition, own_words=True),
        Column("brag", TEXT, "The closest letter of a blue-red-amber-green scale. Empty if there is none.", lambda s: s.brag),
    ),
    lambda report: STATUSES,
)  # fmt: skip
