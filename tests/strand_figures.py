"""Indicators counted by strand for tests: one with a small number among large ones, one whose breakdown can't be shown."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from commitments.models import Commitment, Indicator, IndicatorValue, Round
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from partners.models import Strand, User
from partners.services.strands import StrandContent, add_strand

WHOLE, SMALL, NEXT_SMALLEST, LARGE = 9311, 3, 4177, (6203, 7309)
"""The figure, and its counts by strand. Nobody but the people who enter figures may read the second and the third."""
STRANDS = ("Faith", "Age", "Women", "Disability")
SHOWN = ["fewer than 5", "not shown", "6,203", "7,309"]


@dataclass(frozen=True)
class StrandFigures:
    """``members`` has a breakdown with a small number, the one of ``carers`` is a 2 alone."""

    members: Indicator
    carers: Indicator
    value: IndicatorValue
    strands: list[Strand]


def make_strands(at: datetime) -> list[Strand]:
    """Add the four strands; each has its name in small letters as its code."""
    return [add_strand(by=None, at=at, content=StrandContent(words)) for words in STRANDS]


def counts(*numbers: int) -> dict[str, int]:
    """Return counts by the codes of the strands, in their order."""
    return {words.lower(): number for words, number in zip(STRANDS, numbers, strict=False)}


def make_strand_figures(commitment: Commitment, by: User, at: datetime, round_: Round) -> StrandFigures:
    """Add two indicators with a figure each to a commitment."""
    strands = make_strands(at)
    members, carers = (
        define_indicator(
            by=by, at=at, of=commitment, what=IndicatorDefinition(code, title, unit="people", by_strand=True)
        )
        for code, title in (("S1", "Members of clubs"), ("S2", "Young carers"))
    )
    entries = [
        FigureInput(members, IndicatorFigure(Decimal(WHOLE)), strands=counts(SMALL, NEXT_SMALLEST, *LARGE)),
        FigureInput(carers, IndicatorFigure(Decimal(58)), strands=counts(2)),
    ]
    value, _other = enter_values(by=by, at=at, round_=round_, entries=entries)
    return StrandFigures(members, carers, value, strands)
