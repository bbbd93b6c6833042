"""What several tables read from the facts: parts of things, words of statuses, sums with their bases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from commitments.rules.evidence_figures import SUMMED_FIGURES
from reporting.exports.tables import Column
from reporting.facts import EvidenceFacts
from reporting.narrative import standings
from reporting.narrative.definitions import meaning
from vcsportal.common.columns import NUMBER

Pieces = Callable[[Any], Iterable[EvidenceFacts]]
NOTHING_RECEIVED: Final = "No update was received"
"""Printed in place of a status, as in the report itself. It is not a status, and does not mean that nothing was done."""
NOT_YET: Final = "Not yet a commitment"


@dataclass(frozen=True, slots=True)
class NumberedPart:
    """Something that belongs to another thing, as ``number`` in its order, beginning with 1."""

    of: Any
    thing: Any
    number: int


def parts(things: Iterable[Any], name: str) -> Iterable[NumberedPart]:
    """Yield the parts that the things hold under ``name``, in order."""
    for thing in things:
        for number, part in enumerate(getattr(thing, name), start=1):
            yield NumberedPart(thing, part, number)


def word(status: str, *, was_there: bool = True) -> str:
    """Return the standing in words; for a commitment that had not joined the strategy by then, that it had not."""
    if status:
        return standings.of(status).label
    return NOTHING_RECEIVED if was_there else NOT_YET


def figures(pieces: Pieces, note: str = "") -> tuple[Column, ...]:
    """The sums of what the pieces say, each with the number of pieces that gave one: never a sum without its base."""
    columns: list[Column] = []
    for figure in SUMMED_FIGURES:
        field, what = figure.code, figure.many
        says = f"{meaning(field)} Empty if none gave a number. {figure.data_note or figure.sum_note} {note}"
        columns += [
            Column(field, NUMBER, " ".join(says.split()), partial(_sum, pieces, field), figure.column_unit),
            Column(
                f"{field}_given_by", NUMBER, f"How many items gave a number of {what}: the base of the sum before.",
                partial(_given, pieces, field), "items of evidence",
            ),
        ]  # fmt: skip
    return tuple(columns)


def _sum(pieces: Pieces, field: str, thing: Any) -> int | None:
    given = [value for piece in pieces(thing) if (value := getattr(piece, field)) is not None]
    return sum(given) if given else None


def _given(pieces: Pieces, field: str, thing: Any) -> int:
    return sum(getattr(piece, field) is not None for piece in pieces(thing))
