"""Numbers with their nouns and verbs: "1 priority", "3 priorities", "no commitment was", "three commitments were".
Pages, emails and the report all use these functions. 1 takes the singular, 0 and all other numbers the plural.
"""

from collections.abc import Sequence
from typing import Final

SPELT: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""Numbers that running text spells out; 10 and above are written in figures."""

IRREGULAR: Final = {"person": "people", "child": "children", "man": "men", "woman": "women", "half": "halves"}
_HISSING: Final = ("s", "x", "z", "ch", "sh")


def plural(noun: str) -> str:
    """Return the plural of a noun or of a phrase: ``priorities``, ``items of evidence``, ``people reached``."""
    for joint in (" of ", " with ", " without ", " in ", " for ", " reached"):
        head, joined_by, rest = noun.partition(joint)
        if joined_by:
            return f"{plural(head)}{joined_by}{rest}"
    before, space, word = noun.rpartition(" ")
    if word in IRREGULAR:
        word = IRREGULAR[word]
    elif word.endswith("y") and word[-2:-1] not in {*"aeiou", ""}:
        word = f"{word[:-1]}ies"
    else:
        word = f"{word}es" if word.endswith(_HISSING) else f"{word}s"
    return f"{before}{space}{word}"


def singular(noun: str) -> str:
    """Return the singular of a plural that somebody wrote, as far as a rule can tell: ``group``, ``item of evidence``."""
    for joint in (" of ", " with ", " without ", " in ", " for "):
        head, joined_by, rest = noun.partition(joint)
        if joined_by:
            return f"{singular(head)}{joined_by}{rest}"
    before, space, word = noun.rpartition(" ")
    back = {many: singular for singular, many in IRREGULAR.items()}
    if word in back:
        word = back[word]
    elif word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        word = word[:-1]
    return f"{before}{space}{word}"


def noun(count: int, singular: str, many: str = "") -> str:
    """Return the noun alone in the form that goes with the number: ``commitment`` or ``commitments``."""
    return singular if count == 1 else many or plural(singular)


def counted(count: int, singular: str, many: str = "") -> str:
    """Return ``1 commitment``, ``0 commitments``, ``1,204 priorities``."""
    return f"{count:,} {noun(count, singular, many)}"


def spelt(count: int, singular: str, many: str = "") -> str:
    """Return ``three commitments``, ``no commitments``, and figures from 10: ``12 commitments``."""
    return f"{in_words(count)} {noun(count, singular, many)}"


def in_words(count: int) -> str:
    """Return ``three``, and figures from 10: ``12``."""
    return SPELT[count] if 0 <= count < len(SPELT) else f"{count:,}"


def agree(count: int, singular: str, many: str) -> str:
    """Return the word that goes with the number: ``agree(1, "stands", "stand")`` is ``stands``."""
    return singular if count == 1 else many


def be(count: int) -> str:
    """Return ``is`` or ``are``."""
    return agree(count, "is", "are")


def was(count: int) -> str:
    """Return ``was`` or ``were``."""
    return agree(count, "was", "were")


def has(count: int) -> str:
    """Return ``has`` or ``have``."""
    return agree(count, "has", "have")


def capital(text: str) -> str:
    """Return a sentence with its first letter as a capital; nothing else changes."""
    return text[:1].upper() + text[1:]


def join_with_and(parts: Sequence[str]) -> str:
    """Return ``a, b and c``: commas, and "and" before the last; an empty text for no parts."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
