"""The facts about figures with sources, and about the money under them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CountyFigureFacts:
    """What one source says of a figure, for the whole, an area or a strand. ``number`` is that of its row in the report.

    ``value`` is None for a strand whose number is hidden; ``said`` has the words in its place. ``about`` is a code of
    :mod:`commitments.rules.sourced_figures`. ``beside`` is the row of the first source for the same thing, 0 for a first
    one; ``differs`` says how the two differ, "" if they say the same.
    """

    number: int
    about: str
    title: str
    part_of: str
    said: str
    value: Decimal | None
    kind: str
    unit: str
    when: str
    place: str
    strand: str
    words: str
    source: str
    source_place: str
    note: str
    beside: int = 0
    differs: str = ""


@dataclass(frozen=True, slots=True)
class AwardSumFacts:
    """What the grants, or the contracts, of one financial year under a figure come to. Kinds, years and currencies are never added."""

    figure: str
    year: str
    kind: str
    currency: str
    count: int
    amount: Decimal
    said: str
