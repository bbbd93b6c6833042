"""The table of districts: what organisations did in each, in this round and in the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from commitments.rules.evidence_figures import SUMMED_FIGURES
from reporting.exports.tables import Column, TableDefinition
from reporting.facts import Report
from reporting.narrative import districts
from reporting.narrative.definitions import meaning
from reporting.narrative.districts import DistrictCompared, DistrictRound
from vcsportal.common.columns import NUMBER, TEXT


@dataclass(frozen=True, slots=True)
class DistrictInRound:
    """A district in one round."""

    row: DistrictCompared
    of_round: DistrictRound


def _found(report: Report) -> Iterable[DistrictInRound]:
    for row in districts.rows(report):
        for of_round in (row.before, row.now):
            if of_round is not None:
                yield DistrictInRound(row, of_round)


def _total(code: str, thing: DistrictInRound) -> int | None:
    found = districts.sum_of(thing.of_round, code)
    return found.total if found else None


def _given(code: str, thing: DistrictInRound) -> int:
    found = districts.sum_of(thing.of_round, code)
    return found.given if found else 0


def _sums() -> Iterable[Column]:
    for figure in SUMMED_FIGURES:
        says = f"{meaning(figure.code)} Empty if none gave a number. {figure.data_note or figure.sum_note}".strip()
        yield Column(figure.code, NUMBER, says, partial(_total, figure.code), figure.column_unit)
        yield Column(
            f"{figure.code}_given_by", NUMBER, f"How many items gave a number of {figure.many}: the base of the sum before.",
            partial(_given, figure.code), "items of evidence",
        )  # fmt: skip


DISTRICTS: Final = TableDefinition(
    "districts",
    "What organisations did in each district",
    "One row for each district in the year before and in the year reported on. An item that names several districts counts in each of them, so rows can’t be added up.",
    (
        Column("gss_code", TEXT, "The district's GSS code.", lambda thing: thing.row.area.gss_code),
        Column("district", TEXT, "The district's name.", lambda thing: thing.row.area.name),
        Column("round", TEXT, "The year, for example 2023-24.", lambda thing: thing.of_round.round),
        Column("pieces_of_evidence", NUMBER, "Items of evidence that name it.", lambda thing: thing.of_round.items, "items of evidence"),
        Column("organisations", NUMBER, "Organisations that sent them.", lambda thing: thing.of_round.organisations, "organisations"),
        Column("commitments", NUMBER, "Commitments that the items are for.", lambda thing: thing.of_round.commitments, "commitments"),
        *_sums(),
    ),
    _found,
)  # fmt: skip
