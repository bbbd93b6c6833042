"""How long the texts of a point may be, on its pages, in the API and in a strategy's file."""

from typing import Final

MAX_WORDS_CHARACTERS: Final = 5_000
MAX_LINE_CHARACTERS: Final = 200
