"""Which names of organisations are so alike that they may be the same one."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final, TypeVar

from vcsportal.common.names import sort_name

Key = TypeVar("Key")
_COMMON: Final = frozenset(
    "a and at charity charitable cic cio co company for group in limited ltd of on organisation organization the trust uk".split()  # noqa: SIM905
)
"""Words that many names have, and that people leave out or add."""
_ALIKE: Final = 0.86
MOST_ALIKE: Final = 5


def telling_words(name: str) -> tuple[str, ...]:
    """Return the words that tell a name from others, in their order; all of them where every word is common."""
    words = re.findall(r"[^\W_]+", sort_name(name.replace("’", "").replace("'", "").replace("&", " and ")))
    return tuple(word for word in words if word not in _COMMON) or tuple(words)


def are_alike(first: str, second: str) -> bool:
    """Whether two names may mean the same organisation: the same telling words, or spelt nearly so."""
    return _score(telling_words(first), telling_words(second)) >= _ALIKE


def alike(name: str, named: Iterable[tuple[Key, str]]) -> list[Key]:
    """Return the keys of the names that are like ``name``, the likeliest first, :data:`MOST_ALIKE` at most.

    :param named: a key and a name of each; several names may have one key.
    """
    mine = telling_words(name)
    scores: dict[Key, float] = {}
    for key, other in named:
        if (score := _score(mine, telling_words(other))) >= _ALIKE:
            scores[key] = max(score, scores.get(key, 0.0))
    return sorted(scores, key=lambda key: -scores[key])[:MOST_ALIKE]


def _score(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return how alike two lists of words are, from 0 to 1."""
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return 1.0
    my_text, other_text = " ".join(sorted(first)), " ".join(sorted(second))
    longer, shorter = max(len(my_text), len(other_text)), min(len(my_text), len(other_text))
    if 2 * shorter / (longer + shorter) < _ALIKE:
        return 0.0  # so different in length that no letters could make them alike
    matcher = SequenceMatcher(None, my_text, other_text, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
