"""Where a council's districts stand on a map of equal tiles, by their GSS codes.

The places are rough and drawn by us: each tile touches those of its neighbours and has the same size, whatever the area or the
number of people. A council whose districts are not here is shown a table alone.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TilePlace:
    """A tile's upper left corner in halves of a tile, counted from the left and from the top."""

    column: int
    row: int


TILE_PLACES: Final = {
    "E07000177": TilePlace(2, 0),  # Cherwell, in the north
    "E07000181": TilePlace(0, 1),  # West Oxfordshire
    "E07000178": TilePlace(2, 2),  # Oxford, in the middle
    "E07000180": TilePlace(0, 3),  # Vale of White Horse
    "E07000179": TilePlace(2, 4),  # South Oxfordshire
}
