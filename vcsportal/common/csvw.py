"""How CSV on the Web describes a table for programs: each column's name, type and meaning.

The vocabulary is that of the W3C's "Metadata Vocabulary for Tabular Data".
"""

from collections.abc import Mapping
from typing import Any, Final

from vcsportal.common.cells import LIST_SEPARATOR
from vcsportal.common.columns import DATE, DECIMAL, LIST, MARKDOWN, MOMENT, NUMBER, TEXT, YES_NO, ColumnHeader

CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}]
DIALECT: Final = {"header": True, "encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "doubleQuote": True}
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


def column_description(column: ColumnHeader) -> dict[str, Any]:
    """Return what the metadata say of one column."""
    unit = {"schema:unitText": column.unit} if column.unit else {}
    return {
        "name": column.name,
        "titles": [column.name],
        "dc:description": column.meaning,
        **_DATATYPES[column.kind],
        "null": "",
        **unit,
    }
