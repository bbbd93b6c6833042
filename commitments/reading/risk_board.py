"""The board of risks: impact by likelihood, four words each, all cells alike. A range covers several cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commitments.rules.risk_levels import LEVELS, Level, LevelRange


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One assessment as the board has it. ``mark`` is what its chips say, such as "4a"; ``text`` says the whole of it."""

    mark: str
    text: str
    url: str
    impact: LevelRange
    likelihood: LevelRange


@dataclass(frozen=True, slots=True)
class Chip:
    """An assessment in one cell. ``goes_on`` and ``comes_from`` say whether the cell to the right or the left has it too.

    ``is_first`` is true in one cell only, the one that the keyboard reaches.
    """

    mark: str
    text: str
    url: str
    comes_from: bool
    goes_on: bool
    is_first: bool

    @property
    def joins(self) -> str:
        """The classes that draw a range across the edge of its cell."""
        left = " app-risks__chip--comes" if self.comes_from else ""
        return f"{left} app-risks__chip--goes" if self.goes_on else left


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One impact with one likelihood. ``slots`` has a place for each lane of its row, None where the lane is empty here."""

    likelihood: Level
    slots: tuple[Chip | None, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One impact, with its cells from the lowest likelihood to the highest."""

    impact: Level
    cells: tuple[BoardCell, ...]


LIKELIHOODS: Final = LEVELS


def board(assessed: Iterable[OnBoard]) -> tuple[BoardRow, ...]:
    """Return the rows of the board, the highest impact on top. Each assessment is in every cell that its words cover.

    Within a row an assessment keeps one lane, so that its chips in neighbouring cells are beside each other.
    """
    everything = list(assessed)
    lanes = {level: _lanes([each for each in everything if each.impact.covers(level.place)]) for level in LEVELS[::-1]}
    most = max(map(len, lanes.values()), default=0)  # every row is as high as the fullest: no cell weighs more
    return tuple(_row(level, [*found, *([] for _ in range(most - len(found)))]) for level, found in lanes.items())


def _lanes(here: list[OnBoard]) -> list[list[OnBoard]]:
    lanes: list[list[OnBoard]] = []
    for each in here:
        lane = next((lane for lane in lanes if not any(_meet(each, other) for other in lane)), None)
        if lane is None:
            lanes.append([each])
        else:
            lane.append(each)
    return lanes


def _row(impact: Level, lanes: list[list[OnBoard]]) -> BoardRow:
    return BoardRow(
        impact, tuple(BoardCell(level, tuple(_chip(impact, level, lane) for lane in lanes)) for level in LIKELIHOODS)
    )


def _meet(left: OnBoard, right: OnBoard) -> bool:
    return left.likelihood.lowest <= right.likelihood.highest and right.likelihood.lowest <= left.likelihood.highest


def _chip(impact: Level, level: Level, lane: list[OnBoard]) -> Chip | None:
    found = next((each for each in lane if each.likelihood.covers(level.place)), None)
    if found is None:
        return None
    begins = level.place == found.likelihood.lowest
    return Chip(
        found.mark,
        found.text,
        found.url,
        comes_from=not begins,
        goes_on=level.place < found.likelihood.highest,
        is_first=begins and impact.place == found.impact.highest,
    )
