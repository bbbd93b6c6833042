"""Which commitments are worked on in a district, and which are not: strategy by strategy, in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, DeliveryPartner, Evidence, Round, Strategy
from commitments.reading.glance import CommitmentAtGlance, Row, board, lit_only
from commitments.reading.pages import address, priority_address
from commitments.rules import status as words
from partners.models import Organisation
from partners.standings import ENDED
from vcsportal.common import plurals
from vcsportal.common.long_lists import counted

MOST_COUNTED: Final = 20
"""Up to how many items of evidence are counted for one commitment."""
MOST_NAMED: Final = 3
"""How many delivery partners of one commitment are named."""


@dataclass(frozen=True, slots=True)
class CommitmentHere:
    """A commitment, with what is recorded of it in the district.

    :ivar items: how many published items of evidence name the district; :data:`MOST_COUNTED` + 1 for more than are counted.
    :ivar partners: the names of delivery partners that work in the district, in the order of a telephone book.
    :ivar is_asked: whether somebody could work on it: it is neither complete nor closed, and its owner has agreed to it.
    """

    standing: CommitmentAtGlance
    key: str
    items: int
    partners: tuple[str, ...]
    is_asked: bool
    evidence_url: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether somebody could work on it in the district, and no work there is recorded."""
        return self.is_asked and not self.items and not self.partners

    @property
    def counted(self) -> str:
        """How many items of evidence there are, in words."""
        return counted(self.items, "item", MOST_COUNTED) + " of evidence"

    @property
    def named(self) -> str:
        """The delivery partners in words, the first few by name."""
        more = len(self.partners) - MOST_NAMED
        return plurals.join_with_and(
            [*self.partners[:MOST_NAMED], *([plurals.counted(more, "other")] if more > 0 else [])]
        )


@dataclass(frozen=True, slots=True)
class WithoutWork:
    """The commitments of one priority on which no work in the district is recorded, of how many it has."""

    label: str
    title: str
    total: int
    commitments: tuple[CommitmentHere, ...]


@dataclass(frozen=True, slots=True)
class StrategyHere:
    """One strategy in the district.

    :ivar rows: its board, with those tiles lit that have evidence from the district.
    :ivar commitments: all of them, in the strategy's own order.
    :ivar with_evidence: commitments with published evidence that names the district.
    :ivar helped: those without such evidence that a delivery partner which works in the district helps to deliver.
    :ivar without: the others on which somebody could work, by priority.
    :ivar left_out: how many are complete, closed or not agreed to by their owner, and have neither.
    """

    strategy: Strategy
    rows: tuple[Row, ...]
    commitments: tuple[CommitmentHere, ...]
    with_evidence: tuple[CommitmentHere, ...]
    helped: tuple[CommitmentHere, ...]
    without: tuple[WithoutWork, ...]
    left_out: int

    @property
    def total(self) -> int:
        """How many commitments there are."""
        return len(self.commitments)

    @property
    def count_without(self) -> int:
        """How many commitments have no recorded work in the district."""
        return sum(len(priority.commitments) for priority in self.without)

    def sentence(self, place: str) -> str:
        """Return how many commitments have evidence from a place, a delivery partner there but no evidence, or neither."""
        nouns = self.strategy.nouns
        parts = [
            f"{number} {plurals.has(number)} {what}"
            for number, what in (
                (len(self.with_evidence), f"published evidence from {place}"),
                (len(self.helped), "no evidence but a delivery partner that works there"),
                (self.count_without, "no recorded work there"),
            )
            if number
        ]
        if not parts:
            return f"None of {nouns.counted_commitments(self.total)} is open for work."
        said = f"Of {nouns.counted_commitments(self.total)}, {plurals.join_with_and(parts)}."
        if not self.left_out:
            return said
        return f"{said} {self.left_out} more {plurals.be(self.left_out)} complete, closed or not accepted."


_FIELDS: Final = (
    "strategy_id", "priority__number", "priority__title", "priority__reference", "reference", "short_title", "status",
    "status_at", "key", "added_on", "closed_on", "owner_response",
)  # fmt: skip


def strategies_here(
    keys: Sequence[int], code: str, strategies: Sequence[Strategy], rounds: Mapping[int, Round], day: date, today: date
) -> list[StrategyHere]:
    """Return what is worked on in a district of each strategy that has commitments. One query, however many.

    :param keys: the areas that make up the district.
    :param code: its GSS code.
    :param rounds: by the strategy's key, the round whose period is looked at; without one it is all evidence, and the delivery
        partners of the day.
    :param day: the day on which the district is looked at.
    """
    found: dict[int, list[tuple[tuple[Any, ...], CommitmentHere]]] = {}
    by_key = {strategy.pk: strategy for strategy in strategies}
    for row, items, partners in _rows(keys, list(by_key), rounds, day):
        strategy, round_ = by_key[row[0]], rounds.get(row[0])
        if round_ is None or row[9] is None or row[9] <= round_.observes_to:
            found.setdefault(strategy.pk, []).append(
                (row[1:4], _commitment(strategy, row, items, partners, code, round_))
            )
    return [_strategy(by_key[key], found[key], today) for key in by_key if key in found]


