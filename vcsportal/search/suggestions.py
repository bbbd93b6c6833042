"""What to try when nothing is found: words that are like those that were typed, each found in what anyone may read.

The words come from the public titles and names of the portal as they are at this moment, and a suggestion is made only if the search
finds something with it. So nothing that is not public can be guessed from it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import connection

from vcsportal.common.excerpts import WORD
from vcsportal.common.word_search import words_in
from vcsportal.search.results import KINDS

MOST_SUGGESTED: Final = 3
LEAST_LIKENESS: Final = 0.35
"""Of the trigrams of two words, the share that both have (``pg_trgm``)."""
_FEWEST_LETTERS: Final = 4


def suggestions(query: str, today: date) -> list[str]:
    """Return other searches that find something: with words of the portal in the place of those that nothing has, then with fewer words."""
    words = words_in(query)
    likely = _corrected(words, _public_words(today)) + ([] if len(words) == 1 else _single(words))
    tried: list[str] = []
    for other in dict.fromkeys(likely):
        if len(tried) == MOST_SUGGESTED:
            break
        if _finds_anything(other, today):
            tried.append(other)
    return tried


def _finds_anything(query: str, today: date) -> bool:
    words = words_in(query)
    return any(kind.find(words, today) for kind in KINDS)


def _public_words(today: date) -> set[str]:
    texts = (text for kind in KINDS for text in kind.vocabulary(today))
    return {word for text in texts for word in WORD.findall(text.casefold()) if len(word) >= _FEWEST_LETTERS}


def _corrected(words: list[str], known: set[str]) -> list[str]:
    """Return the search with the likeliest words in the place of those that are not known, then with the next likely ones."""
    plain = [word.casefold() for word in words]
    unknown = [
        word for word in plain if len(word) >= _FEWEST_LETTERS and not any(other.startswith(word) for other in known)
    ]
    likely = _like(unknown, known)
    ways = max((len(found) for found in likely.values()), default=0)
    return [
        " ".join(found[min(way, len(found) - 1)] if (found := likely.get(word)) else word for word in plain)
        for way in range(ways)
    ]


def _like(asked: Iterable[str], known: set[str]) -> dict[str, list[str]]:
    """Return the known words that are most like each, the likeliest first. One query, none for nothing."""
    words = list(asked)
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked, found.word FROM unnest(%s) AS asked, LATERAL ("
            "  SELECT word FROM unnest(%s) AS word WHERE similarity(word, asked) >= %s"
            "  ORDER BY similarity(word, asked) DESC, word LIMIT %s"
            ") AS found",
            [words, sorted(known), LEAST_LIKENESS, MOST_SUGGESTED],
        )
        found: dict[str, list[str]] = {}
        for word, other in cursor.fetchall():
            found.setdefault(word, []).append(other)
    return found


def _single(words: list[str]) -> list[str]:
    """Return each word alone, the longest first."""
    return sorted(words, key=len, reverse=True)
