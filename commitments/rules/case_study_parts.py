"""The parts of a case study: what each asks, and how long it may be. Tables of data, without a database or a clock.

The parts follow the case studies of the source documents: place, who led, the problem, what was done, what changed, the
money, and how to copy it.
"""

from dataclasses import dataclass
from typing import Final

MAX_HEADLINE_CHARACTERS: Final = 120
MAX_LINE_CHARACTERS: Final = 200
MAX_PART_CHARACTERS: Final = 1_500
"""With this limit, a case study that says everything fits on two printed pages."""
MAX_QUOTATION_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class CaseStudyPart:
    """One part in prose: the field's name, its heading for readers, and what its writer is asked."""

    code: str
    heading: str
    question: str
    hint: str


CASE_STUDY_PARTS: Final = (
    CaseStudyPart(
        "problem", "The problem", "What was the problem?", "What people were facing, and how you found out about it."
    ),
    CaseStudyPart(
        "what_was_done", "What they did", "What did you do?", "Step by step, so that someone elsewhere can picture it."
    ),
    CaseStudyPart(
        "what_changed", "What changed", "What changed?", "For which people, and how you know. If something did not work, say so."
    ),
    CaseStudyPart("learnt", "What was learnt", "What did you learn?", "What you would do differently next time."),
    CaseStudyPart(
        "how_to_copy", "How to do the same", "How can someone else do the same?",
        "Where to begin, who to talk to (an organisation or a post, not a person’s name) and what it takes.",
    ),
)  # fmt: skip
"""In the order in which they are asked and read. What it cost stands between what was learnt and how to do the same."""
PART_CODES: Final = tuple(part.code for part in CASE_STUDY_PARTS)
