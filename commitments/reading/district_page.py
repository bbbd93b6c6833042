"""One district: what was done there, who works there, what has no recorded work there, figures, and money.

Everything is what anyone may read, and the same for everyone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from commitments.models import (
    Award,
    CaseStudy,
    Evidence,
    IndicatorValue,
    Round,
    SourcedFigure,
    SourcedValue,
    Strategy,
)
from commitments.reading import case_studies
from commitments.reading.awards import AwardLine, award_lines, read_with
from commitments.reading.district_work import StrategyHere, strategies_here
from commitments.reading.districts import named_in, working_in
from commitments.reading.evidence_cards import card, counted, read_cards
from commitments.reading.sourced_figures import ValueLine, figure_cards
from commitments.rules.indicators import say_figure
from partners.reading.areas import DistrictRecord
from partners.standings import TAKES_PART
from vcsportal.common import long_lists, plurals

MOST_CARDS: Final = 6
MOST_CASE_STUDIES: Final = 3
MOST_AWARDS: Final = 5
MOST_ORGANISATIONS: Final = 24


@dataclass(frozen=True, slots=True)
class Chosen:
    """What part of the record is looked at: that of one strategy, of the rounds of one name, or all of it.

    :ivar strategies: the strategies whose commitments are shown; those in term if nothing was chosen.
    :ivar rounds: by the strategy's key.
    """

    strategies: tuple[Strategy, ...]
    rounds: Mapping[int, Round]
    strategy: str = ""
    round: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same choice for other lists' addresses."""
        return {"strategy": self.strategy, "round": self.round}

    @property
    def periods(self) -> list[tuple[date, date]]:
        """The first and the last day of each round."""
        return [(round_.observes_from, round_.observes_to) for round_ in self.rounds.values()]


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of several things, how many there are in words, and where all of them are."""

    shown: tuple[Any, ...]
    count: int
    counted: str
    url: str

    @property
    def has_more(self) -> bool:
        """Whether some are not shown."""
        return self.count > len(self.shown)


@dataclass(frozen=True, slots=True)
class SourcedFigureHere:
    """A figure with a source: what it says of the district."""

    figure: SourcedFigure
    line: ValueLine


@dataclass(frozen=True, slots=True)
class IndicatorHere:
    """The newest figure of an indicator that is counted by district."""

    title: str
    url: str
    said: str
    when: str
    strategy: Strategy
    supplied_by: str


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """All that the page of a district shows, but for the district itself."""

    evidence: Listed
    case_studies: Listed
    organisations: Listed
    strategies: tuple[StrategyHere, ...]
    figures: tuple[SourcedFigureHere, ...]
    indicators: tuple[IndicatorHere, ...]
    awards: Listed

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is recorded of the district."""
        return not (self.evidence.count or self.organisations.count or self.awards.count or self.figures)


def strategies_to_show(every: Iterable[Strategy], rounds: Iterable[Round], day: date) -> tuple[Strategy, ...]:
    """Return the strategies that have one of these rounds, or without rounds those in term on a day."""
    keys = {round_.strategy_id for round_ in rounds}
    if keys:
        return tuple(strategy for strategy in every if strategy.pk in keys)
    return tuple(strategy for strategy in every if strategy.starts_on <= day <= strategy.ends_on)


def district_page(district: DistrictRecord, items: QuerySet[Evidence], chosen: Chosen, today: date) -> DistrictPage:
    """Return the page of a district. Fifteen queries, whatever there is.

    :param items: published evidence as it was chosen, of any district.
    """
    code, here = district.area.gss_code, items.filter(pk__in=named_in(district.keys))
    return DistrictPage(
        _evidence(here, code, chosen, today),
        _case_studies(here, code, chosen, today),
        _organisations(district),
        tuple(
            strategies_here(district.keys, code, chosen.strategies, chosen.rounds, district.read_on(today), today)
        ),
        _figures(district, chosen),
        _indicators(district, chosen),
        _awards(district, chosen),
    )  # fmt: skip


def _address(name: str, **asked: str) -> str:
    """Return the address of a list with these filters; an empty strategy means every one of them."""
    given = {key: value for key, value in asked.items() if value or key == "strategy"}
    return f"{reverse(name)}?{urlencode(given)}"


