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
    case_study: bool = False
    quotation: int | None = None


def consented(report: Report) -> list[ConsentedParts]:
    """Return what is shown of each item of a report, late items and case studies included."""
    told = {each.id: each for each in report.case_studies if not each.story_state}
    items = [
        ConsentedParts(
            item.id,
            item.story not in ("", STORY_TAKEN_BACK),
            item.story_state not in DETAILS_WITHHELD,
            tuple(photograph.file for photograph in item.photographs),
            item.id in told,
            (told[item.id].quotation_id or None) if item.id in told else None,
        )
        for item in report.all_evidence()
    ]
    shown = {item.evidence for item in items}
    return items + [
        ConsentedParts(each.id, False, False, (), True, each.quotation_id or None)
        for each in told.values()
        if each.id not in shown
    ]
