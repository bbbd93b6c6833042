"""Case studies, ready for the report's template."""

from typing import Any

from reporting.facts import Report
from reporting.narrative import case_studies, sentences
from reporting.rendering.pictures import prose


def told_at_length(report: Report) -> list[dict[str, Any]]:
    """Return each case study with its parts as HTML; none where none was chosen."""
    return [
        {
            "facts": row.facts,
            "about": row.about,
            "references": sentences.listed(row.facts.references),
            "parts": [(heading, prose(text, 4)) for heading, text in row.parts],
            "withheld": row.withheld,
        }
        for row in case_studies.rows(report)
    ]
