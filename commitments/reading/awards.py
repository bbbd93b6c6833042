"""Grants and contracts as the page about money and the export show them, with sums by kind, year and currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commitments.models import Award
from commitments.rules.awards import AWARD_KINDS, CURRENCIES, AwardSum, sums
from commitments.rules.indicators import say_amount


@dataclass(frozen=True, slots=True)
class AwardLine:
    """A grant or a contract in a list."""

    pk: int
    url: str
    title: str
    kind: str
    amount: str
    year: str
    award: Award
    recipient: str
    recipient_url: str
    districts: str
    programme: str


@dataclass(frozen=True, slots=True)
class AwardSumLine:
    """What awards of one kind and one year come to: ``12 grants``, ``£45,000``."""

    year: str
    counted: str
    amount: str


def money(amount: Decimal, currency: str) -> str:
    """Return an amount as it is printed: ``£4,200.50``, ``£12,000``."""
    return say_amount(amount, CURRENCIES.get(currency, currency))


def award_lines(awards: Iterable[Award]) -> list[AwardLine]:
    """Return the lines of awards whose recipients and districts are read with them."""
    kinds = dict(AWARD_KINDS)
    return [
        AwardLine(
            award.pk,
            award.get_absolute_url(),
            award.title,
            kinds[award.kind],
            money(award.amount_awarded, award.currency),
            award.year,
            award,
            award.recipient_said,
            award.recipient.get_absolute_url() if award.recipient else "",
            ", ".join(sorted(area.name for area in award.districts.all())),
            award.grant_programme,
        )
        for award in awards
    ]


def read_with(awards: Any) -> Any:
    """Return the query with what a line shows of each award."""
    return awards.select_related("recipient", "figure").prefetch_related("districts")


def sum_lines(awards: Any) -> list[AwardSumLine]:
    """Return the sums of a query of awards by year and kind. One query."""
    rows = awards.order_by().only("award_date", "kind", "currency", "amount_awarded")
    return [sum_line(row) for row in sums(rows)]


def sum_line(row: AwardSum) -> AwardSumLine:
    """Return a sum in words."""
    return AwardSumLine(row.year, row.counted, money(row.amount, row.currency))
