"""The figures that an item of evidence can give, such as people reached: one table.

Forms, pages, API, report, easy summary, printed form and data files read it. To add a figure, add a row here, and a field
of its code to :class:`commitments.models.Evidence` (with its migration), :class:`commitments.content.evidence.EvidenceContent` and
:class:`reporting.facts.EvidenceFacts` (at its end, None by default, as facts of older reports do not have it). A test
holds the four together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vcsportal.common import plurals

PEOPLE_REACHED: Final = "people_reached"
"""The code of the figure that stands for the size of what was done where there is room for one alone."""
MAX_WHOLE_NUMBER: Final = 10_000_000
"""The largest figure that anyone can give: what is larger is a slip."""
IN_ALL: Final = r"\b(?:in all|altogether|in total|took part|gave)\b"
"""How a sentence introduces a sum."""


@dataclass(frozen=True, slots=True)
class EvidenceFigure:
    """One figure: a whole number, or nothing where it is not known.

    ``code`` is the field's name everywhere, in the database, the API and the data files. ``singular`` and ``many`` are the noun
    after a number; ``meaning`` a sentence for a dictionary. ``unit`` is that of the column in the data files; "" for
    ``many``. ``hint`` is shown under the question of the form. ``short_question`` is asked on the short form and
    ``paper_question`` on the printed form; "" leaves it out there.

    ``added_up`` is False where a sum over several items would mean nothing; the figure is then shown with its item only.
    ``sum_meaning`` is added to the definition of the sum; ``sum_note`` is printed next to every sum, ``data_note`` (else ``sum_note``) in the dictionary of the data files and
    ``easy_note`` in the easy summary. ``easy_one`` and ``easy_many`` are how the easy summary says a sum; {number} stands for it.

    A sentence of the report claims a sum where ``claimed`` follows the number and ``claim_context`` occurs near it; both
    are regular expressions. "" for ``claimed`` means ``many``.
    """

    code: str
    singular: str
    many: str
    meaning: str
    easy_one: str
    easy_many: str
    unit: str = ""
    hint: str = ""
    short_question: str = ""
    paper_question: str = ""
    added_up: bool = True
    sum_meaning: str = ""
    sum_note: str = ""
    data_note: str = ""
    easy_note: str = ""
    claimed: str = ""
    claim_context: str = IN_ALL

    @property
    def label(self) -> str:
        """The noun as a label: ``People reached``."""
        return self.many[:1].upper() + self.many[1:]

    @property
    def column_unit(self) -> str:
        """The unit of a column of the data files."""
        return self.unit or self.many

    def noun(self, number: int) -> str:
        """Return the noun that goes with a number: ``volunteers``, ``volunteer``."""
        return plurals.noun(number, self.singular, self.many)

    def counted(self, number: int) -> str:
        """Return a number with its noun: ``1,240 people reached``."""
        return plurals.counted(number, self.singular, self.many)

    def in_easy_words(self, number: int) -> str:
        """Return a sum as the easy summary says it, without a full stop."""
        return plurals.agree(number, self.easy_one, self.easy_many).format(number=f"{number:,}")

    def end_of_claim(self, after: str, around: str) -> int | None:
        """Return where in the words after a number its noun ends, if the sentence gives a sum of this figure; else None.

        :param around: the words before and after the number.
        """
        noun = re.match(rf"\s+(?:{self.claimed or re.escape(self.many)})\b", after, re.IGNORECASE)
        return noun.end() if noun and re.search(self.claim_context, around, re.IGNORECASE) else None


FIGURES: Final = (
    EvidenceFigure(
        "people_reached",
        "person reached",
        "people reached",
        "People it reached.",
        "They reached one person",
        "They reached {number} people",
        unit="people",
        short_question="How many people took part?",
        paper_question="How many people took part?",
        sum_meaning="One person may be counted more than once.",
        sum_note="People reached adds up the items of evidence, so one person may be counted more than once.",
        easy_note="We add up the stories, so one person may be counted more than once.",
        claimed="people",
        claim_context=r"\breach",
    ),
    EvidenceFigure(
        "volunteers",
        "volunteer",
        "volunteers",
        "Volunteers who took part.",
        "They had the help of one volunteer",
        "They had the help of {number} volunteers",
        paper_question="How many of them as volunteers?",
        data_note="One person may be counted by several items.",
    ),
    EvidenceFigure(
        "hours",
        "volunteer hour",
        "volunteer hours",
        "Hours that volunteers gave.",
        "Volunteers gave one hour",
        "Volunteers gave {number} hours",
        claimed="(?:volunteer |volunteering )?hours",
        claim_context=r"\bvolunteer",
    ),
)
"""In the order in which they are asked and shown."""

FIGURE_CODES: Final = tuple(figure.code for figure in FIGURES)
SUMMED_FIGURES: Final = tuple(figure for figure in FIGURES if figure.added_up)
FIGURE_BY_CODE: Final = {figure.code: figure for figure in FIGURES}


def figures_of(thing: Any) -> dict[str, Any]:
    """Return the figures of an item of evidence, of its content or of its facts, by their codes."""
    return {code: getattr(thing, code) for code in FIGURE_CODES}


def figures_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures that are among some values, by their codes; None for one that is not."""
    return {code: values.get(code) for code in FIGURE_CODES}
