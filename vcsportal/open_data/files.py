"""A dataset as a file: CSV and JSON row by row, so that neither needs more memory for a longer dataset."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from vcsportal.common.cells import Value, cell
from vcsportal.common.csv_files import csv_lines
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.open_data.about import about

Rows = Iterable[tuple[Value, ...]]


def csv_parts(columns: Sequence[DataColumn], rows: Rows) -> Iterator[str]:
    """Yield the lines of a CSV file."""
    return csv_lines((column.name for column in columns), ([_in_csv(value) for value in row] for row in rows))


def json_parts(dataset: Dataset, columns: Sequence[DataColumn], rows: Rows, day: date) -> Iterator[str]:
    """Yield a JSON file in pieces: what it is, then ``rows`` with one object for each row."""
    head = json.dumps(about(dataset, columns, day), ensure_ascii=False, indent=1)
    yield f'{head.removesuffix("}").rstrip()},\n "rows": ['
    names = [column.name for column in columns]
    separator = "\n"
    for row in rows:
        yield f"{separator}{json.dumps(dict(zip(names, map(_in_json, row), strict=True)), ensure_ascii=False)}"
        separator = ",\n"
    yield "\n ]\n}\n"


def _in_csv(value: Value) -> str | int | Decimal:
    shown = cell(value)
    if shown is None:
        return ""
    return shown.isoformat() if isinstance(shown, date) else shown


def _in_json(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
