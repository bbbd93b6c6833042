"""Which published evidence the portal's search finds. Of a word that very many items have, it looks at the newest alone.

PostgreSQL can find the newest items with a word in two ways. It reads items from the newest on until enough have the word, which is
quick for a word that many have; or it asks the index of words for all that have it and sorts them, which is quick for one that few
have. Its own guess, of how many have a word, is too rough to choose between them, so the newest items are looked at first.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from django.db.models import BooleanField, DateField, Exists, ExpressionWrapper, F, Func, OuterRef, Q

from commitments.models import Consent, Evidence
from commitments.queries.organisation_names import organisations_named
from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.query_plans import by_indexes_alone, rows_of
from vcsportal.common.ranked_search import WordSearch, by_rank, rank_of, with_rank
from vcsportal.common.word_search import WordQuery

_NEWEST_FIRST: Final = ("-happened_from", "-id")
_BY_NO_INDEX: Final = (
    Func(F("happened_from"), template="(%(expressions)s + 0)", output_field=DateField()).desc(),
    "-id",
)
"""The same order, which PostgreSQL does not take for that of an index."""
_LOOKED_AT: Final = (1_200, 4_000)
"""How many of the newest items that have the words are looked at: the second number where consents keep too many of the first back."""
SAMPLED: Final = 600
FEW_ITEMS: Final = 5_000
"""With so few items in all they are read from the newest on, without another question."""


def find_evidence(words: Sequence[str], today: date) -> list[int]:
    """Return the keys of evidence as a :class:`~vcsportal.common.ranked_search.RankedSearch` does. Six queries at most, but for rare cases.

    What consents keep back is asked of the newest alone, and of these only where there is a consent: asked of each item that
    has a common word, it would take longer than all the rest.
    """
    organisations = organisations_named(words)
    newest_first = _read_newest_first(words, organisations)
    for most in _LOOKED_AT:
        newest = _newest(words, organisations, most=most, newest_first=newest_first)
        among = sorted(key for key, _, asked_about in newest if asked_about)
        hidden = set(among) - set(_READABLE_AMONG(words, organisations, today=today, among=among) if among else ())
        ranked = [(key, rank) for key, rank, _ in newest if key not in hidden]
        if len(newest) < most or len(ranked) > MAX_COUNTED:
            return by_rank(ranked[: MAX_COUNTED + 1])
    return by_rank(_RANKED_OF_ALL(words, organisations, today=today))


def _read_newest_first(words: Sequence[str], organisations: dict[str, list[int]]) -> bool:
    """Whether to read items from the newest on: whether enough that have the words are met before the index would have found all.

    At a share ``s`` of ``n`` items the first reads ``most / s`` items, and the second ``s * n``.
    """
    if (items := rows_of(Evidence)) <= FEW_ITEMS:
        return True
    share: float = sum(_SAMPLE(words, organisations)) / SAMPLED
    return share * share * items > _LOOKED_AT[0]


def _newest(
    words: Sequence[str], organisations: dict[str, list[int]], *, most: int, newest_first: bool
) -> list[tuple[int, float, bool]]:
    """Return the key of each of the newest items that have the words, how good it is, and whether anyone was asked for a consent."""
    search = _searches(most, newest_first)
    if newest_first:
        return search(words, organisations)
    with by_indexes_alone():
        return search(words, organisations)


@cache
def _searches(most: int, newest_first: bool) -> WordSearch:
    order = _NEWEST_FIRST if newest_first else _BY_NO_INDEX
    asked = Consent.objects.filter(evidence=OuterRef("pk"), file=None)

    def build(queries: Sequence[WordQuery], keys: Any) -> Any:
        first = Evidence.objects.visible_to(None).filter(*_having(queries, keys)).order_by(*order)[:most]
        rows = Evidence.objects.filter(pk__in=first.values("pk")).order_by(*_NEWEST_FIRST)
        return rows.values_list("pk", rank_of("words", queries), Exists(asked))

    return WordSearch(build)


def _having(queries: Sequence[WordQuery], keys: Any) -> list[Q]:
    """Return the conditions that an item has each word, or is of an organisation of that name."""
    return [Q(words=query) | Q(organisation__in=named) for query, named in zip(queries, keys, strict=True)]


def _sample(queries: Sequence[WordQuery], keys: Any) -> Any:
    has = ExpressionWrapper(Q(*_having(queries, keys)), output_field=BooleanField())
    return Evidence.objects.visible_to(None).order_by(*_NEWEST_FIRST)[:SAMPLED].values_list(has, flat=True)


def _readable(queries: Sequence[WordQuery], keys: Any, today: date) -> Any:
    return Evidence.objects.visible_to(None).having(queries, keys, today, None, told=[[]] * len(queries))


_SAMPLE: Final = WordSearch(_sample)
_READABLE_AMONG: Final = WordSearch(
    lambda queries, keys, today, among: _readable(queries, keys, today).filter(pk__in=among).values_list("pk", flat=True)
)  # fmt: skip
_RANKED_OF_ALL: Final = WordSearch(
    lambda queries, keys, today: with_rank(_readable(queries, keys, today), "words", queries, order=_NEWEST_FIRST)
)
