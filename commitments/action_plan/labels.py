"""The names in the columns of leads and partners: “Officer 1”, “OCC / Charity 3”, “Charity 1; Charity 2”."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class ComparableName:
    """A name, prepared once for thousands of comparisons.

    :ivar bare: without the words that many names have, such as "The" and "Council".
    """

    value: str
    folded: str
    bare: str
    initials: str
    digits: tuple[str, ...]
    letters: Counter[str]
    bare_letters: Counter[str]

    @classmethod
    def of(cls, name: str, value: str = "") -> "ComparableName":
        """Prepare a name. ``value`` is what stands for it, such as a key."""
        folded = name.casefold().strip()
        bare = " ".join(_FOR_ALL.sub(" ", folded).split()) or folded
        words = (word for word in re.findall(r"[a-z0-9]+", folded) if word not in {"and", "of", "the", "for"})
        return cls(
            value, folded, bare, "".join(word[0] for word in words), tuple(re.findall(r"\d+", folded)), Counter(folded),
            Counter(bare),
        )  # fmt: skip


def likeness(label: ComparableName, name: ComparableName) -> float:
    """Return how alike a label and a name are, from 0 to 1. Initials count: “OCC” is “Oxfordshire County Council”."""
    if label.folded == name.folded:
        return 1.0
    if len(label.folded) >= 3 and label.folded.replace(".", "") == name.initials:
        return 0.95
    if label.digits != name.digits:
        return 0.0  # “Charity 1” and “Charity 2” are one letter apart, and not the same
    return max(
        _alike(label.folded, name.folded, label.letters, name.letters),
        _alike(label.bare, name.bare, label.bare_letters, name.bare_letters) - 0.05,
    )


def _alike(first: str, second: str, letters: Counter[str], others: Counter[str]) -> float:
    """Return the share of letters in common; 0.0 at once where they can't be alike enough, as most are not."""
    enough = LIKE_ENOUGH * (len(first) + len(second))
    if 2 * min(len(first), len(second)) < enough:
        return 0.0
    common = 0
    for letter, count in letters.items():
        common += min(count, others.get(letter, 0))
    if 2 * common < enough:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def most_alike(label: str, names: Sequence[ComparableName], most: int = 3) -> list[str]:
    """Return the values of the names that are most like a label, the most similar first."""
    prepared = ComparableName.of(label)
    scored = [(likeness(prepared, name), name.value) for name in names]
    good = sorted((pair for pair in scored if pair[0] >= LIKE_ENOUGH), key=lambda pair: -pair[0])
    return [value for _, value in good[:most]]
