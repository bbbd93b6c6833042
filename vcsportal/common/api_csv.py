"""Lists of the API as CSV: all rows that the filters leave, in flat columns, sent while they are read.

Only the keys of the rows are kept, eight bytes each; the rows are read some hundreds at a time.
"""

import json
from array import array
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from django.http import HttpResponse
from rest_framework import exceptions, serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from vcsportal.common.api_pages import rows_with
from vcsportal.common.csv_files import csv_download

FORMAT: Final = "format"
BETWEEN: Final = " | "
"""What stands between the values of a list in one cell."""
ROWS_AT_ONCE: Final = 500
Column = tuple[str, Callable[[Any], Any]]


class CsvList(BaseRenderer):
    """Stands for CSV where the format is chosen; :func:`csv_list` writes it."""

    media_type = "text/csv"
    format = "csv"


class ListFormats(DefaultContentNegotiation):
    """Chooses between JSON and, for lists, CSV: by ``format`` in the address, otherwise by ``Accept``."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        asked, formats = request.query_params.get(FORMAT), {renderer.format: renderer for renderer in renderers}
        if asked is None or len(formats) == 1:
            return super().select_renderer(request, renderers, format_suffix)
        if asked not in formats:
            raise exceptions.ValidationError({FORMAT: [f"You can use: {', '.join(sorted(formats))}."]})
        return formats[asked], formats[asked].media_type


def csv_list(view: Any, queryset: Any) -> HttpResponse:
    """Return the rows of a list, a query or put together already, as a CSV file: every row, whatever the page.

    :raises ValidationError: where related things are asked for, which have no place in a table, or a page that can’t be read.
    """
    view.paginator.get_page_size(view.request), view.paginator.get_page_number(view.request, None)
    if view.choices.include:
        raise exceptions.ValidationError(
            {"include": ["A CSV file has no related things. Leave this out, or ask for JSON."]}
        )
    columns = [
        (name, read)
        for name, read in _columns(view.serializer_class().fields)
        if not view.choices.fields or name.partition(".")[0] in view.choices.fields
    ]
    rows = iter((queryset,)) if isinstance(queryset, list) else _rows(view, queryset)
    name = view.request.path.strip("/").rpartition("/")[2]
    return csv_download(name, [name for name, _ in columns], _cells(view, rows, columns))


def _rows(view: Any, queryset: Any) -> Iterator[Any]:
    """Return the rows of a query, some hundreds at a time. Its keys are read at once, as the rows there are now."""
    keys = array("q", queryset.prefetch_related(None).values_list("pk", flat=True).iterator())
    starts = range(0, len(keys), ROWS_AT_ONCE)
    return (rows_with(view, queryset, keys[first : first + ROWS_AT_ONCE].tolist()) for first in starts)


def _cells(view: Any, rows: Iterator[Any], columns: list[Column]) -> Iterator[list[Any]]:
    for some in rows:
        for answer in view.get_serializer(view.prepared(some), many=True).data:
            yield [_cell(read(answer)) for _, read in columns]


def _columns(fields: Any, before: str = "") -> Iterator[Column]:
    """Yield a column for each value: of what is inside another, the names with a dot between them."""
    for name, field in fields.items():
        if isinstance(field, serializers.ListSerializer):
            for inner, read in _columns(cast(Any, field.child).fields, f"{before}{name}."):
                yield inner, _each(name, read)
        elif isinstance(field, serializers.Serializer):
            for inner, read in _columns(field.fields, f"{before}{name}."):
                yield inner, _inside(name, read)
        else:
            yield f"{before}{name}", _of(name)


def _of(name: str) -> Callable[[Any], Any]:
    return lambda answer: answer.get(name)


def _inside(name: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda answer: None if answer.get(name) is None else read(answer[name])


def _each(name: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda answer: [read(part) for part in answer.get(name) or ()]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return BETWEEN.join(str(_cell(each)) for each in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
