"""The table of what the group that steers the strategy decided at its meetings."""

from typing import Final

from reporting.exports.tables import Column, TableDefinition
from vcsportal.common.columns import DATE, NUMBER, TEXT, YES_NO

DECISIONS: Final = TableDefinition(
    "decisions",
    "Decisions of the steering group",
    "One row for each decision of a meeting in the period that everyone could read when the report was made.",
    (
        Column("row", NUMBER, "Number of the row in the report.", lambda row: row.number),
        Column("meeting", TEXT, "Title of the meeting.", lambda row: row.meeting),
        Column("decided_on", DATE, "Day on which it was decided.", lambda row: row.decided_on),
        Column("commitment", TEXT, "The number of the commitment that it is about. Empty if none.", lambda row: row.reference),
        Column("decision", TEXT, "What was decided.", lambda row: row.words),
        Column("who", TEXT, "The organisation or post that does it.", lambda row: row.who),
        Column("due_on", DATE, "Day by which it has to be done. Empty if none was set.", lambda row: row.due_on),
        Column("done_on", DATE, "Day on which it was done, as known on the day of the report.", lambda row: row.done_on),
        Column("closed", YES_NO, "Whether it was closed or dropped without being done.", lambda row: row.closed),
    ),
    lambda report: report.decisions,
)  # fmt: skip
