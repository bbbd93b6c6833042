"""Marks the words of a search in a text, and cuts the part out that has them: by the same rules as the search itself.

What a word is made of, its letters without accents and its English stem, is asked of the database once and kept in the process.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from vcsportal.common.word_search import APOSTROPHES, FEWEST_LETTERS_OF_A_BEGINNING, MAX_WORD_CHARACTERS

LONGEST_EXCERPT: Final = 240
_BEFORE: Final = 70
"""Characters before the first word that was looked for."""
_LONGEST_READ: Final = 20_000
MAX_KEPT: Final = 20_000
WORD: Final = re.compile(rf"\w+(?:[{re.escape(APOSTROPHES)}]\w+)*")
_NO_APOSTROPHES: Final = str.maketrans("", "", APOSTROPHES)
_kept: dict[str, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class ExcerptPart:
    """A part of a text, and whether it is one of the words that were looked for."""

    text: str
    found: bool


def made_of(words: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return each word as it is kept for the search, without accents and capitals, and its English stem, "" for none. One query at most."""
    asked = {word[:MAX_WORD_CHARACTERS] for word in words}
    known = {word: _kept[word] for word in asked if word in _kept}
    if new := sorted(asked - known.keys()):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word, array_to_string(tsvector_to_array(to_tsvector('portal_words', word)), ' '),"
                " array_to_string(tsvector_to_array(to_tsvector('portal_stems', word)), ' ') FROM unnest(%s) AS word",
                [new],
            )
            fresh = {word: (written, stem) for word, written, stem in cursor.fetchall()}
        if len(_kept) + len(fresh) > MAX_KEPT:
            _kept.clear()
        _kept.update(fresh)
        known.update(fresh)
    return known


class Marker:
    """Marks the words of a search in texts. One query for all texts at most."""

    def __init__(self, words: Sequence[str], texts: Iterable[str]) -> None:
        """:param words: those of :func:`vcsportal.common.word_search.words_in`.
        :param texts: all texts that will be marked.
        """
        pairs = [first + second for first, second in itertools.pairwise(words)]
        asked = [_without_apostrophes(word) for word in (*words, *pairs)]
        asked += [part for word in words for part in re.split(rf"[{re.escape(APOSTROPHES)}]", word) if len(part) > 1]
        found = {_without_apostrophes(word) for text in texts for word in WORD.findall(text[:_LONGEST_READ])}
        self._known = made_of([*asked, *found])
        written = {self._known[word[:MAX_WORD_CHARACTERS]][0] for word in asked} - {""}
        self._beginnings = tuple(word for word in written if len(word) >= FEWEST_LETTERS_OF_A_BEGINNING)
        self._whole = written
        self._stems = {self._known[word[:MAX_WORD_CHARACTERS]][1] for word in asked} - {""}

    def finds(self, word: str) -> bool:
        """Whether a word of one of the texts is one of those that were looked for."""
        parts = [_without_apostrophes(word), *re.split(rf"[{re.escape(APOSTROPHES)}]", word)]
        for part in parts:
            written, stem = self._known.get(part[:MAX_WORD_CHARACTERS], (part.casefold(), ""))
            if written and (written in self._whole or written.startswith(self._beginnings) or stem in self._stems):
                return True
        return False

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return where the words stand that were looked for; two words that are one of them written apart count as well."""
        tokens = [(match.start(), match.end(), match.group()) for match in WORD.finditer(text[:_LONGEST_READ])]
        places = [(start, end) for start, end, word in tokens if self.finds(word)]
        for first, second in itertools.pairwise(tokens):
            joined = self._written(first[2]) + self._written(second[2])
            if joined in self._whole or joined.removesuffix("s") in self._whole:
                places += [(first[0], first[1]), (second[0], second[1])]
        return sorted(set(places))

    def _written(self, word: str) -> str:
        return self._known.get(_without_apostrophes(word)[:MAX_WORD_CHARACTERS], (word.casefold(), ""))[0]

    def marked(self, text: str) -> list[ExcerptPart]:
        """Return a whole text in parts, those marked that were looked for."""
        return _in_parts(text, self._places(text))

    def excerpt(self, texts: Iterable[str]) -> list[ExcerptPart]:
        """Return the part of the first text that has a word that was looked for; the beginning of the first where none has."""
        plain = [" ".join(text.split()) for text in texts if text.strip()]
        for text in plain:
            if places := self._places(text):
                start, end = _window(text, places[0][0])
                inside = [(first - start, last - start) for first, last in places if first >= start and last <= end]
                return _with_dots(_in_parts(text[start:end], inside), start > 0, end < len(text))
        if not plain:
            return []
        start, end = _window(plain[0], 0)
        return _with_dots([ExcerptPart(plain[0][start:end], found=False)], False, end < len(plain[0]))


def _without_apostrophes(word: str) -> str:
    return word.translate(_NO_APOSTROPHES)


def _window(text: str, place: int) -> tuple[int, int]:
    """Return the beginning and the end of an excerpt around a place, at the spaces between words."""
    start = 0 if place <= _BEFORE or len(text) <= LONGEST_EXCERPT else text.find(" ", place - _BEFORE) + 1
    if start > place:
        start = place
    end = start + LONGEST_EXCERPT
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", start, end)
    return start, space if space > place else end


def _in_parts(text: str, places: Sequence[tuple[int, int]]) -> list[ExcerptPart]:
    parts, done = [], 0
    for start, end in places:
        if start > done:
            parts.append(ExcerptPart(text[done:start], found=False))
        parts.append(ExcerptPart(text[start:end], found=True))
        done = end
    if done < len(text):
        parts.append(ExcerptPart(text[done:], found=False))
    return parts


def _with_dots(parts: list[ExcerptPart], before: bool, after: bool) -> list[ExcerptPart]:
    return [
        *([ExcerptPart("… ", found=False)] if before else []),
        *parts,
        *([ExcerptPart(" …", found=False)] if after else []),
    ]