def _evidence(here: Any, code: str, chosen: Chosen, today: date) -> Listed:
    keys = list(here.newest_first().values_list("pk", flat=True)[:MOST_CARDS])
    count = long_lists.count_up_to(here) if keys else 0
    url = _address("commitments:evidence-list", district=code, show="published", **chosen.query)
    return Listed(tuple(card(piece) for piece in read_cards(keys, today=today)), count, counted(count), url)


def _case_studies(here: Any, code: str, chosen: Chosen, today: date) -> Listed:
    found = CaseStudy.objects.published(today).filter(evidence__in=here.values("pk")).newest_first()
    keys = list(found.values_list("evidence", flat=True)[: long_lists.MAX_COUNTED])
    cards = case_studies.case_study_cards(keys[:MOST_CASE_STUDIES], today) if keys else []
    said = plurals.counted(len(keys), "case study", "case studies")
    url = f"{reverse('commitments:case-studies')}?{urlencode({'district': code, 'strategy': chosen.strategy})}"
    return Listed(tuple(cards), len(keys), said, url)


def _organisations(district: DistrictRecord) -> Listed:
    """Those that take part come first, by name; how many there are counts all that are in the directory."""
    found = working_in(district.keys)
    first = tuple(found.filter(standing=TAKES_PART).by_name().only("slug", "name", "kind")[:MOST_ORGANISATIONS])
    count = long_lists.count_up_to(found)
    said = long_lists.counted(count, "organisation")
    return Listed(first, count, said, _of_district("partners:organisation-list", district))


def _of_district(name: str, district: DistrictRecord) -> str:
    return f"{reverse(name)}?{urlencode({'district': district.area.gss_code})}"


def _figures(district: DistrictRecord, chosen: Chosen) -> tuple[SourcedFigureHere, ...]:
    """Return what sources say of this area itself: what they said of areas that it replaced is on the pages of these."""
    of_area = SourcedValue.objects.current().filter(area=district.area, source__isnull=False)
    figures = SourcedFigure.objects.in_use().filter(pk__in=of_area.values("figure"))
    if chosen.strategy:
        figures = figures.filter(strategy__in=chosen.strategies)
    found = list(figures.select_related("strategy__owner").in_order())
    return tuple(
        SourcedFigureHere(shown.figure, line)
        for shown in (figure_cards(found) if found else [])
        for line in shown.by_area
        if line.area == district.area.gss_code
    )


def _indicators(district: DistrictRecord, chosen: Chosen) -> tuple[IndicatorHere, ...]:
    values = IndicatorValue.objects.approved().filter(area=district.area, value__isnull=False)
    values = values.filter(indicator__strategy__in=chosen.strategies)
    if chosen.rounds:
        values = values.filter(round__in=[round_.pk for round_ in chosen.rounds.values()])
    newest: dict[int, IndicatorValue] = {}
    rows = values.select_related("indicator__strategy", "round", "organisation")
    for value in rows.order_by("indicator__strategy_id", "indicator_id", "-round__observes_from", "id"):
        newest.setdefault(value.indicator_id, value)
    return tuple(_indicator(value) for value in newest.values())


def _indicator(value: IndicatorValue) -> IndicatorHere:
    about = value.indicator
    return IndicatorHere(
        about.title,
        about.get_absolute_url(),
        say_figure(value, kind=about.kind, unit=about.unit, scale=about.scale),
        value.round.label,
        about.strategy,
        value.organisation.name if value.organisation else "",
    )


def _awards(district: DistrictRecord, chosen: Chosen) -> Listed:
    there = Award.districts.through.objects.filter(area__in=district.keys)
    found = Award.objects.current().filter(pk__in=there.values("award_id"))
    if chosen.strategy:
        found = found.filter(figure__strategy__in=chosen.strategies)
    for_period = Q(pk__in=[])
    for days in chosen.periods:
        for_period |= Q(award_date__range=days)
    if chosen.periods:
        found = found.filter(for_period)
    count = found.count()
    lines: Sequence[AwardLine] = award_lines(read_with(found.newest_first())[:MOST_AWARDS]) if count else ()
    said = plurals.counted(count, "grant or contract", "grants and contracts")
    query = {"district": district.area.gss_code, **({"strategy": chosen.strategy} if chosen.strategy else {})}
    return Listed(tuple(lines), count, said, f"{reverse('commitments:money')}?{urlencode(query)}#awards")
