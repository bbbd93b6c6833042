"""What programs need to know about the CSV files: each column's name, type and meaning, as CSV on the Web says it.

The file has the name that the standard looks for beside a CSV file.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from reporting.exports.dictionary import LICENCE_URL
from reporting.exports.tables import Table
from reporting.facts import Report, checksum_of
from vcsportal.common.cells import clean
from vcsportal.common.csvw import CONTEXT, DIALECT, column_description

FILE: Final = "csv-metadata.json"


def metadata(report: Report, tables: Sequence[Table]) -> bytes:
    """Return the file, in UTF-8, for the tables as they are written."""
    content = {
        "@context": CONTEXT,
        "dc:title": tables[0].title,
        "dc:identifier": checksum_of(report),
        "dc:license": {"@id": LICENCE_URL},
        "dc:publisher": clean(report.identity.council),
        "dialect": DIALECT,
        "tables": [_table(table) for table in tables],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.says,
        "tableSchema": {"columns": [column_description(column) for column in table.columns]},
    }
