"""What a floor says of one kind of thing that the search finds. It imports no app."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from vcsportal.common.prepared_queries import PreparedQuery


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, as everyone may read it.

    ``texts`` are what it says, in the order of the page; the words that were looked for are shown in the first that has them.
    ``about`` says where it belongs, such as its organisation and its place; ``language`` is that of its words, "" for the portal's.
    """

    title: str
    url: str
    texts: tuple[str, ...] = ()
    about: str = ""
    day: date | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind: its code in addresses, what people call several of them, and three functions.

    ``find`` returns the keys of what has every word, as far as anyone may read it, the best first: one more than
    :data:`~vcsportal.common.long_lists.MAX_COUNTED` at most. ``show`` returns the things with these keys, in their order, and
    asks once more what anyone may read. ``vocabulary`` returns texts that anyone may read, whose words can be suggested.
    """

    code: str
    several: str
    find: Callable[[Sequence[str], date], list[Any]]
    show: Callable[[Sequence[Any], date], list[Hit]]
    vocabulary: Callable[[date], Iterable[str]]


class RowsInOrder:
    """Returns the rows with given keys in the order of the keys. A row that is not there any more is left out. One query, none for no keys.

    :param rows: returns the rows among which they are, for values as :class:`PreparedQuery` takes them.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any]]) -> None:
        self._ask = PreparedQuery(lambda keys, **values: rows(**values).filter(pk__in=keys))

    def __call__(self, keys: Sequence[Any], **values: Any) -> list[Any]:
        found = {row.pk: row for row in self._ask(keys=list(keys), **values)} if keys else {}
        return [found[key] for key in keys if key in found]
