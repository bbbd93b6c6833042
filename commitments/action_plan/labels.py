"""The names in the columns of leads and partners: “Officer 1”, “OCC / Charity 3”, “Charity 1; Charity 2”."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

LIKE_ENOUGH: Final = 0.72
"""Likeness, from 0 to 1, above which a name is offered for a label."""
_BETWEEN = re.compile(r"\s*[;\n|]\s*|\s+/\s+|(?<=\w)/(?=[A-Z])|\s*,\s+")
_NOT_SAID: Final = frozenset({"-", "–", "n/a", "na", "none", "tbc", "tba", "?", "all"})
_FOR_ALL = re.compile(r"\b(?:the|ltd|limited|cic|cio|trust|charity|council|county|district|city|town|parish|of)\b")
MAX_LABEL_CHARACTERS: Final = 120


def labels_in(text: str, known: Iterable[str] = ()) -> list[str]:
    """Return the names in a cell, each once, in their order; none for “n/a”, “TBC” and the like.

    :param known: names that are not to be taken apart, such as “Adults, Health and Care”.
    """
    whole = " ".join(text.split())
    if whole.casefold() in {name.casefold() for name in known}:
        return [whole[:MAX_LABEL_CHARACTERS]]
    found: dict[str, str] = {}
    for part in _BETWEEN.split(text.strip()):
        name = " ".join(part.split()).strip(" .,")[:MAX_LABEL_CHARACTERS]
        if name and name.casefold() not in _NOT_SAID:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def likeness(label: str, name: str) -> float:
    """Return how alike a label and a name are, from 0 to 1. Initials count: “OCC” is “Oxfordshire County Council”."""
    first, second = label.casefold().strip(), name.casefold().strip()
    if first == second:
        return 1.0
    initials = "".join(word[0] for word in re.findall(r"[a-z0-9]+", second) if word not in {"and", "of", "the", "for"})
    if len(first) >= 3 and first.replace(".", "") == initials:
        return 0.95
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return 0.0  # “Charity 1” and “Charity 2” are one letter apart, and not the same
    bare = [" ".join(_FOR_ALL.sub(" ", words).split()) or words for words in (first, second)]
    return max(_alike(first, second), _alike(*bare) - 0.05)


def _alike(first: str, second: str) -> float:
    """Return the share of letters in common; 0.0 at once where they can't be alike enough, as most are not."""
    if 2 * min(len(first), len(second)) < LIKE_ENOUGH * (len(first) + len(second)):
        return 0.0
    if 2 * (Counter(first) & Counter(second)).total() < LIKE_ENOUGH * (len(first) + len(second)):
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def most_alike(label: str, names: Sequence[tuple[str, str]], most: int = 3) -> list[str]:
    """Return the values of the names that are most like a label, the likest first.

    :param names: pairs of a value and a name, such as a key and what it is called.
    """
    scored = [(likeness(label, name), value) for value, name in names]
    good = sorted((pair for pair in scored if pair[0] >= LIKE_ENOUGH), key=lambda pair: -pair[0])
    return [value for _, value in good[:most]]
