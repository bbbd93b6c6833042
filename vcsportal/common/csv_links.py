"""Links from a page's list to the same list as CSV: the rows that the page's filters leave, from the API."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse

PAGE_ALONE: Final = ("page", "older", "newer", "show", "sort", "format")
"""Parameters of pages that say nothing about which rows there are."""


def csv_link(door: str, asked: QueryDict | None, *args: Any, **more: str | Sequence[str]) -> str:
    """Return the address of a list of the API as CSV.

    :param door: the name of the list in the API, such as ``evidence-list``.
    :param asked: what the page's filters were asked, all values of each; None for a page without filters.
    :param args: the parts of the API's address.
    :param more: what the list of the API has to be asked besides, to leave the same rows as the page: one value or several.
    """
    query = QueryDict(mutable=True)
    for name, values in asked.lists() if asked is not None else ():
        if name not in PAGE_ALONE and any(values):
            query.setlist(name, [value for value in values if value])
    for name, value in (*more.items(), ("format", "csv")):
        query.setlist(name, [value] if isinstance(value, str) else list(value))
    return f"{reverse(f'api:{door}', args=args)}?{query.urlencode()}"
