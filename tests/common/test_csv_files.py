"""CSV files as every part of the portal writes them."""

import ast
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from vcsportal.common.csv_files import csv_download, csv_lines


def test_lines_have_a_mark_their_ends_quotation_marks_and_no_formula():
    rows: list[tuple[str | int | Decimal, ...]] = [
        ("Ann", "=1+1"),
        ('A "B", C', "two\nlines"),
        ("é", -3),
        ("-3", Decimal("0.50")),
    ]
    assert "".join(csv_lines(("Name", "=Words"), rows)) == (
        '\ufeffName,=Words\r\nAnn,\'=1+1\r\n"A ""B"", C","two\nlines"\r\né,-3\r\n\'-3,0.50\r\n'
    )


def test_a_download_is_sent_while_its_rows_are_read():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield (str(number),)

    answer = csv_download("some-rows", ("Number",), rows())
    assert answer["Content-Disposition"] == 'attachment; filename="some-rows.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = iter(answer.streaming_content)  # type: ignore[attr-defined]  # it is a streaming answer
    assert (next(lines), read) == ("\ufeffNumber\r\n".encode(), [])
    assert (next(lines), read) == (b"0\r\n", [0])


def test_nothing_else_writes_csv():
    root = Path(settings.BASE_DIR)
    files = [
        file for app in ("partners", "commitments", "reporting", "vcsportal") for file in (root / app).rglob("*.py")
    ]
    writes = {
        file.relative_to(root).as_posix()
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"writer", "DictWriter"}
        and ast.unparse(node.value) == "csv"
    }
    assert writes == {"vcsportal/common/csv_files.py"}
