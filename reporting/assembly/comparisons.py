"""What organisations did in the rounds before, and how many of this round's items may not be published. One query for all, and
two for the areas of the last round before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

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
    """Return what was done for the strategy in each of these rounds, in their order, the last one by area too. Three queries."""
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
    """Return what the items of an earlier round come to in each area that they name, by the areas' codes. Two queries.

    They are added up here: the database would look through all links once more for each area, as an item may serve several
    commitments and name several areas.
    """
    published: Any = Evidence.objects.published().filter(**_during(earlier), commitments__strategy=round_.strategy_id)
    serves: dict[int, set[int]] = {}
    for item, commitment in published.order_by().values_list("pk", "commitments"):
        serves.setdefault(item, set()).add(commitment)
    figures = [f"evidence__{figure.code}" for figure in SUMMED_FIGURES]
    named: Any = Evidence.districts.through.objects.filter(evidence__in=list(serves)).order_by()
    areas: dict[str, list[dict[str, Any]]] = {}
    for row in named.values("area__gss_code", "evidence_id", "evidence__organisation_id", *figures):
        areas.setdefault(row["area__gss_code"], []).append(row)
    return tuple(
        facts.AreaSumFacts(
            code,
            len(rows),
            len({row["evidence__organisation_id"] for row in rows}),
            len(set().union(*(serves[row["evidence_id"]] for row in rows))),
            tuple(
                facts.EvidenceSumFacts(figure.code, sum(given), len(given))
                for figure in SUMMED_FIGURES
                if (given := [n for row in rows if (n := row[f"evidence__{figure.code}"]) is not None])
            ),
        )
        for code, rows in sorted(areas.items())
    )


def _during(period: Round | EarlierRound) -> dict[str, date]:
    """Return the condition that an item happened, or began, in what a round observes."""
    return {"happened_from__gte": period.observes_from, "happened_from__lte": period.observes_to}