def _rows(keys: Sequence[int], strategies: list[int], rounds: Mapping[int, Round], day: date) -> Iterable[Any]:
    """Yield the fields of each commitment in the strategy's own order, the keys of its items, and the names of its partners."""
    there = Evidence.districts.through.objects.filter(evidence=OuterRef("evidence"), area__in=keys)
    items = Evidence.commitments.through.objects.filter(
        Exists(there), commitment=OuterRef("pk"), evidence__state="accepted", evidence__publishable=True
    )
    works = Organisation.districts.through.objects.filter(organisation=OuterRef("organisation"), area__in=keys)
    partners = DeliveryPartner.objects.on(day).exclude(organisation__standing=ENDED)
    if rounds:
        periods = [(key, (round_.observes_from, round_.observes_to)) for key, round_ in rounds.items()]
        here = (Q(commitment__strategy=key, evidence__happened_from__range=days) for key, days in periods)
        items = items.filter(reduce(or_, here))
        of_strategy = {key: DeliveryPartner.objects.filter(commitment__strategy=key) for key in rounds}
        partners = reduce(or_, (of_strategy[key].between(*days) for key, days in periods))
    partners = partners.filter(Exists(works), commitment=OuterRef("pk"), organisation__removed_at__isnull=True)
    partners = partners.exclude(organisation=F("commitment__strategy__owner"))
    named = partners.order_by("organisation__sort_name", "organisation_id")
    commitments = Commitment.objects.filter(strategy__in=strategies).in_order()
    counted_rows = commitments.annotate(
        items=ArraySubquery(items.values("evidence_id")[: MOST_COUNTED + 1]),
        named=ArraySubquery(named.values("organisation__name")[: 2 * MOST_COUNTED]),
    )
    for *row, of_items, names in counted_rows.values_list(*_FIELDS, "items", "named"):
        yield tuple(row), len(of_items), tuple(dict.fromkeys(names))


def _commitment(
    strategy: Strategy, row: tuple[Any, ...], items: int, partners: tuple[str, ...], code: str, round_: Round | None
) -> CommitmentHere:
    _, number, _, _, reference, title, status, at, key, added_on, closed_on, response = row
    standing = CommitmentAtGlance(
        number, reference, title, status, timezone.localdate(at) if at else None, address(strategy.slug, key),
        added_on=added_on, closed_on=closed_on, said_at=at, owner_response=response,
    )  # fmt: skip
    asked = {"district": code, "strategy": strategy.slug, "commitment": f"{strategy.slug}:{key}", "show": "published"}
    if round_:
        asked["round"] = round_.slug
    return CommitmentHere(
        standing,
        key,
        items,
        partners,
        status not in {words.COMPLETE.code, words.CLOSED.code} and not standing.awaits_response,
        f"{reverse('commitments:evidence-list')}?{urlencode(asked)}",
    )


def _strategy(strategy: Strategy, found: Sequence[tuple[tuple[Any, ...], CommitmentHere]], today: date) -> StrategyHere:
    commitments = [commitment for _, commitment in found]
    priorities = [
        (number, title, priority_address(strategy.slug, number), reference)
        for number, title, reference in dict.fromkeys(priority for priority, _ in found)
    ]
    read_on = None if strategy.is_finished(today) else today
    rows = board(priorities, [commitment.standing for commitment in commitments], today=read_on)
    with_evidence = tuple(commitment for commitment in commitments if commitment.items)
    helped = tuple(
        commitment for commitment in commitments if not commitment.items and commitment.partners and commitment.is_asked
    )
    without = [commitment for commitment in commitments if commitment.is_missed]
    return StrategyHere(
        strategy,
        lit_only(rows, (commitment.standing.reference for commitment in with_evidence)),
        tuple(commitments),
        with_evidence,
        helped,
        tuple(_without(row, without) for row in rows if any(each.standing.priority == row.number for each in without)),
        len(commitments) - len(with_evidence) - len(helped) - len(without),
    )


def _without(row: Row, commitments: Iterable[CommitmentHere]) -> WithoutWork:
    here = tuple(commitment for commitment in commitments if commitment.standing.priority == row.number)
    return WithoutWork(row.label, row.title, len(row.tiles), here)
