"""The table of the actions towards the commitments."""

from typing import Final

from reporting.exports.rows import parts
from reporting.exports.tables import Column, TableDefinition
from reporting.narrative.actions import moved
from vcsportal.common.columns import DATE, NUMBER, TEXT, YES_NO

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
        Column("id", NUMBER, "The action's number in the portal; it is the same every year. Empty in reports made before it was kept.", lambda part: part.thing.id),
        Column("commitment_key", TEXT, "The commitment's key, as in the table of commitments.", lambda part: part.of.key),
    ),
    lambda report: parts(report.commitments(), "actions"),
    names_actions=True,
)  # fmt: skip
