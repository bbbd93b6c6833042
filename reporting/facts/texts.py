"""What officers wrote for the report and the committee paper, as facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What officers wrote for one section (a key of :mod:`reporting.narrative.sections`), in the Markdown subset.

    ``language`` is a BCP 47 tag; "" for the portal's.
    """

    section: str
    text: str
    language: str = ""
