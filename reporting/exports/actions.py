"""The tables of the steps that were planned, of what changed since the year before, and of what officers wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.rows import parts
from reporting.exports.tables import DATE, MARKDOWN, NUMBER, TEXT, YES_NO, Column, TableDefinition
from reporting.facts import Report
from reporting.narrative import change_sentences
from reporting.narrative.actions import moved
from reporting.narrative.sections import sections

ACTIONS: Final = TableDefinition(
    "actions",
    "Actions towards the commitments",
    "One row for each action of each commitment: its state at the end of the year, and what became of it up to the day of the report.",
    (
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda part: part.of.reference),
        Column("action", NUMBER, "Number of the action within the commitment, the first due first.", lambda part: part.number),
        Column("reference", TEXT, "The action's own reference, such as 5b i. Empty if it has none.", lambda part: part.thing.reference),
        Column("title", TEXT, "What is to be done.", lambda part: part.thing.title),
        Column("part_of", TEXT, "Reference, or title if it has none, of the action it is part of.", lambda part: part.thing.parent),
        Column("owner", TEXT, "Team and organisation that own it. Empty if none is named.", lambda part: part.thing.owner),
        Column("due_on", DATE, "Day it is due. Empty for an action without a due date.", lambda part: part.thing.due_on),
        Column("done_on", DATE, "Day on which it was done. Empty if it was not done by then.", lambda part: part.thing.done_on),
        Column("slipped", YES_NO, "Whether it was due by then and not done by its day.", lambda part: part.thing.slipped),
        Column("done_since", DATE, "Day it was done, if after the year. Empty if it was not done by the day of the report.", lambda part: part.thing.done_since),
        Column("dropped_on", DATE, "Day it was dropped, if in the year or before.", lambda part: part.thing.dropped_on),
        Column("dropped_since", DATE, "Day it was dropped, if after the year.", lambda part: part.thing.dropped_since),
        Column("dropped_why", TEXT, "Why it was dropped.", lambda part: part.thing.dropped_why),
        Column("moves", NUMBER, "How many times its due date was changed.", lambda part: len(part.thing.moved), "moves"),
        Column("moved", TEXT, "How its due date was changed, and why.", lambda part: " ".join(map(moved, part.thing.moved))),
    ),
    lambda report: parts(report.commitments(), "actions"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence with what it is of: a kind of change, or a section. ``reference`` names its commitment, if it has one."""

    of: str
    words: str
    reference: str = ""


def _changes(report: Report) -> Iterable[SentenceRow]:
    for group in change_sentences.groups(report.changes) if report.changes else ():
        yield SentenceRow(group.title, group.says)
        for line in group.lines:
            yield SentenceRow(group.title, line.text.strip(), line.reference)


def _texts(report: Report) -> Iterable[SentenceRow]:
    known = {
        section.key: section.label
        for section in sections([(priority.number, priority.title) for priority in report.priorities])
    }
    places = {key: place for place, key in enumerate(known)}
    for text in sorted(report.texts, key=lambda text: (places.get(text.section, len(places)), text.section)):
        yield SentenceRow(known.get(text.section, text.section), text.text)


CHANGES: Final = TableDefinition(
    "changes",
    "What changed since the year before",
    "One row for each change, and one before them with the number of its kind; none for a first year.",
    (
        Column("kind", TEXT, "What kind of change it is.", lambda said: said.of),
        Column("commitment", TEXT, "The commitment's number. Empty where a sentence speaks of several.", lambda said: said.reference),
        Column("words", TEXT, "The change in words.", lambda said: said.words),
    ),
    _changes,
)  # fmt: skip

TEXTS: Final = TableDefinition(
    "texts",
    "What officers wrote for the report and the committee paper",
    "One row for each section that officers wrote something for, in the report's order.",
    (
        Column("section", TEXT, "What the section is called.", lambda said: said.of),
        Column("text", MARKDOWN, "What stands in it.", lambda said: said.words),
    ),
    _texts,
)  # fmt: skip
