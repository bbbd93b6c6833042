"""How success will be measured in the story: agreed by its steering group for most commitments, two of them lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commitments.models import Commitment, Strategy
from commitments.services.commitment_ties import tie_commitment
from commitments.services.success_measures import SuccessMeasure, set_success_measure
from vcsportal.demo.cast import Cast, read
from vcsportal.demo.timeline import Agenda, Happening
from vcsportal.demo.years import Years

WRITER: Final = "officer@example.org"


@dataclass(slots=True)
class Measurer:
    """Schedules the measures and ties of ``measures.toml``."""

    agenda: Agenda
    years: Years
    cast: Cast

    def tell(self, strategy: Strategy, earlier: Strategy) -> None:
        """Each on the afternoon of the day on which it was agreed."""
        told = read("measures")
        found = {commitment.key: commitment for commitment in strategy.commitments.in_order()}
        first = self.years.day(told["agreed_on"])
        for key, words in told["words"].items():
            days = told["later"].get(key)
            on = first if days is None else self.agenda.today - timedelta(days=days)
            measure = SuccessMeasure(words, told["agreed_by"], on)
            self.agenda.add(self.agenda.afternoon(on), self._agrees(found[key], measure))
        for key in sorted({*told["follows"], *told["related"]}):
            reference = told["follows"].get(key)
            follows = earlier.commitments.get(reference=reference) if reference else None
            related = [found[other] for other in told["related"].get(key, [])]
            self.agenda.add(self.agenda.afternoon(first), self._ties(found[key], follows, related))

    def _agrees(self, commitment: Commitment, measure: SuccessMeasure) -> Happening:
        def agree(at: datetime) -> None:
            set_success_measure(by=self.cast.people[WRITER], at=at, commitment=commitment, measure=measure)

        return agree

    def _ties(self, commitment: Commitment, follows: Commitment | None, related: list[Commitment]) -> Happening:
        def tie(at: datetime) -> None:
            elsewhere = commitment.related.exclude(strategy=commitment.strategy_id)
            tie_commitment(
                by=self.cast.people[WRITER],
                at=at,
                commitment=commitment,
                follows=follows,
                related=[*related, *elsewhere],
            )

        return tie
