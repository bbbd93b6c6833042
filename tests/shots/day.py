"""The day of the demo story on which the pictures of the help pages are taken."""

from datetime import date
from typing import Final

DAY: Final = date(2026, 11, 26)
