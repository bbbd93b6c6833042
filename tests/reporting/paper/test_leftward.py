"""Paragraphs in Arabic, Urdu or Hebrew run from right to left in both formats, whatever language they are marked with."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting.paper import docx, odt
from tests.reporting.paper_facts import make_piece, make_report

ARABIC = "مرحبا بالعالم 2024"
URDU = "یہ ایک اچھا سال تھا۔"
HEBREW = "שנה טובה"
ENGLISH = "A good year."
TEXT = f"## {HEBREW}\n\n{ARABIC}\n\n{ENGLISH} {ARABIC}\n\n* {URDU}\n* {ENGLISH}\n\n> {HEBREW}"


@pytest.fixture
def report():
    pieces = (make_piece(1, "Rowan Trust", ARABIC, ("1.1",)), *make_report().evidence[1:])
    return make_report(texts={"background": TEXT, "conclusion": ENGLISH, "paper-to": ARABIC}, evidence=pieces)


def test_word_says_so_of_the_paragraph_and_of_its_words(report):
    document = Document(BytesIO(docx.write(report)))
    cells = [each for table in document.tables for row in table.rows for cell in row.cells for each in cell.paragraphs]
    found = {
        each.text: (
            each._p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None,
            each._p.find(f".//{qn('w:rtl')}") is not None,
        )
        for each in [*document.paragraphs, *cells]
    }
    for text in (ARABIC, URDU, HEBREW):
        assert found[text] == (True, True), text
    assert found[ENGLISH] == (False, False)
    assert found[f"{ENGLISH} {ARABIC}"] == (False, False), "the first letter decides"
    assert found[f"To:\t{ARABIC}"] == (False, True), "the label comes first"


def test_the_parts_of_a_word_paragraph_are_in_the_order_of_the_schema(report):
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "numPr",
        "tabs",
        "bidi",
        "spacing",
        "ind",
        "outlineLvl",
    ]
    with ZipFile(BytesIO(docx.write(report))) as file:
        body = etree.fromstring(file.read("word/document.xml"))
    seen = 0
    for look in body.iter(qn("w:pPr")):
        names = [etree.QName(part).localname for part in look]
        assert names == sorted(names, key=order.index)
        seen += "bidi" in names
    assert seen >= 5


def test_opendocument_says_so_by_styles_that_keep_the_rest_of_their_look(report):
    with ZipFile(BytesIO(odt.write(report))) as file:
        content = etree.fromstring(file.read("content.xml"))
    spaces = content.nsmap
    name, parent = (f"{{{spaces['style']}}}{part}" for part in ("name", "parent-style-name"))
    styles = {
        style.get(name): (style.get(parent), style.find("style:paragraph-properties", spaces))
        for style in content.iterfind(".//style:style", spaces)
    }
    used = {}
    for element in content.iter(f"{{{spaces['text']}}}p", f"{{{spaces['text']}}}h"):
        used["".join(element.itertext())] = element.get(f"{{{spaces['text']}}}style-name")
    mode = f"{{{spaces['style']}}}writing-mode"
    for text, base in ((ARABIC, "Table_20_Contents"), (URDU, "List_20_Bullet"), (HEBREW, "Quotations")):
        of, look = styles[used[text]]
        assert (of, look.get(mode)) == (base, "rl-tb"), text
    assert used[ENGLISH] == "Numbered_20_paragraph"
    assert used[f"{ENGLISH} {ARABIC}"] == "leads"
    assert "leftward" not in odt.write(make_report()).decode("latin-1")


def test_a_last_item_keeps_the_space_below_it():
    with ZipFile(BytesIO(odt.write(make_report(texts={"conclusion": f"* {URDU}"})))) as file:
        content = file.read("content.xml").decode()
    assert (
        'style:name="leftward-bullet-last" style:family="paragraph" style:parent-style-name="List_20_Bullet"' in content
    )
    assert 'fo:margin-bottom="8pt" style:writing-mode="rl-tb"' in content
