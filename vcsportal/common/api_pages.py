"""Pages of the API's lists: numbered or by a cursor, of at most 100 items, and no more columns read than the rows of a page need."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_cursors import ABOUT_CURSOR, CURSOR, CursorPage, NotACursor, cursor_page
from vcsportal.common.api_refusals import bad
from vcsportal.common.long_lists import MAX_COUNTED


class PlainCount(Paginator):  # type: ignore[type-arg]  # Django’s takes no type argument when it runs
    """Counts plain rows, and fetches columns only for the rows of one page."""

    def __init__(self, rows: Any, per_page: int, *, columns: Callable[[Any], Any]) -> None:
        super().__init__(rows, per_page)
        self.columns = columns

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self.columns(self.object_list)[first : first + self.per_page], number, self)


class KeyedRows(Paginator):  # type: ignore[type-arg]  # Django’s takes no type argument when it runs
    """For lists that are never long: reads all keys, so that nothing is counted, and by these the rows of one page.

    The door returns the rows in the list's own order.
    """

    def __init__(self, rows: Any, per_page: int, *, rows_with_keys: Callable[[list[int]], list[Any]]) -> None:
        super().__init__(list(rows.values_list("pk", flat=True)), per_page)
        self.rows_with_keys = rows_with_keys

    def page(self, number: Any) -> Any:
        keys = super().page(number)
        return Page(self.rows_with_keys(list(keys)), keys.number, self)


def rows_with(view: Any, queryset: Any, keys: Sequence[int]) -> list[Any]:
    """Return the rows of a list that have these keys, in the list's own order, with just the columns that an answer says."""
    keyed = getattr(view, "rows_with_keys", None)
    return list(keyed(list(keys)) if keyed else view.columns(queryset.filter(pk__in=keys)))


class Pages(PageNumberPagination):
    """Numbered pages of at most 100 items, or pages by a cursor. A larger page is refused rather than shortened."""

    parameters: ClassVar = frozenset({"page", "page_size", CURSOR})
    page_size = 50
    max_page_size = 100
    last_page = 1_000_000
    page_size_query_param = "page_size"
    page_query_description = "The number of the page; the first is 1."
    page_size_query_description = f"How many items on a page, {max_page_size} at most."
    last_page_strings = ()
    invalid_page_message = "There is no such page."
    by_cursor: CursorPage | None = None
    """The page, where a cursor was asked for."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.request = request
        cursor = request.query_params.get(CURSOR, "")
        if not cursor:
            return self.page_by_number(queryset, request, view)
        if others := sorted(self.parameters & request.query_params.keys() - {CURSOR, "page_size"}):
            raise bad(others[0], "Leave this out: with a cursor, follow the addresses in next.")
        try:
            self.by_cursor = cursor_page(queryset, cursor, self.get_page_size(request), of=request.path, view=view)
        except NotACursor as error:
            raise bad(CURSOR, str(error)) from error
        if isinstance(queryset, list):
            return list(self.by_cursor.rows)
        return rows_with(view, queryset, self.by_cursor.rows)

    def page_by_number(self, queryset: Any, request: Request, view: Any) -> list[Any] | None:
        """Return the rows of the page whose number is asked for; the first without one."""
        keyed = getattr(view, "rows_with_keys", None)
        paginator: Any = (
            partial(KeyedRows, rows_with_keys=keyed) if keyed else partial(PlainCount, columns=view.columns)
        )
        self.django_paginator_class = paginator
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        return self._number(request, "page_size", most=self.max_page_size) or self.page_size

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return self._number(request, "page", most=self.last_page) or 1

    def _number(self, request: Request, name: str, *, most: int) -> int | None:
        text = request.query_params.get(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most):
            raise bad(name, f"Give a whole number from 1 to {most}.")
        return int(text)

    page: Any
    request: Any

    @property
    def count(self) -> int | None:
        """How many rows there are; None where that is not counted."""
        if self.by_cursor is None:
            return int(self.page.paginator.count)
        return self.by_cursor.count if self.by_cursor.count <= MAX_COUNTED else None

    def get_paginated_response(self, data: Any) -> Response:
        leads = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({"count": self.count, **leads, "results": data})

    def get_next_link(self) -> str | None:
        if self.by_cursor is None:
            return self.next_by_number()
        after = self.by_cursor.after
        return str(replace_query_param(self._address(), CURSOR, after)) if after else None

    def get_previous_link(self) -> str | None:
        return self.previous_by_number() if self.by_cursor is None else None

    def next_by_number(self) -> str | None:
        """Return the address of the next page, where pages have numbers."""
        return self._link(self.page.next_page_number()) if self.page.has_next() else None

    def previous_by_number(self) -> str | None:
        """Return the address of the previous page, where pages have numbers."""
        return self._link(self.page.previous_page_number()) if self.page.has_previous() else None

    def _address(self) -> str:
        return portal_url(self.request.get_full_path())

    def _link(self, number: int) -> str:
        url = self._address()
        return remove_query_param(url, "page") if number == 1 else replace_query_param(url, "page", number)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        return [
            *found,
            {
                "name": CURSOR,
                "required": False,
                "in": "query",
                "description": ABOUT_CURSOR,
                "schema": {"type": "string"},
            },
        ]

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        made = super().get_paginated_response_schema(schema)
        made["required"] = ["count", "next", "previous", "results"]
        for part in made["properties"].values():
            part.pop("example", None)
            if part.pop("nullable", False):  # the framework still says it as OpenAPI 3.0 did
                part["type"] = [part["type"], "null"]
        made["properties"]["count"] = {
            "type": ["integer", "null"],
            "description": f"How many there are. Null where there are more than {MAX_COUNTED:,} and they were not all counted.",
        }
        return made
