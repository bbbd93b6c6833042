"""The JSON Schema (2020-12) of the JSON file, built from the columns as they are declared.

A published file names the address of the schema that it follows, so a schema stays as it is once a release has it: each version is a file in
``schemas/``. A change of the tables after that takes the next number (:data:`VERSION`), and the files before it stay.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from reporting.exports.data import TABLES
from reporting.exports.dictionary import DICTIONARY
from reporting.exports.tables import Column, TableHeader
from vcsportal.common.columns import DATE, DECIMAL, LIST, MARKDOWN, MOMENT, NUMBER, TEXT, YES_NO

VERSION: Final = 1
"""The version of the schema that files follow today."""
FOLDER: Final = Path(__file__).parent / "schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_STRING: Final = {"type": "string"}
_WHOLE: Final = {"type": "string", "minLength": 1}
_DAY: Final = {"type": "string", "format": "date"}
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    TEXT: {"type": ["string", "null"], "minLength": 1},
    MARKDOWN: {"type": ["string", "null"], "minLength": 1, "contentMediaType": "text/markdown"},
    NUMBER: {"type": ["integer", "null"]},
    DECIMAL: {"type": ["number", "null"]},
    DATE: {"type": ["string", "null"], "format": "date"},
    MOMENT: {"type": ["string", "null"], "format": "date-time"},
    YES_NO: {"type": ["boolean", "null"]},
    LIST: {"type": ["array", "null"], "items": _WHOLE, "minItems": 1},
}
"""What each kind of column holds. Nothing reported is null: never "", 0 or an empty list."""


def path(version: int = VERSION) -> str:
    """Return where the portal serves a version of the schema, from its root."""
    return f"/reports/data/schema-{version}.json"


def file(version: int = VERSION) -> Path:
    """Return where a version of the schema is kept."""
    return FOLDER / f"data-{version}.json"


def kept(version: int, portal: str) -> dict[str, Any]:
    """Return a version of the schema with its address on a portal. Raise ``FileNotFoundError`` if there is none.

    :param portal: the portal's address without a slash at its end.
    """
    content = json.loads(file(version).read_text(encoding="utf-8"))
    return {"$schema": content.pop("$schema"), "$id": f"{portal}{path(version)}", **content}


def text() -> str:
    """Return what the file of the newest version has to hold."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of the JSON file as the tables are declared today, without its address."""
    return {
        "$schema": DIALECT,
        "title": "Data of a yearly report",
        "description": "What a report of the portal says, as tables. A row is an object with one value for each column; nothing reported is null, never 0.",
        **_object(
            {
                "schema": {**_WHOLE, "format": "uri", "description": "The address of the schema that the file follows."},
                "title": {**_WHOLE, "description": "What the file is."},
                "strategy": {"description": "The strategy that the report is about.", **_object({"slug": _WHOLE, "title": _STRING})},
                "round": {
                    "description": "The period reported on: its name in addresses and tables, what people call it, its first and last day.",
                    **_object({"slug": _WHOLE, "title": _STRING, "observes_from": _DAY, "observes_to": _DAY}),
                },
                "edition": {"type": ["integer", "null"], "minimum": 1, "description": "Number of the edition. Null if made without one."},
                "statuses_as_at": {**_DAY, "description": "Day of the statuses."},
                "actions_as_at": {**_DAY, "description": "Day up to which the state of actions is known."},
                "made_at": {"type": "string", "format": "date-time", "description": "When the facts were gathered."},
                "facts_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The checksum on the report’s last page: every edition with the same facts has the same."},
                "publisher": {**_STRING, "description": "Who runs the portal and publishes the report."},
                "licence": {"description": "How the data may be used.", **_object({"name": _WHOLE, "url": {**_WHOLE, "format": "uri"}})},
                "about": _rows("about", "What the file is, in words."),
                "tables": {"description": "The tables by their names.", **_object({table.name: _table(table) for table in TABLES})},
                "dictionary": _rows("dictionary", DICTIONARY.says),
            }
        ),
        "$defs": {
            "about": _object({"part": _column(TEXT, "What the words are about."), "words": _column(TEXT, "The words.")}),
            **{table.name: _row(table) for table in (*TABLES, DICTIONARY)},
        },
    }  # fmt: skip


def _table(table: TableHeader) -> dict[str, Any]:
    content = _object({"title": _WHOLE, "says": _WHOLE, "rows": _rows(table.name)})
    return {"title": table.title, "description": table.says, **content}


def _rows(name: str, description: str = "") -> dict[str, Any]:
    said = {"description": description} if description else {}
    return {**said, "type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _row(table: TableHeader) -> dict[str, Any]:
    return _object({column.name: _column(column.kind, _meaning(column)) for column in table.columns})


def _meaning(column: Column) -> str:
    return f"{column.meaning} Unit: {column.unit}." if column.unit else column.meaning


def _column(kind: str, meaning: str) -> dict[str, Any]:
    return {**_TYPES[kind], "description": meaning}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object that has exactly these properties, every one of them."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": dict(properties),
    }
