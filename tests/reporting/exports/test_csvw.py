"""The description of the CSV files says of every column what is in it, and every cell is of the type that it names."""

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from reporting import exports, facts
from reporting.exports.dictionary import everything
from tests.reporting.exports.test_exports import assembled, told


def unzipped(report: facts.Report):
    with ZipFile(BytesIO(exports.WRITERS["csv"](report))) as zip_:
        files = {name: zip_.read(name) for name in zip_.namelist()}
    return json.loads(files.pop("csv-metadata.json")), files


def parsed(cell: str, column) -> object:
    datatype = column["datatype"]
    base = datatype if isinstance(datatype, str) else datatype["base"]
    if cell == column["null"]:
        return None
    if "separator" in column:
        return cell.split(column["separator"])
    if base == "boolean":
        return datatype["format"].split("|").index(cell) == 0
    kinds: dict[str, Callable[[str], object]] = {
        "string": str, "integer": int, "decimal": Decimal, "date": date.fromisoformat, "dateTime": datetime.fromisoformat,
    }  # fmt: skip
    return kinds[base](cell)


def check(report: facts.Report) -> int:
    described, files = unzipped(report)
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [table["url"] for table in described["tables"]] == list(files)
    looked = 0
    for table, filled in zip(described["tables"], everything(report), strict=True):
        columns = table["tableSchema"]["columns"]
        head, *rows = csv.reader(StringIO(files[table["url"]].decode("utf-8-sig"), newline=""))
        assert [column["titles"] for column in columns] == [[name] for name in head], table["url"]
        assert table["dc:description"] == filled.says
        for place, (column, declared) in enumerate(zip(columns, filled.columns, strict=True)):
            assert column["dc:description"] == declared.meaning
            assert column.get("schema:unitText", "") == declared.unit
            for row, values in zip(rows, filled.rows, strict=True):
                looked += 1
                value = parsed(row[place], column)
                if not isinstance(value, str | datetime):  # texts may have a guard before them
                    assert value == (list(v) if isinstance(v := values[place], tuple) else v), (
                        table["url"],
                        declared.name,
                    )
    return looked


def test_every_cell_is_of_the_type_that_the_description_names():
    assert check(told("Words")) > 300


@pytest.mark.django_db
def test_the_description_of_a_year_fits_its_files(voiced):
    assert check(assembled(voiced)) > 1_000


def test_the_description_names_licence_publisher_and_facts():
    report = told("Words")
    described, _files = unzipped(report)
    assert described["dc:license"]["@id"].startswith("https://www.nationalarchives.gov.uk/")
    assert described["dc:publisher"] == "Words"
    assert described["dc:identifier"] == facts.checksum_of(report)
