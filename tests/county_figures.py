"""Figures with sources for tests: two sources that differ, a value without one, counts by strand, money with awards."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Award, SourcedFigure, SourcedValue, Strategy
from commitments.services.awards import add_award, withdraw_award
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import Source, User
from partners.services.sources import SourceContent, add_source
from partners.services.strands import StrandContent, add_strand

NOT_SOURCED, NEXT_SMALLEST, LARGE = 98765, 4177, (6203, 7309)
"""What nobody but the people who answer for the strategy may read, twice; and what everybody may."""
STRANDS = ("Faith", "Age", "Women", "Disability")


@dataclass(frozen=True)
class CountyFigures:
    """``poverty`` has two sources, ``secret`` none; the 3 of ``members`` is small, and ``carers`` is a 2 alone; ``grants`` has awards."""

    poverty: SourcedFigure
    secret: SourcedFigure
    members: SourcedFigure
    carers: SourcedFigure
    grants: SourcedFigure
    source: Source
    award: Award

    def value(self, figure: SourcedFigure) -> SourcedValue:
        """The first value of a figure."""
        found: SourcedValue = figure.values.order_by("id")[0]
        return found


def make_county_figures(strategy: Strategy, by: User, at: datetime) -> CountyFigures:
    """Add the figures to a strategy; its report prints them all."""
    needs = add_source(by=by, at=at, content=SourceContent("Needs assessment", "The county", period="2021"))
    census = add_source(by=by, at=at, content=SourceContent("Census of households", period="2022"))

    def figure(about: str, title: str, unit: str = "people") -> SourcedFigure:
        content = SourcedFigureContent(about, title, unit=unit, in_report=True)
        return add_figure(by=by, at=at, strategy=strategy, content=content)

    def value(figure: SourcedFigure, number: int, **values: object) -> SourcedValue:
        content = SourcedValueContent(**{"value": Decimal(number), "period": "2020/21", "source": needs, **values})  # type: ignore[arg-type]  # each as its field has it
        return add_sourced_value(by=by, at=at, figure=figure, content=content)

    poverty, secret = figure("place", "Children living in poverty"), figure("place", "People without a home")
    members, carers = figure("take_up", "Members of clubs"), figure("take_up", "Young carers")
    grants = figure("money", "Grants to the sector", "£")
    first = value(poverty, 2000)
    other = SourcedValueContent(Decimal(2500), period="2021", source=census, words="two and a half thousand")
    add_sourced_value(by=by, at=at, figure=poverty, content=other, beside=first)
    value(secret, NOT_SOURCED, source=None)
    strands = [add_strand(by=None, at=at, content=StrandContent(words)) for words in STRANDS]
    for strand, count in zip(strands, (3, NEXT_SMALLEST, *LARGE), strict=True):
        value(members, count, strand=strand)
    value(carers, 2, strand=strands[0])
    value(grants, 500)
    awards = [
        add_award(
            by=by, at=at, figure=grants,
            content=AwardContent(kind, f"a-{amount}", title, Decimal(amount), date(2020, 5, 1), recipient_name="Hall Friends"),
        )
        for kind, title, amount in (("grant", "A ramp", 50), ("grant", "Two tables", 70), ("contract", "Advice", 900), ("grant", "A mistake", 3333))
    ]  # fmt: skip
    withdraw_award(by=by, at=at, award=awards[-1], reason="It was never paid.")
    return CountyFigures(poverty, secret, members, carers, grants, needs, awards[0])
