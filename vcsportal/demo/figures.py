"""Grants and contracts under the council's investment, figures that the report prints, and a count by strand. All invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import SourcedFigure, Strategy
from commitments.services.awards import add_award
from commitments.services.sourced_figures import FIELDS, add_figure, edit_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import Area, Organisation, Strand, User
from partners.services.sources import SourceContent, add_source
from vcsportal.demo.cast import Cast
from vcsportal.demo.responses import WRITER
from vcsportal.demo.timeline import Agenda, Happening

IN_REPORT: Final = ("children-in-poverty", "deprivation-rank", "investment-in-the-sector", "grants-to-the-sector")
GRANTS, CONTRACTS = "grants-to-the-sector", "contracts-with-the-sector"
AWARDS: Final = (
    (GRANTS, "Rent for a year of lunch clubs", 4_200, (2020, 5, 14), "E07000178", "1.1"),
    (GRANTS, "Sewing machines for a mending group", 1_850, (2020, 6, 2), "E07000177", "2.1"),
    (GRANTS, "A minibus driver for rural outings", 6_400, (2020, 7, 20), "E07000181", "3.1"),
    (GRANTS, "Training for new trustees", 3_000, (2020, 9, 1), "E07000179", "3.2"),
    (GRANTS, "A ramp for the hall", 7_950, (2020, 10, 9), "E07000180", "5.1"),
    (GRANTS, "Welcome packs in six languages", 2_300, (2020, 11, 27), "E07000178", "2.2"),
    (GRANTS, "Tools for a community garden", 1_275, (2021, 1, 18), "E07000177", "4.1"),
    (GRANTS, "Tablets for people without one", 9_600, (2021, 3, 5), "E07000178", "5.5"),
    (CONTRACTS, "Advice for groups across the county", 185_000, (2020, 4, 1), "", "4.2"),
    (CONTRACTS, "Day care for older people", 420_000, (2020, 4, 1), "E07000181", "5.2"),
    (CONTRACTS, "Recruiting and placing volunteers", 96_500, (2020, 8, 17), "", "2.3"),
    (CONTRACTS, "A helpline for carers", 132_750, (2020, 12, 1), "", "1.5"),
)
"""The figure, what it is for, pounds, the day, the district ("" for the county), and the commitment that it serves."""
BY_STRAND: Final = {"age": 46, "disability": 12, "bme": 9, "women": 31, "lgbt": 3, "faith": 18}
"""People whom the invented helpdesk advised. The 3 reads “fewer than 5”, and the 9 is hidden with it."""
EVERYBODY: Final = 119
NOT_IN_PORTAL: Final = "Ash Lane Hall Committee"


@dataclass(slots=True)
class FiguresStory:
    """Schedules the awards, the figures that the report prints, and a count by strand."""

    agenda: Agenda
    cast: Cast
    strategy: Strategy

    def tell(self) -> None:
        """Awards in the spring, the count by strand a month ago."""
        self._at(170, self._awards)
        self._at(160, self._chooses)
        self._at(30, self._counts)

    def _at(self, days: int, happening: Happening) -> None:
        day = self.agenda.today - timedelta(days=days)
        self.agenda.add(timezone.make_aware(datetime.combine(day, time(15))), happening)

    @property
    def _officer(self) -> User:
        return self.cast.people[WRITER]

    def _figure(self, code: str) -> SourcedFigure:
        return SourcedFigure.objects.select_related("strategy__owner", "part_of").get(strategy=self.strategy, code=code)

    def _awards(self, at: datetime) -> None:
        partners = list(Organisation.objects.partners().by_name()[:6])
        areas = {area.gss_code: area for area in Area.objects.order_by("id")}
        commitments = {found.reference: found for found in self.strategy.commitments.select_related("strategy")}
        for number, (code, title, amount, day, district, reference) in enumerate(AWARDS, start=1):
            in_words = number == 5
            content = AwardContent(
                kind="grant" if code == GRANTS else "contract",
                identifier=f"AW-{number:03d}",
                title=title,
                amount_awarded=Decimal(amount),
                award_date=date(*day),
                recipient=None if in_words else partners[number % len(partners)],
                recipient_name=NOT_IN_PORTAL if in_words else "",
                districts=(areas[district],) if district else (),
                commitments=(commitments[reference],),
                grant_programme="Communities fund" if code == GRANTS else "",
            )
            add_award(by=self._officer, at=at, figure=self._figure(code), content=content)

    def _chooses(self, at: datetime) -> None:
        for code in IN_REPORT:
            figure = self._figure(code)
            values = {name: getattr(figure, name) for name in FIELDS}
            content = SourcedFigureContent(**{**values, "in_report": True})
            edit_figure(by=self._officer, at=at, figure=figure, content=content)

    def _counts(self, at: datetime) -> None:
        day = self.agenda.today - timedelta(days=40)
        source = add_source(
            by=self._officer, at=at, content=SourceContent("Helpdesk log (invented)", "Signpost", published_on=day)
        )
        content = SourcedFigureContent("take_up", "People advised by the helpdesk", unit="people", in_report=True)
        figure = add_figure(by=self._officer, at=at, strategy=self.strategy, content=content)
        when = f"the year to {day:%B %Y}"
        for count, strand in ((EVERYBODY, None), *((BY_STRAND[row.code], row) for row in self._strands())):
            value = SourcedValueContent(
                Decimal(count),
                starts_on=day - timedelta(days=364),
                ends_on=day,
                period=when,
                source=source,
                strand=strand,
            )
            add_sourced_value(by=self._officer, at=at, figure=figure, content=value)

    def _strands(self) -> list[Strand]:
        return list(Strand.objects.filter(code__in=BY_STRAND).in_order())
