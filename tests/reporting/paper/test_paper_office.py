"""The committee paper through a real word processor and back: headings, numbers and words must be the same after it.

Long, and it needs LibreOffice: ``make test-all``.
"""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
from docx import Document
from lxml import etree

from reporting.paper import docx, odt
from reporting.paper.outline import outline
from tests.long import only_in_test_all
from tests.reporting.paper.test_paper import WRITTEN
from tests.reporting.paper_back import SPACES, expected, o
from tests.reporting.paper_facts import make_piece, make_report

pytestmark = [
    pytest.mark.timeout(300),
    only_in_test_all,
]
INSTALL = (
    "LibreOffice is needed for this trial, and there is no soffice on PATH. Install it, for example with "
    "“apt-get install --no-install-recommends libreoffice-writer” or “brew install --cask libreoffice”."
)
LONG = "w" * 400


@pytest.fixture(scope="module")
def report():
    pieces = tuple(
        make_piece(number, f"Organisation {number}", f"{'مرحبا 🧶 <b> &' if number % 9 == 0 else LONG if number == 4 else 'We met'} {number}", ("1.1",))
        for number in range(1, 121)
    )  # fmt: skip
    first, second = make_report().priorities
    whole = replace(first.commitments[0], evidence=tuple(range(1, 121)))
    first, second = replace(first, commitments=(whole, first.commitments[1])), replace(second, commitments=())
    return make_report(texts=WRITTEN, evidence=pieces, priorities=(first, second))


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """Return what LibreOffice makes of a file, in a profile of its own."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.fail(INSTALL)
    folder = tmp_path_factory.mktemp("office")

    def run(content: bytes, begins: str, becomes: str) -> bytes:
        source = folder / f"paper.{begins}"
        source.write_bytes(content)
        out = folder / f"to-{becomes}"
        words = [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
        ]
        words += ["txt:Text (encoded):UTF8" if becomes == "txt" else becomes, "--outdir", str(out), str(source)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "HOME": str(folder)})  # fmt: skip
        made = out / f"paper.{becomes}"
        assert made.exists(), f"{done.stdout}\n{done.stderr}"
        return Path(made).read_bytes()

    return run


def headings(report) -> list[tuple[int, str]]:
    return [(int(kind[-1]), text) for kind, _, text in expected(outline(report)) if kind.startswith("heading")]


def numbered(report) -> list[tuple[str, str]]:
    return [
        (mark, text.split("\n")[0])
        for kind, mark, text in expected(outline(report))
        if kind in {"numbered", "item"} and mark[-1] in ".)"
    ]


def in_text(content: bytes) -> list[tuple[str, str]]:
    """Return the numbers and the first lines of numbered paragraphs and lettered items, as LibreOffice counts them."""
    lines = content.decode("utf-8-sig").split("\n")
    return [
        (found[1], found[2])
        for line in lines
        if (found := re.fullmatch(r" +(\d+\.|\([a-zA-Z]+\)) ?(.*)", line.rstrip("\r")))
    ]


def odt_headings(content: bytes) -> list[tuple[int, str]]:
    with ZipFile(BytesIO(content)) as file:
        body = etree.fromstring(file.read("content.xml"))
    return [
        (int(one.get(o("text:outline-level"))), "".join(one.itertext())) for one in body.iterfind(".//text:h", SPACES)
    ]


def docx_headings(content: bytes) -> list[tuple[int, str]]:
    found = []
    for paragraph in Document(BytesIO(content)).paragraphs:
        style = paragraph.style
        while style is not None and not style.name.startswith("Heading "):
            style = style.base_style
        if style is not None:
            found.append((int(style.name[-1]), paragraph.text))
    return found


def test_the_word_file_becomes_opendocument_with_the_same_headings_numbers_and_tables(report, convert):
    became = convert(docx.write(report), "docx", "odt")
    assert odt_headings(became) == headings(report)
    assert in_text(convert(became, "odt", "txt")) == numbered(report)
    with ZipFile(BytesIO(became)) as file:
        tables = list(etree.fromstring(file.read("content.xml")).iterfind(".//table:table", SPACES))
    assert len(tables) == 4
    assert all(table.find("table:table-header-rows", SPACES) is not None for table in tables)


def test_the_opendocument_file_becomes_word_with_the_same_headings_numbers_and_tables(report, convert):
    became = convert(odt.write(report), "odt", "docx")
    assert docx_headings(became) == headings(report)
    assert in_text(convert(became, "docx", "txt")) == numbered(report)
    tables = Document(BytesIO(became)).tables
    assert len(tables) == 4
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in tables)
    assert [cell.text for cell in tables[-1].rows[9].cells][:3] == ["9", "Organisation 9", "مرحبا 🧶 <b> & 9"]


@pytest.mark.parametrize(("format_", "write"), [("docx", docx.write), ("odt", odt.write)])
def test_each_file_prints_with_its_numbers_and_its_repeated_heads(report, convert, format_, write):
    assert in_text(convert(write(report), format_, "txt")) == numbered(report)
    printed = [page.extract_text() for page in pypdf.PdfReader(BytesIO(convert(write(report), format_, "pdf"))).pages]
    text = " ".join(" ".join(printed).split())
    for kind, mark, words in expected(outline(report)):
        if kind == "numbered":
            assert " ".join(f"{mark} {words}".split())[:40] in text
    heads = [page for page in printed if re.search(r"Note\s+Organisation\s+Evidence", page)]
    assert len(heads) >= 3, "the table of 120 pieces is longer than two pages"
    assert not re.search(r"Page \d", printed[0])
