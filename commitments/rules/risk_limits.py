"""How long the texts of a risk may be, and how many leads it may have."""

from typing import Final

MAX_WORDS_CHARACTERS: Final = 1_000
MAX_CONTROLS_CHARACTERS: Final = 4_000
MAX_NOTE_CHARACTERS: Final = 2_000
MAX_REASON_CHARACTERS: Final = 2_000
MAX_CONDITION_CHARACTERS: Final = 500
MAX_SCOPE_CHARACTERS: Final = 200
MAX_PERIOD_CHARACTERS: Final = 60
MAX_LEAD_CHARACTERS: Final = 500
MAX_LEADS: Final = 20
