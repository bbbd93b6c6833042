"""What the portal counts itself, before the round that saves it is closed."""

from dataclasses import dataclass
from datetime import date

from commitments.models import Indicator, Round
from commitments.queries.signatories import counted, counting_day
from commitments.rules import indicators as rules
from commitments.rules.charters import REAFFIRMED
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class CountSoFar:
    """A figure as it would be saved if the round closed now: in words, with what it is of, and the round's label."""

    figure: str
    of: str
    label: str


def counts_so_far(indicator: Indicator, today: date) -> CountSoFar | None:
    """Return what is counted in the round that runs; None for what people enter, and while no round runs. Two queries."""
    if not indicator.counts:
        return None
    running = Round.objects.filter(strategy=indicator.strategy_id, state__in=["open", "in_review"])
    round_ = running.order_by("observes_from", "id").first()
    if round_ is None:
        return None
    figure = rules.say_amount(counted(indicator.counts, round_, today), indicator.unit)
    of = "have reaffirmed so far" if indicator.counts == REAFFIRMED else f"on {in_words(counting_day(round_, today))}"
    return CountSoFar(figure, of, round_.label)
