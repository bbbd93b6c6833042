"""The table of what officers wrote for the report and the committee paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.exports.tables import Column, TableDefinition
from reporting.facts import Report
from reporting.narrative.sections import sections_of_report
from vcsportal.common.columns import MARKDOWN, TEXT


@dataclass(frozen=True, slots=True)
class TextRow:
    """The text of one section, with the section's label. ``text`` is Markdown."""

    section: str
    text: str


def _texts(report: Report) -> Iterable[TextRow]:
    """Yield what was written, in the order of the report's sections; sections that are not known any more come last."""
    labels = {section.key: section.label for section in sections_of_report(report)}
    places = {key: place for place, key in enumerate(labels)}
    for text in sorted(report.texts, key=lambda text: (places.get(text.section, len(places)), text.section)):
        yield TextRow(labels.get(text.section, text.section), text.text)


TEXTS: Final = TableDefinition(
    "texts",
    "What officers wrote for the report and the committee paper",
    "One row for each section that officers wrote something for, in the report's order.",
    (
        Column("section", TEXT, "What the section is called.", lambda row: row.section),
        Column("text", MARKDOWN, "What it says.", lambda row: row.text),
    ),
    _texts,
)  # fmt: skip
