"""What a round's report would contain if it were made now, shown to people who are about to request one."""

from dataclasses import dataclass
from datetime import date

from django.db import models

from commitments.models import Commitment, Evidence, ProgressUpdate, Round
from commitments.rules.kinds import GENERAL, Nouns
from vcsportal.common import plurals


@dataclass(frozen=True, slots=True)
class RoundPreview:
    """What a round's report would contain if it were made now; ``finished`` if its strategy is over."""

    round: Round
    commitments: int
    updates: int
    pieces: int
    finished: bool = False
    nouns: Nouns = GENERAL

    def sentence(self) -> str:
        """Return it in words."""
        if not self.updates and not self.pieces:
            return f"Nothing has been published for this {self.round.period.noun}, so the report would be almost empty."
        pieces = plurals.counted(self.pieces, "item")
        if not self.updates:
            return (
                f"No update has been published for this {self.round.period.noun}. {pieces} of evidence {plurals.be(self.pieces)} accepted "
                "and may be published."
            )
        return (
            f"Updates for {self.updates} of {self.nouns.counted_commitments(self.commitments)} {plurals.has(self.updates)} been published. "
            f"{pieces} of evidence {plurals.be(self.pieces)} accepted and may be published."
        )


def outlooks(*, today: date) -> list[RoundPreview]:
    """Return what each round's report would contain, for the rounds that have begun.

    The newest come first, but those without a published update after those with one, and the rounds of finished
    strategies last.
    """
    rounds = list(
        Round.objects.started(today).select_related("strategy").order_by("-observes_from", "strategy__title", "-id")
    )
    told = dict(
        ProgressUpdate.objects.published()
        .order_by()
        .values_list("round_id")
        .annotate(models.Count("id", distinct=True))
    )
    promised = dict(Commitment.objects.order_by().values_list("strategy_id").annotate(models.Count("id")))
    pieces = {
        f"r{round_.pk}": models.Count(
            "id",
            distinct=True,
            filter=models.Q(
                commitments__strategy=round_.strategy_id,
                happened_from__gte=round_.observes_from,
                happened_from__lte=round_.observes_to,
            ),
        )
        for round_ in rounds
    }
    counted = Evidence.objects.published().aggregate(**pieces) if pieces else {}
    previews = [
        RoundPreview(
            round_,
            promised.get(round_.strategy_id, 0),
            told.get(round_.pk, 0),
            counted.get(f"r{round_.pk}", 0),
            round_.strategy.is_finished(today),
            round_.strategy.nouns,
        )
        for round_ in rounds
    ]
    return sorted(
        previews,
        key=lambda preview: (preview.finished, not preview.updates),
    )
