"""Which organisations somebody means by the words that they look for."""

from collections.abc import Sequence
from typing import Final

from partners.models import Organisation
from vcsportal.common.ranked_search import WordSearch

_NAMED: Final = WordSearch(lambda queries: Organisation.objects.public().named_with_any(queries))


def organisations_named(words: Sequence[str]) -> dict[str, list[int]]:
    """Return for each word the keys of the organisations in the directory that have it in their name or a former name. One query."""
    rows = _NAMED(words) if words else []
    return {word: [row[0] for row in rows if row[place]] for place, word in enumerate(words, 1)}
