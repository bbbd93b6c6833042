"""Where an edition uses each item of evidence, found from its facts alone."""

from dataclasses import dataclass

from commitments.rules.story_consent import DETAILS_WITHHELD
from reporting.facts import STORY_TAKEN_BACK, Report
from reporting.paper.outline import paragraphs_citing


@dataclass(frozen=True, slots=True)
class EvidenceCitation:
    """An item of evidence in a report: its key, the number of its note, the references of its commitments, and the paragraphs of the paper that cite it."""

    evidence: int
    note: int
    references: tuple[str, ...]
    paragraphs: tuple[str, ...]


def uses(report: Report) -> list[EvidenceCitation]:
    """Return every use, by note."""
    paragraphs = paragraphs_citing(report)
    return [
        EvidenceCitation(piece.id, piece.number, piece.references, tuple(paragraphs.get(piece.number, ())))
        for piece in report.all_evidence()
    ]


@dataclass(frozen=True, slots=True)
class ConsentedParts:
    """What an edition shows of one item of evidence: see :class:`reporting.models.ConsentedContent`."""

    evidence: int
    story: bool
    details: bool
    photographs: tuple[str, ...]


def consented(report: Report) -> list[ConsentedParts]:
    """Return what is shown of each item of a report, late items included."""
    return [
        ConsentedParts(
            item.id,
            item.story not in ("", STORY_TAKEN_BACK),
            item.story_state not in DETAILS_WITHHELD,
            tuple(photograph.file for photograph in item.photographs),
        )
        for item in report.all_evidence()
    ]
