"""The PDF carries the data it was made from, byte for byte."""

import io
from typing import Any

import pypdf
import pytest
from outloud import check

from reporting.exports import WRITERS
from reporting.formats import FORMAT_BY_CODE
from reporting.rendering.photographs import Photographs
from tests.reporting.rendering.test_rendering import report, told

__all__ = ["report", "told"]


@pytest.mark.django_db
def test_the_pdf_carries_the_four_files_of_data_as_they_are(report, tmp_path):
    content = FORMAT_BY_CODE["pdf"].write(report, Photographs(report), None).content
    assert content == FORMAT_BY_CODE["pdf"].write(report, Photographs(report), None).content
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = {file.name.rsplit(".", 1)[1]: file for file in reader.attachment_list}
    assert set(found) == {FORMAT_BY_CODE[code].extension for code in WRITERS} == {"zip", "xlsx", "ods", "json"}
    for code in WRITERS:
        file = found[FORMAT_BY_CODE[code].extension]
        assert file.content == FORMAT_BY_CODE[code].write(report, Photographs(report), None).content, code
        assert file.name == f"{report.strategy.slug}-{report.round.slug}.{FORMAT_BY_CODE[code].extension}"
        assert FORMAT_BY_CODE[code].label in str(file.description)
        assert str(file.subtype).lstrip("/") == FORMAT_BY_CODE[code].media_type
        assert file.creation_date == file.modification_date == report.making.at
        assert file.associated_file_relationship == "/Data"
    root: Any = reader.trailer["/Root"]
    assert len(root["/AF"]) == 4
    kept = tmp_path / "report.pdf"
    kept.write_bytes(content)
    result = check(str(kept))
    assert result.errors == 0, [f for f in result.findings if f.severity == "error"]
