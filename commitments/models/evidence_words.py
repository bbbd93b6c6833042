"""How the words of evidence are searched: without an English dictionary, as stories come in many languages.

PostgreSQL keeps the words of title and story beside each item (weights A and B). A search asks for the beginnings of words,
so that "garden" finds "gardening"; a word in "s" finds the word without it, too.
"""

import string
from datetime import date
from typing import Any, Final

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchConfig,
    SearchQuery,
    SearchVector,
    SearchVectorField,
)
from django.db.models import BooleanField, ExpressionWrapper, F, Func, TextField, Value

_SIGNS: Final = string.punctuation + "“”‘’‚„«»‹›–—…·•¡¿"
"""What separates words, for the database and for a search alike. PostgreSQL itself takes typographic signs for letters and
keeps addresses whole."""
_ANY_SIGN: Final = f"[]{_SIGNS.replace(']', '').replace('-', '').replace(chr(92), chr(92) * 2)}-]"
"""One of these as a regular expression of PostgreSQL, which is twelve times as fast as its ``translate``."""
_TO_SPACES: Final = str.maketrans(_SIGNS, " " * len(_SIGNS))
_CONFIG: Final = SearchConfig("simple")
MAX_SEARCH_WORDS: Final = 8


def words_of_evidence(title: str, story: str) -> CombinedSearchVector:
    """Return the words of two fields as one search vector."""
    first, second = (
        SearchVector(
            Func(
                F(field), Value(_ANY_SIGN), Value(" "), Value("g"), function="regexp_replace", output_field=TextField()
            ),
            config=_CONFIG,
            weight=weight,
        )
        for field, weight in ((title, "A"), (story, "B"))
    )
    return CombinedSearchVector(first, "||", second, _CONFIG)


def readable_words(today: date, insider: Any) -> Func:
    """Return the words of an item as far as they may be read on the portal on this day.

    A function of the database states the rule of ``EvidenceQuerySet.with_story_state`` once more: written out in the query,
    it would make PostgreSQL choose a way that reads everything.

    :param insider: the condition under which the person sees all of the item.
    """
    return Func(
        F("words"),
        F("pk"),
        Value(today),
        ExpressionWrapper(insider, output_field=BooleanField()),
        function="portal_readable_words",
        output_field=SearchVectorField(),
    )


def words_in(text: str) -> list[str]:
    """Return the first words of what somebody looks for."""
    return text.translate(_TO_SPACES).split()[:MAX_SEARCH_WORDS]


def prefix_query(word: str) -> SearchQuery:
    """Return the search for words that begin with one of :func:`words_in`, or whose English plural it is: "banks" finds "bank"."""
    singular = f" | '{word[:-1]}'" if _is_plural(word.casefold()) else ""
    return SearchQuery(f"'{word}':*{singular}", config=_CONFIG, search_type="raw")


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss")
