"""The table of what changed since the year before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.tables import TEXT, Column, TableDefinition
from reporting.facts import Report
from reporting.narrative import change_sentences


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words, with its kind; ``reference`` names its commitment, "" where the sentence speaks of several."""

    kind: str
    words: str
    reference: str = ""


def _changes(report: Report) -> Iterable[ChangeRow]:
    changes = report.named_changes()
    for group in change_sentences.groups(changes, report.strategy.nouns, report.period) if changes else ():
        yield ChangeRow(group.title, group.says)
        for line in group.lines:
            yield ChangeRow(group.title, line.text.strip(), line.reference)


CHANGES: Final = TableDefinition(
    "changes",
    "What changed since the year before",
    "One row for each change, and one before them with the number of its kind; none for a first year.",
    (
        Column("kind", TEXT, "What kind of change it is.", lambda row: row.kind),
        Column("commitment", TEXT, "The commitment's number. Empty where a sentence is about several.", lambda row: row.reference),
        Column("words", TEXT, "The change in words.", lambda row: row.words),
    ),
    _changes,
)  # fmt: skip
