"""How long the texts of a success measure and a team may be, and which days are within reason."""

from datetime import date
from typing import Final

MAX_MEASURE_CHARACTERS: Final = 2_000
MAX_AGREED_BY_CHARACTERS: Final = 200
MAX_TEAM_CHARACTERS: Final = 120
MAX_RELATED: Final = 50
"""Commitments that can be related to one."""
EARLIEST_DAY: Final = date(1900, 1, 1)
LATEST_DAY: Final = date(2199, 12, 31)
"""Days outside these two are taken for typing errors."""
