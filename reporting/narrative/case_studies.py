"""Case studies in words and parts. Made from the facts alone."""

from dataclasses import dataclass
from typing import Final

from commitments.rules import story_consent
from commitments.rules.case_study_parts import CASE_STUDY_PARTS
from reporting.facts import CaseStudyFacts, Report
from reporting.narrative import sentences

TITLE: Final = "Case studies"


@dataclass(frozen=True, slots=True)
class CaseStudyRow:
    """A case study with what stands below its headline, as a line, and its parts: heading and text. ``withheld`` is a
    sentence in the place of all parts.
    """

    facts: CaseStudyFacts
    about: str
    parts: list[tuple[str, str]]
    withheld: str

    @property
    def says_what_changed(self) -> bool:
        """Whether there is a part after which the quotation stands."""
        return bool(self.facts.what_changed)


def rows(report: Report) -> list[CaseStudyRow]:
    """Return each case study of a report, in its order."""
    return [_row(facts) for facts in report.case_studies]


def _row(facts: CaseStudyFacts) -> CaseStudyRow:
    led = f"{facts.organisation}, with {facts.led_with}" if facts.led_with else facts.organisation
    where = facts.place or sentences.listed(facts.districts)
    if facts.place and facts.districts:
        where = f"{facts.place} ({sentences.listed(facts.districts)})"
    about = [led, sentences.span(facts.happened_from, facts.happened_to), where]
    parts = [(part.heading, getattr(facts, part.code)) for part in CASE_STUDY_PARTS]
    parts.insert(-1, ("What it cost", facts.cost))
    return CaseStudyRow(
        facts,
        ", ".join(filter(None, about)),
        [(heading, text) for heading, text in parts if text],
        story_consent.SENTENCES.get(facts.story_state, ""),
    )
