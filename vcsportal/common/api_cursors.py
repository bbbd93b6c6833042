"""Going through a whole list of the API by a cursor: each row once, whatever is added, removed or changed meanwhile.

The rows come by their keys, which never change and only grow, and not in the list's own order: a day, a name or a state may
change while a program reads, and would move a row past it. A cursor is the key of the last row that was given, signed for
the list that it is of. The database finds the next rows by its index of keys, so the last page costs what the first costs.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.core.signing import BadSignature, Signer

from vcsportal.common.long_lists import count_up_to

CURSOR: Final = "cursor"
FIRST: Final = "*"
"""Asks for the first page."""
ABOUT_CURSOR: Final = (
    "Goes through the whole list and gives each row once, even if rows are added, removed or changed meanwhile: "
    f"begin with {FIRST}, then follow the addresses in next. The rows are not in the list’s own order."
)
NOT_OF_THIS_LIST: Final = f"This is no cursor of this list. Begin with {FIRST}, then follow the addresses in next."


class NotACursor(ValueError):
    """A cursor that this list has not given."""


@dataclass(frozen=True, slots=True)
class CursorPage:
    """One page.

    :ivar rows: the keys of its rows; of a list that is not read from one table, the rows themselves.
    :ivar count: how many rows the list has, as :func:`~vcsportal.common.long_lists.count_up_to` counts them.
    :ivar after: the cursor of the next page; empty on the last.
    """

    rows: tuple[Any, ...]
    count: int
    after: str


def cursor_page(queryset: Any, cursor: str, size: int, *, of: str, view: Any) -> CursorPage:
    """Return the page that follows a cursor.

    :param queryset: the rows of the list; or, where they are not those of one table, all of them, whose keys the view’s
        ``row_key`` gives as texts.
    :param of: the path of the list.
    :raises NotACursor: where this list has not given it.
    """
    signer = Signer(salt=f"cursor {of}", sep=".")
    last = _last(signer, cursor)
    if isinstance(queryset, list):
        by_key = {view.row_key(row): row for row in queryset}
        keys: list[Any] = sorted(key for key in by_key if key > last)[: size + 1]
        rows, count = tuple(by_key[key] for key in keys[:size]), len(queryset)
    else:
        plain = queryset.prefetch_related(None).order_by("pk")
        keys = list((plain.filter(pk__gt=int(last)) if last else plain).values_list("pk", flat=True)[: size + 1])
        rows, count = tuple(keys[:size]), count_up_to(queryset)
    return CursorPage(rows, count, signer.sign(str(keys[size - 1])) if len(keys) > size else "")


def _last(signer: Signer, cursor: str) -> str:
    if cursor == FIRST:
        return ""
    try:
        return signer.unsign(cursor)
    except BadSignature as error:
        raise NotACursor(NOT_OF_THIS_LIST) from error
