"""What organisations did in the rounds before, and how many of this round's items may not be published. One query for all, and
one for the areas of the last round before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from commitments.models import Evidence, Round
from commitments.rules.evidence_figures import SUMMED_FIGURES
from reporting import facts


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """A round before the one that is reported on: its slug and the period that it observes."""

    slug: str
    observes_from: date
    observes_to: date


@dataclass(frozen=True, slots=True)
class CountedEvidence:
    """What was done in earlier rounds, and how many of the round's accepted items may not be published."""

    earlier: tuple[facts.EarlierRoundFacts, ...]
    unpublished: int


def counted_evidence(round_: Round, rounds: Sequence[EarlierRound]) -> CountedEvidence:
    """Return what was done for the strategy in each of these rounds, in their order, the last one by area too. Two queries."""
    serving = Evidence.commitments.through.objects.filter(commitment__strategy=round_.strategy_id).values("evidence_id")
    hidden = Q(publishable=False, **_during(round_))
    columns: dict[str, Any] = {"unpublished": Count("pk", filter=hidden)}
    for place, earlier in enumerate(rounds):
        during = Q(publishable=True, **_during(earlier))
        columns[f"items_{place}"] = Count("pk", filter=during)
        columns[f"organisations_{place}"] = Count("organisation", filter=during, distinct=True)
        for figure in SUMMED_FIGURES:
            columns[f"total_{figure.code}_{place}"] = Sum(figure.code, filter=during)
            columns[f"given_{figure.code}_{place}"] = Count(figure.code, filter=during)
    found = Evidence.objects.accepted().filter(pk__in=serving).aggregate(**columns)
    before = tuple(
        facts.EarlierRoundFacts(
            earlier.slug,
            found[f"items_{place}"],
            found[f"organisations_{place}"],
            tuple(
                facts.EvidenceSumFacts(
                    figure.code, found[f"total_{figure.code}_{place}"], found[f"given_{figure.code}_{place}"]
                )
                for figure in SUMMED_FIGURES
                if found[f"given_{figure.code}_{place}"]
            ),
            _areas(round_, earlier) if place == len(rounds) - 1 else (),
        )
        for place, earlier in enumerate(rounds)
    )
    return CountedEvidence(before, found["unpublished"])


def _areas(round_: Round, earlier: EarlierRound) -> tuple[facts.AreaSumFacts, ...]:
    """Return what the items of an earlier round come to in each area that they name, by the areas' codes. One query."""
    serving = Evidence.commitments.through.objects.filter(commitment__strategy=round_.strategy_id)
    items = Evidence.objects.published().filter(pk__in=serving.values("evidence_id"), **_during(earlier))
    named = Evidence.districts.through.objects.filter(evidence__in=items.values("pk"))
    sums: dict[str, Any] = {f"total_{figure.code}": Sum(f"evidence__{figure.code}") for figure in SUMMED_FIGURES}
    sums |= {f"given_{figure.code}": Count(f"evidence__{figure.code}") for figure in SUMMED_FIGURES}
    served = (
        serving.filter(evidence__in=items.values("pk"), evidence__districts=OuterRef("area_id"))
        .order_by()
        .values("evidence__districts")
        .values_list(Count("commitment", distinct=True))
    )
    rows: Any = (
        named.values("area_id", "area__gss_code")
        .annotate(
            items=Count("evidence"),
            organisations=Count("evidence__organisation", distinct=True),
            served=Subquery(served),
            **sums,
        )
        .order_by("area__gss_code")
    )
    return tuple(
        facts.AreaSumFacts(
            row["area__gss_code"],
            row["items"],
            row["organisations"],
            row["served"],
            tuple(
                facts.EvidenceSumFacts(figure.code, row[f"total_{figure.code}"], row[f"given_{figure.code}"])
                for figure in SUMMED_FIGURES
                if row[f"given_{figure.code}"]
            ),
        )
        for row in rows
    )


def _during(period: Round | EarlierRound) -> dict[str, date]:
    """Return the condition that an item happened, or began, in what a round observes."""
    return {"happened_from__gte": period.observes_from, "happened_from__lte": period.observes_to}
