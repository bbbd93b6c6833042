"""The tables of seats, of engagement, and of published points with their answers: posts, never names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.tables import Column, TableDefinition
from reporting.facts import EngagementFacts, GroupFacts, Report, SeatFacts
from vcsportal.common.columns import DATE, LIST, NUMBER, TEXT, YES_NO


@dataclass(frozen=True, slots=True)
class GroupSeat:
    """A seat with its group; ``number`` is its place among the group's seats."""

    group: GroupFacts
    seat: SeatFacts
    number: int


def _seats(report: Report) -> Iterable[GroupSeat]:
    for group in report.groups:
        for number, seat in enumerate(group.seats, start=1):
            yield GroupSeat(group, seat, number)


def _engagement(report: Report) -> Iterable[EngagementFacts]:
    return (*report.engagement, *report.planned)


SEATS: Final = TableDefinition(
    "seats",
    "Seats of the groups",
    "One row for each seat of the groups that the strategy is about, as held on the day up to which actions are known. Posts and organisations, never names.",
    (
        Column("group", TEXT, "The group’s name.", lambda row: row.group.name),
        Column("number", NUMBER, "The seat’s place among those of the group.", lambda row: row.number),
        Column("seat", TEXT, "What the seat is called.", lambda row: row.seat.title),
        Column("is_vacant", YES_NO, "Whether nobody held it.", lambda row: not row.seat.is_held),
        Column("post", TEXT, "The post in which it was held.", lambda row: row.seat.post),
        Column("organisation", TEXT, "The organisation that held it.", lambda row: row.seat.organisation),
        Column("since", DATE, "First day on which this post or organisation held it.", lambda row: row.seat.since),
        Column("vacant_since", DATE, "First day on which it was vacant, if that is known.", lambda row: row.seat.vacant_since),
        Column("is_chair", YES_NO, "Whether whoever holds it chairs the group.", lambda row: row.seat.is_chair),
        Column("is_secretary", YES_NO, "Whether whoever holds it is the group’s secretary.", lambda row: row.seat.is_secretary),
        Column("group_reports_to", TEXT, "Who the group reports to.", lambda row: row.group.reports_to),
        Column("group_statutory_basis", TEXT, "The law that requires the group.", lambda row: row.group.statutory_basis),
        Column("group_rests_since", DATE, "Day since which the group has not met.", lambda row: row.group.rests_since),
        Column("group_rests_because", TEXT, "Why the group did not meet.", lambda row: row.group.rests_why),
    ),
    _seats,
)  # fmt: skip
ENGAGEMENT: Final = TableDefinition(
    "engagement",
    "Meetings, workshops and consultations",
    "One row for each that began in the year, and for each that was planned after it. Numbers are empty where nobody counted.",
    (
        Column("kind", TEXT, "What kind it is.", lambda row: row.kind_label),
        Column("title", TEXT, "What it is called.", lambda row: row.title),
        Column("is_planned", YES_NO, "Whether it was still to come.", lambda row: row.is_planned),
        Column("when", TEXT, "Its days, as exactly as they are known.", lambda row: row.when),
        Column("starts_on", DATE, "First day. Empty if only the month is known.", lambda row: None if row.month_only else row.starts_on),
        Column("ends_on", DATE, "Last day, if there are several. Empty if only the month is known.", lambda row: None if row.month_only else row.ends_on),
        Column("place", TEXT, "Where it was held.", lambda row: row.place),
        Column("held_by", TEXT, "The group that held it, or else the strategy that it is about.", lambda row: row.owner),
        Column("districts", LIST, "Districts it was for.", lambda row: row.districts),
        Column("attended", NUMBER, "How many people attended.", lambda row: row.attended, "people"),
        Column("asked", NUMBER, "How many people or organisations were asked.", lambda row: row.asked, "people or organisations"),
        Column("answered", NUMBER, "How many of them answered.", lambda row: row.answered, "people or organisations"),
        Column("question", TEXT, "What was asked.", lambda row: row.question),
        Column("summary", TEXT, "What came of it.", lambda row: row.summary),
        Column("source", TEXT, "Where the account comes from, if from a document.", lambda row: row.source),
        Column("commitments", LIST, "Numbers of the commitments that it was about.", lambda row: row.commitments),
    ),
    _engagement,
)  # fmt: skip
POINTS: Final = TableDefinition(
    "points",
    "You said, we did",
    "One row for each point that people made in the year and that was published, with its answer by the day up to which actions are known. The words are those that were published, never the original.",
    (
        Column("number", NUMBER, "The point’s number in the portal.", lambda row: row.id),
        Column("kind", TEXT, "What kind of point it is.", lambda row: row.kind_label),
        Column("raised_on", DATE, "Day on which it was made.", lambda row: row.raised_on),
        Column("words", TEXT, "What was said, as published.", lambda row: row.words),
        Column("raised_by", TEXT, "Who raised it: an organisation, or a description such as “A trustee”.", lambda row: row.raised_by),
        Column("district", TEXT, "The district that it is about.", lambda row: row.district),
        Column("engagement", TEXT, "The meeting or consultation at which it was made.", lambda row: row.engagement),
        Column("commitment", TEXT, "Number of the commitment that it is about.", lambda row: row.commitment),
        Column("answer", TEXT, "The answer. Empty where a decision needs none.", lambda row: "" if row.is_decision and not row.stance else row.answer.label),
        Column("answer_code", TEXT, "The same as a code. Empty without an answer.", lambda row: row.stance),
        Column("reason", TEXT, "What was answered, with its reason.", lambda row: row.response),
        Column("answered_on", DATE, "Day on which it was answered.", lambda row: row.responded_on if row.stance else None),
        Column("led_to", LIST, "The commitments and actions that it led to.", lambda row: row.became),
        Column("done_on", DATE, "Day on which what was answered or decided was done.", lambda row: row.done_on),
    ),
    lambda report: report.points,
)  # fmt: skip
