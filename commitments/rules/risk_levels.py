"""The words of a risk's impact and likelihood, and ranges of them such as "medium to high". No score is made of the two.

Source: the four words of the plan of 2008–11. Their order says which word is higher, and nothing more: no level is a number
that could be multiplied.
"""

import re
from dataclasses import dataclass
from typing import Final

from vcsportal.common.plurals import capital


@dataclass(frozen=True, slots=True)
class Level:
    """One word. ``place`` is its place in the order, from 1, the lowest."""

    place: int
    word: str

    @property
    def label(self) -> str:
        return capital(self.word)


LEVELS: Final = (Level(1, "low"), Level(2, "medium"), Level(3, "high"), Level(4, "very high"))
LEVEL_CHOICES: Final = [(level.place, level.label) for level in LEVELS]
LOWEST, HIGHEST = LEVELS[0].place, LEVELS[-1].place
_WORD: Final = {level.place: level.word for level in LEVELS}
_PLACE: Final = {level.word: level.place for level in LEVELS}
_BETWEEN: Final = re.compile(r"\s+to\s+|\s*[–—-]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LevelRange:
    """One word, or all from one to a higher one. Both are places of :data:`LEVELS`."""

    lowest: int
    highest: int

    def __str__(self) -> str:
        """Return the words: ``medium``, ``medium to high``."""
        if self.lowest == self.highest:
            return _WORD[self.lowest]
        return f"{_WORD[self.lowest]} to {_WORD[self.highest]}"

    @property
    def label(self) -> str:
        """The words as a sentence begins: ``Medium to high``."""
        return capital(str(self))

    @property
    def is_one_word(self) -> bool:
        """Whether it is a single word rather than a range."""
        return self.lowest == self.highest

    def covers(self, place: int) -> bool:
        """Whether the word at this place is within it."""
        return self.lowest <= place <= self.highest


ALL_RANGES: Final = tuple(
    LevelRange(lower.place, higher.place)
    for size in range(len(LEVELS))
    for lower, higher in zip(LEVELS, LEVELS[size:], strict=False)
)
"""Every word, then every range of words, the shorter ones first."""


def read_range(text: str) -> LevelRange | None:
    """Return what words such as "High" or "low to medium" mean; None for anything else, and for a range that runs downwards."""
    words = [" ".join(part.split()).lower() for part in _BETWEEN.split(text.strip())]
    places = [_PLACE.get(word) for word in words]
    if not 1 <= len(places) <= 2 or None in places:
        return None
    lowest, highest = places[0], places[-1]
    if lowest is None or highest is None or lowest > highest:
        return None
    return LevelRange(lowest, highest)


EXPECTED: Final = "Write low, medium, high or very high, or a range such as “medium to high”."
"""What to say where :func:`read_range` finds nothing."""


def bounds_that_rose(before: tuple[LevelRange, LevelRange], after: tuple[LevelRange, LevelRange]) -> tuple[str, ...]:
    """Return which upper bounds are higher than before: ``impact``, ``likelihood``, both or neither.

    :param before: impact and likelihood of the assessment before, in the same scope and period.
    """
    names = ("impact", "likelihood")
    return tuple(name for name, was, now in zip(names, before, after, strict=True) if now.highest > was.highest)
