"""Where an edition uses each piece of evidence, found from its facts alone."""

from dataclasses import dataclass

from reporting.facts import Report
from reporting.paper.outline import paragraphs_citing


@dataclass(frozen=True, slots=True)
class Use:
    """A piece of evidence in a report: its key, its note, the commitments it stands under, the paper's paragraphs."""

    evidence: int
    note: int
    references: tuple[str, ...]
    paragraphs: tuple[str, ...]


def uses(report: Report) -> list[Use]:
    """Return every use, by note."""
    paragraphs = paragraphs_citing(report)
    return [
        Use(piece.id, piece.number, piece.references, tuple(paragraphs.get(piece.number, ())))
        for piece in report.all_evidence()
    ]
