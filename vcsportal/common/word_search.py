"""Finds texts by words: by their beginnings in any language, by their English stems, and written together or apart.

The database keeps the words of a text in two ways in one vector (its function ``portal_words_of``): as they are written, without
accents and capitals, and as English stems. So "garden" finds "gardening", "charity" finds "charities", "cafe" finds "café",
and a text in another language is found by its own words. A search for "food bank" finds "foodbank", and the other way round.
"""

import itertools
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchConfig,
    SearchQuery,
    SearchQueryField,
    SearchVectorField,
)
from django.db.models import F, Func, QuerySet, Value
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce

APOSTROPHES: Final = "'’‘ʼ`´"
_SIGNS: Final = string.punctuation.replace("'", "").replace("`", "") + "“”‚„«»‹›–—…·•¡¿"
"""What separates words, for the database and for a search alike. PostgreSQL itself takes typographic signs for letters and
keeps addresses whole."""
_TO_SPACES: Final = str.maketrans(_SIGNS, " " * len(_SIGNS))
_WRITTEN: Final = "portal_words"
_STEMS: Final = "portal_stems"
MAX_SEARCH_WORDS: Final = 8
MAX_WORD_CHARACTERS: Final = 60
FEWEST_LETTERS_OF_A_BEGINNING: Final = 3
"""A shorter word is found whole only: nearly every text has a word that begins with a given letter."""
_FEWEST_LETTERS_OF_A_PART: Final = 3
_COMMON_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "of",
        "on",
        "or",
        "our",
        "that",
        "the",
        "their",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)
"""What hardly any text is without. A search for other words does not ask for them."""

Vector = Expression


def words_of(field: str, *, weight: str) -> Vector:
    """Return the words of a text field as a search vector; no words where a row of another table is not there.

    :param weight: ``A`` to ``D``: how much they count, and how they can be told from other fields' words.
    """
    text = Coalesce(F(field), Value("")) if "__" in field else F(field)
    words = Func(text, function="portal_words_of", output_field=SearchVectorField())
    return Func(words, Value(weight), function="setweight", output_field=SearchVectorField())


def both(first: Vector, second: Vector) -> Vector:
    """Return the words of two vectors as one."""
    return CombinedSearchVector(first, "||", second, SearchConfig(_WRITTEN))


def words_in(text: str) -> list[str]:
    """Return the first words of what someone looks for, without those that are in every text unless there are no others."""
    plain = unicodedata.normalize("NFC", text).translate(_TO_SPACES)
    visible = "".join(" " if unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cs"} else letter for letter in plain)
    words = [word.strip(APOSTROPHES)[:MAX_WORD_CHARACTERS] for word in visible.split()]
    words = [word for word in words if any(letter.isalnum() for letter in word)]
    telling = [word for word in words if word.casefold() not in _COMMON_WORDS]
    return (telling or words)[:MAX_SEARCH_WORDS]


@dataclass(frozen=True, slots=True)
class WordForms:
    """What a word is looked for as, in the database's own writing of a search: as it is written, and as a stem."""

    written: str
    stems: str


class WordQuery(SearchQuery):
    """A search in which every word has to be found, each in any of its forms.

    It writes itself in one piece: built of Django's own parts, a search takes longer to write than to answer.
    """

    def __init__(self, words: Sequence[WordForms]) -> None:
        self.function, self.config, self.invert = "to_tsquery", None, False
        Func.__init__(self, output_field=SearchQueryField())
        self.words = tuple(words)

    @property
    def identity(self) -> Any:
        """What makes it equal to another."""
        return (type(self), self.words)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **more: Any) -> Any:
        each = " && ".join([_EITHER] * len(self.words))
        return each, [text for word in self.words for text in (_WRITTEN, word.written, _STEMS, word.stems)]


_EITHER: Final = "(to_tsquery(%s::regconfig, %s) || to_tsquery(%s::regconfig, %s))"


def word_queries(words: Sequence[str], *, shortest: int = FEWEST_LETTERS_OF_A_BEGINNING) -> list[WordQuery]:
    """Return a search for each word of :func:`words_in`; a text that all of them find has all the words.

    A word is found as it begins, by its English stem, written as two words, and together with the word before or after it.

    :param shortest: how many letters the beginning of a word needs.
    """
    return [WordQuery([forms]) for forms in forms_of(words, shortest=shortest)]


def forms_of(words: Sequence[str], *, shortest: int = FEWEST_LETTERS_OF_A_BEGINNING) -> list[WordForms]:
    """Return what each word of a search is looked for as."""
    pairs = [_joined(first) + _joined(second) for first, second in itertools.pairwise(words)]
    return [
        _forms([word, *pairs[max(place - 1, 0) : place + 1]], shortest) for place, word in enumerate(words)
    ]  # fmt: skip


def having_words(
    rows: QuerySet[Any], vector: Vector | str, words: Sequence[str], *, shortest: int = FEWEST_LETTERS_OF_A_BEGINNING
) -> Any:
    """Return the rows in whose words all of these are.

    :param vector: the words of a row, as in the index: an expression of :func:`words_of`, or the name of a column.
    :param shortest: how many letters the beginning of a word needs.
    """
    return having(rows, vector, word_queries(words, shortest=shortest))


def having(rows: QuerySet[Any], vector: Vector | str, queries: Sequence[WordQuery]) -> Any:
    """Return the rows in whose words every search finds something."""
    found = rows.alias(found_by=F(vector) if isinstance(vector, str) else vector)
    for query in queries:
        found = found.filter(found_by=query)
    return found


def _joined(word: str) -> str:
    return "".join(letter for letter in word if letter not in APOSTROPHES)


def _forms(ways: Sequence[str], shortest: int) -> WordForms:
    """Return what a word is looked for as, given the ways in which it can be written."""
    written = []
    for way in ways:
        written.append("(" + " & ".join(_beginning(part, shortest) for part in _apart(way)) + ")")
        if two := _in_two(_joined(way)):
            written.append(two)
    return WordForms(" | ".join(written), " | ".join(f"'{_joined(way)}'" for way in ways))


def _apart(word: str) -> list[str]:
    """Return the parts between the apostrophes, as the database keeps them."""
    return "".join(" " if letter in APOSTROPHES else letter for letter in word).split()


def _beginning(part: str, shortest: int) -> str:
    return f"'{part}'" + (":*" if len(part) >= shortest else "")


def _in_two(word: str) -> str:
    """Return the search for the same letters as two words that follow each other, in the singular or the plural."""
    places = range(_FEWEST_LETTERS_OF_A_PART, len(word) - _FEWEST_LETTERS_OF_A_PART + 1) if word.isalpha() else ()
    return " | ".join(f"('{word[:at]}' <-> {_either_number(word[at:])})" for at in places)


def _either_number(word: str) -> str:
    singular = word[:-1] if word.casefold().endswith("s") else word
    return f"('{singular}' | '{singular}s')"
