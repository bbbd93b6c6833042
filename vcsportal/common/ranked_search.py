"""Searches by words that are asked again and again, with the best first. Their SQL is built once for each number of words.

Building a search in the ORM takes longer than PostgreSQL needs to answer it (:mod:`vcsportal.common.prepared_queries`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet, Value

from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.word_search import (
    FEWEST_LETTERS_OF_A_BEGINNING,
    Vector,
    WordForms,
    WordQuery,
    forms_of,
    having,
)

_WEIGHTS: Final = [0.1, 0.2, 0.3, 1.0]
"""What a word counts for the place in the list, by weight from D to A. However often a word is in a text of weight B, a title with it comes first."""


class WordSearch:
    """A question about words, whose SQL is built once for each number of words.

    :param build: returns the queryset for a search of each word, and for values as :class:`PreparedQuery` takes them. If keys
        are given with each word, they come as a list of lists, one for each word, named ``keys``.
    :param shortest: how many letters the beginning of a word needs.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any]], *, shortest: int = FEWEST_LETTERS_OF_A_BEGINNING
    ) -> None:  # fmt: skip
        self._build, self._shortest = build, shortest
        self._ask = PreparedQuery(self._built)

    def __call__(self, words: Sequence[str], keys: Mapping[str, list[int]] | None = None, **values: Any) -> list[Any]:
        """Return what is found for these words.

        :param keys: for each word the keys of what it means besides, such as organisations of that name.
        """
        forms = forms_of(words, shortest=self._shortest)
        named = {f"keys_{place}": keys[word] for place, word in enumerate(words)} if keys is not None else {}
        return self._ask(
            **{f"written_{place}": word.written for place, word in enumerate(forms)},
            **{f"stems_{place}": word.stems for place, word in enumerate(forms)},
            **named,
            **values,
        )

    def _built(self, **values: Any) -> QuerySet[Any]:
        queries = [
            WordQuery([WordForms(written, stems)])
            for written, stems in zip(_taken(values, "written_"), _taken(values, "stems_"), strict=True)
        ]
        keys = _taken(values, "keys_")
        return self._build(queries, **({"keys": keys} if keys else {}), **values)


def _taken(values: dict[str, Any], beginning: str) -> list[Any]:
    """Take the values out whose names begin so, in their order."""
    return [values.pop(name) for name in list(values) if name.startswith(beginning)]


class RankedSearch:
    """Returns the keys of rows that are found, the best first; of equally good ones, the first in ``order``.

    Of more than :data:`~vcsportal.common.long_lists.MAX_COUNTED` rows only so many of the first are ranked, and one more key
    than that is returned.

    :param rows: returns the rows among which to look, for values as :class:`PreparedQuery` takes them.
    :param vector: the words of a row, as in the index: an expression, or the name of a column.
    :param order: the names of fields, as for ``order_by``.
    """

    def __init__(
        self, rows: Callable[..., QuerySet[Any]], vector: Vector | str, *, order: Sequence[str], shortest: int = FEWEST_LETTERS_OF_A_BEGINNING
    ) -> None:  # fmt: skip
        self._ask = WordSearch(
            lambda queries, **values: with_rank(having(rows(**values), vector, queries), vector, queries, order=order),
            shortest=shortest,
        )

    def __call__(self, words: Sequence[str], **values: Any) -> list[Any]:
        return by_rank(self._ask(words, **values))


def with_rank(found: QuerySet[Any], vector: Vector | str, queries: Sequence[WordQuery], *, order: Sequence[str]) -> QuerySet[Any]:  # fmt: skip
    """Return pairs of a key and how good it is, for the first rows that were found."""
    return found.order_by(*order)[: MAX_COUNTED + 1].values_list("pk", rank_of(vector, queries))


def rank_of(vector: Vector | str, queries: Sequence[WordQuery]) -> SearchRank:
    """Return how good a row is that every one of these finds."""
    whole = WordQuery([word for query in queries for word in query.words])
    return SearchRank(F(vector) if isinstance(vector, str) else vector, whole, weights=Value(_WEIGHTS))


def by_rank(rows: Sequence[tuple[Any, float]]) -> list[Any]:
    """Return the keys of such pairs, the best first."""
    return [key for key, _ in sorted(rows, key=lambda row: -row[1])]


def first_keys(found: QuerySet[Any], *, order: Sequence[str], key: str = "pk") -> QuerySet[Any]:
    """Return the keys of rows that were found in their order, as many as :class:`RankedSearch` returns.

    For what has no title, in which no place of a word counts more than another.
    """
    return found.order_by(*order)[: MAX_COUNTED + 1].values_list(key, flat=True)
