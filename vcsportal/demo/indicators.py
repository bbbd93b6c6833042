"""Figures for the story's years: indicators, their targets, figures, and one that a partner has just supplied."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from commitments.models import Commitment, Indicator, Priority, Round, Strategy
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    enter_values,
    set_targets,
)
from partners.models import Area
from vcsportal.demo.cast import Cast, read
from vcsportal.demo.timeline import Agenda, Happening
from vcsportal.demo.updates import OPEN
from vcsportal.demo.years import Years

PLAIN = ("code", "title", "definition", "unit", "kind", "counting", "direction", "baseline_note")


@dataclass(slots=True)
class Numbers:
    """Puts on the agenda how indicators were made, and what was entered for them each year."""

    agenda: Agenda
    years: Years
    cast: Cast
    strategy: Strategy
    rounds: dict[int, Round]
    made: dict[str, Indicator] = field(default_factory=dict)

    def tell(self) -> None:
        """Every indicator of ``numbers.toml``."""
        for told in read("numbers")["indicator"]:
            self.agenda.add(self.agenda.moment(self.years.starts(1) + timedelta(days=29)), self._defines(told))
            for year, counted in enumerate(told["counted"], start=1):
                day = min(self.rounds[year].opens_on + timedelta(days=6), self.agenda.today)
                self.agenda.add(self.agenda.moment(day), self._enters(told, year, counted))
            if supplied := told.get("supplied"):
                day = min(self.rounds[OPEN].opens_on + timedelta(days=8), self.agenda.today)
                self.agenda.add(self.agenda.moment(day), self._supplies(told["code"], supplied))

    def _defines(self, told: dict[str, Any]) -> Happening:
        def define(at: datetime) -> None:
            officer = self.cast.officers[0]
            steps = [{"step": n, "label": label, "definition": ""} for n, label in enumerate(told.get("scale", ()), 1)]
            what = IndicatorDefinition(
                **{name: told[name] for name in PLAIN if name in told}, scale=steps, by_district=told.get("districts", False),
                baseline=Decimal(told["baseline"]) if "baseline" in told else None, by_strand="strands" in told,
            )  # fmt: skip
            made = self.made[told["code"]] = define_indicator(by=officer, at=at, of=self._owner(told), what=what)
            for year, aim in enumerate(told["aims"], start=1):
                set_targets(
                    by=officer, at=at, indicator=made, round_=self.rounds[year], aims=[TargetInput(Decimal(aim))]
                )

        return define

    def _round(self, year: int) -> Round:
        return Round.objects.get(pk=self.rounds[year].pk)  # as it stands by then

    def _owner(self, told: dict[str, Any]) -> Commitment | Priority:
        if "of" in told:
            return self.strategy.commitments.get(reference=told["of"])
        return self.strategy.priorities.get(number=told["priority"])

    def _enters(self, told: dict[str, Any], year: int, counted: Any) -> Happening:
        def enter(at: datetime) -> None:
            indicator = self.made[told["code"]]
            if isinstance(counted, dict):
                areas = {area.name: area for area in Area.objects.districts()}
                entries = [
                    FigureInput(indicator, IndicatorFigure(Decimal(n)), areas[name]) for name, n in counted.items()
                ]
                entries.append(FigureInput(indicator, IndicatorFigure(Decimal(sum(counted.values())))))
            else:
                strands = told["strands"][year - 1] if "strands" in told else None
                entries = [FigureInput(indicator, _figure(counted), strands=strands)]
            enter_values(by=self.cast.officers[0], at=at, round_=self._round(year), entries=entries)

        return enter

    def _supplies(self, code: str, supplied: dict[str, Any]) -> Happening:
        def supply(at: datetime) -> None:
            figure = IndicatorFigure(Decimal(supplied["counted"]))
            entry = FigureInput(self.made[code], figure, note=supplied["note"], strands=supplied.get("strands"))
            enter_values(by=self.cast.people[supplied["by"]], at=at, round_=self._round(OPEN), entries=[entry])

        return supply


def _figure(counted: Any) -> IndicatorFigure:
    if isinstance(counted, str):
        return IndicatorFigure(absent_reason=counted)
    if isinstance(counted, list):
        part, whole = counted
        return IndicatorFigure(numerator=Decimal(part), denominator=Decimal(whole))
    return IndicatorFigure(Decimal(counted))
