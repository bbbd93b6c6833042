"""The edition's facts as data: the same tables as CSV, JSON and two kinds of spreadsheet, made from the facts alone."""

from collections.abc import Callable
from typing import Final

from reporting.exports import csv_files, json_file, ods, xlsx
from reporting.facts import Report

WRITERS: Final[dict[str, Callable[[Report], bytes]]] = {
    "csv": csv_files.write,
    "xlsx": xlsx.write,
    "ods": ods.write,
    "json": json_file.write,
}
"""What writes each format. The same facts give the same bytes, in any process and on any day."""
