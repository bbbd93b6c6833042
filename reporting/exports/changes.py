"""The table of what changed since the year before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.tables import Column, TableDefinition
from reporting.facts import Report
from reporting.narrative import change_sentences
from reporting.narrative.change_lines import NO_VALUES, ChangeGroup, ChangeLine, ChangeValues
from vcsportal.common.columns import DATE, TEXT, YES_NO


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words, with its kind. Without a ``line`` it is the sentence with the number of its kind."""

    group: ChangeGroup
    line: ChangeLine | None = None

    @property
    def values(self) -> ChangeValues:
        """What was and is so, when and why; nothing of a sentence about several."""
        return self.line.values if self.line else NO_VALUES


def _changes(report: Report) -> Iterable[ChangeRow]:
    changes = report.named_changes()
    for group in change_sentences.groups(changes, report.strategy.nouns, report.period) if changes else ():
        yield ChangeRow(group)
        for line in group.lines:
            yield ChangeRow(group, line)


CHANGES: Final = TableDefinition(
    "changes",
    "What changed since the year before",
    "One row for each change, and one before them with the number of its kind; none for a first year.",
    (
        Column("kind", TEXT, "What kind of change it is.", lambda row: row.group.title),
        Column("commitment", TEXT, "The commitment's number. Empty where a sentence is about several.", lambda row: row.line.reference if row.line else ""),
        Column("words", TEXT, "The change in words.", lambda row: row.line.text.strip() if row.line else row.group.says),
        Column("kind_code", TEXT, "The kind of change as a code.", lambda row: row.group.code),
        Column("is_summary", YES_NO, "Whether the row sums up the changes of its kind.", lambda row: row.line is None),
        Column("subject", TEXT, "What changed: the commitment, action, group or risk by its title.", lambda row: row.line.title if row.line else ""),
        Column("was", TEXT, "What was so before: a status, a wording, a number, or the date an action was due. Empty if nothing was.", lambda row: row.values.was),
        Column("now", TEXT, "What is so since.", lambda row: row.values.now),
        Column("day", DATE, "Day of the change; for a status, the day on which the update with it was published. Empty if it is not known.", lambda row: row.values.on),
        Column("reason", TEXT, "The reason given.", lambda row: row.values.reason),
    ),
    _changes,
)  # fmt: skip
