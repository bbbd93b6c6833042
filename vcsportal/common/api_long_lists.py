"""Pages of the API for lists that may be very long: as on the pages, nothing is counted or passed over beyond 1,000."""

from typing import Any, ClassVar

from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_pages import Pages, rows_with
from vcsportal.common.api_refusals import bad
from vcsportal.common.long_lists import MAX_COUNTED, ListPlace, LongPage, long_page


class LongPages(Pages):
    """Numbered pages of up to 1,000 rows; of more, ``next`` and ``previous`` lead on by place and ``count`` is null."""

    parameters: ClassVar = Pages.parameters | {"older", "newer"}
    day = "happened_from"
    long_page: LongPage

    def page_by_number(self, queryset: Any, request: Request, view: Any) -> list[Any] | None:
        size, number = self.get_page_size(request), self.get_page_number(request, None)
        for name in ("older", "newer"):
            if (text := request.query_params.get(name)) is not None and ListPlace.read(text) is None:
                raise bad(name, "Use the addresses in next and previous: they name a place in the list.")
        self.long_page = long_page(queryset, request.query_params, size, day=self.day)
        if number > 1 and (self.long_page.numbers is None or self.long_page.numbers.number != number):
            raise exceptions.NotFound(
                f"There is no such page. Of more than {MAX_COUNTED:,} rows, follow the address in next."
                if self.long_page.numbers is None
                else self.invalid_page_message
            )
        return rows_with(view, queryset, self.long_page.keys)

    @property
    def count(self) -> int | None:
        """How many rows there are; None for more than 1,000."""
        if self.by_cursor is not None:
            return super().count
        return self.long_page.count if self.long_page.count <= MAX_COUNTED else None

    def next_by_number(self) -> str | None:
        return self._lead("older", self.long_page.older, 1)

    def previous_by_number(self) -> str | None:
        return self._lead("newer", self.long_page.newer, -1)

    def _lead(self, name: str, place: str, step: int) -> str | None:
        numbers = self.long_page.numbers
        if numbers is not None:
            there = numbers.has_next() if step > 0 else numbers.has_previous()
            return self._link(numbers.number + step) if there else None
        if not place:
            return None
        url = portal_url(self.request.get_full_path())
        for other in ("page", "older", "newer"):
            url = remove_query_param(url, other)
        return str(replace_query_param(url, name, place))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        about = "A place in a list of more than 1,000 rows, as the addresses in next and previous name it."
        for name in ("older", "newer"):
            found.append(
                {"name": name, "required": False, "in": "query", "description": about, "schema": {"type": "string"}}
            )
        return found
