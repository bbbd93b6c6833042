"""What programs need to know about the CSV files: each column's name, type and meaning, as CSV on the Web says it.

The vocabulary is that of the W3C's "Metadata Vocabulary for Tabular Data"; the file has the name that it looks for beside a CSV file.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reporting.exports.cells import LIST_SEPARATOR, clean
from reporting.exports.dictionary import LICENCE_URL
from reporting.exports.tables import (
    DATE,
    DECIMAL,
    LIST,
    MARKDOWN,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    Column,
    Table,
)
from reporting.facts import Report, checksum_of

FILE: Final = "csv-metadata.json"

_DATATYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    TEXT: {"datatype": "string"},
    MARKDOWN: {"datatype": "string"},
    NUMBER: {"datatype": "integer"},
    DECIMAL: {"datatype": "decimal"},
    DATE: {"datatype": {"base": "date", "format": "yyyy-MM-dd"}},
    MOMENT: {"datatype": "dateTime"},
    YES_NO: {"datatype": {"base": "boolean", "format": "yes|no"}},
    LIST: {"datatype": "string", "separator": LIST_SEPARATOR},
}


def metadata(report: Report, tables: Sequence[Table]) -> bytes:
    """Return the file, in UTF-8, for the tables as they are written."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "dc:title": tables[0].title,
        "dc:identifier": checksum_of(report),
        "dc:license": {"@id": LICENCE_URL},
        "dc:publisher": clean(report.identity.council),
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [_table(table) for table in tables],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.says,
        "tableSchema": {"columns": [_column(column) for column in table.columns]},
    }


def _column(column: Column) -> dict[str, Any]:
    unit = {"schema:unitText": column.unit} if column.unit else {}
    return {
        "name": column.name,
        "titles": [column.name],
        "dc:description": column.meaning,
        **_DATATYPES[column.kind],
        "null": "",
        **unit,
    }
