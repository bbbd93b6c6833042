"""Case studies, ready for the report's template: in print at most two a priority stand in the body, the others in the annex."""

from collections import Counter
from typing import Any, Final

from reporting.facts import CaseStudyFacts, Report
from reporting.narrative import case_studies, sentences
from reporting.narrative.case_studies import CaseStudyRow
from reporting.rendering.pictures import prose

MAX_FOR_A_PRIORITY: Final = 2


def told_at_length(report: Report) -> list[dict[str, Any]]:
    """Return each case study with its parts as HTML; none where none was chosen."""
    return [_told(row) for row in case_studies.rows(report)]


def in_body(report: Report) -> list[dict[str, Any]]:
    """Return the case studies in the body of the report in print: the first two of each priority, in the order of the facts."""
    chosen = _numbers_in_body(report)
    return [_told(row) for row in case_studies.rows(report) if row.facts.number in chosen]


def in_annex(report: Report) -> list[dict[str, Any]]:
    """Return the others, which are in the annex."""
    chosen = _numbers_in_body(report)
    return [_told(row) for row in case_studies.rows(report) if row.facts.number not in chosen]


def _numbers_in_body(report: Report) -> set[int]:
    priority_of = {
        commitment.reference: priority.number for priority in report.priorities for commitment in priority.commitments
    }
    found: set[int] = set()
    counts = Counter[int | None]()
    for facts in report.case_studies:
        priority = _priority(facts, priority_of)
        if counts[priority] < MAX_FOR_A_PRIORITY:
            found.add(facts.number)
        counts[priority] += 1
    return found


def _priority(facts: CaseStudyFacts, priority_of: dict[str, int]) -> int | None:
    """Return the number of the priority that a case study belongs to: that of its first commitment."""
    return next((priority_of[reference] for reference in facts.references if reference in priority_of), None)


def _told(row: CaseStudyRow) -> dict[str, Any]:
    return {
        "facts": row.facts,
        "about": row.about,
        "references": sentences.listed(row.facts.references),
        "parts": [(heading, prose(text, 4)) for heading, text in row.parts],
        "withheld": row.withheld,
    }
