"""The facts about the case studies that were chosen for a report."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CaseStudyFacts:
    """An accepted case study whose words everyone could read when the report was made.

    ``id`` is the key of its evidence, ``note`` the number of that evidence in this report, 0 where it is of another year.
    ``led_with`` is who led it together with the organisation. ``cost`` is what it cost, in words. A part that nobody wrote is
    "". ``quotation_id`` is the key of the quotation, 0 where there is none or where nobody agreed to it being in the report;
    ``said_by`` is a post or a few words, never a name. ``told`` is how it was told, where someone else wrote it.
    ``story_state`` says why its words are left out (:mod:`commitments.rules.story_consent`).
    """

    number: int
    id: int
    headline: str
    organisation: str
    led_with: str
    place: str
    districts: tuple[str, ...]
    happened_from: date
    happened_to: date | None
    references: tuple[str, ...]
    problem: str = ""
    what_was_done: str = ""
    what_changed: str = ""
    learnt: str = ""
    cost: str = ""
    how_to_copy: str = ""
    quotation: str = ""
    said_by: str = ""
    quotation_id: int = 0
    note: int = 0
    told: str = ""
    strands: tuple[str, ...] = ()
    language: str = ""
    story_state: str = ""
