"""JSON: the tables with their dictionary and licence. Lists stay lists, yes and no are true and false, texts are whole."""

import json
from decimal import Decimal
from typing import Any

from reporting.exports.cells import Value
from reporting.exports.dictionary import LICENCE, LICENCE_URL, everything
from reporting.exports.tables import Table
from reporting.facts import Report, to_json


def write(report: Report) -> bytes:
    """Return the file, in UTF-8."""
    about, *tables, dictionary = everything(report)
    content = {
        "title": about.title,
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "about": _rows(about),
        "tables": {table.name: {"title": table.title, "says": table.says, "rows": _rows(table)} for table in tables},
        "dictionary": _rows(dictionary),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(_value, row), strict=True)) for row in table.rows]


def _value(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else to_json(value)
