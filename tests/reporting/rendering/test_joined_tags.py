"""What the end of a page divides is one thing for a screen reader: a table with its heads once, a paragraph, an entry of a list."""

import io
from collections import Counter
from typing import Any

import pypdf
import pytest
from outloud import check

from reporting import rendering
from tests.reporting.read_aloud import Heard, read_aloud

STYLE = """
@page { size: 90mm 60mm; margin: 8mm 6mm; @bottom-right { content: counter(page) } }
html { font: 10pt/14pt "Report Hyperlegible" }
p { orphans: 1; widows: 1 } table { width: 100% } thead { display: table-header-group } .whole tr { break-inside: avoid }
"""
NAMES = (
    "Ash",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Lime",
    "Maple",
    "Oak",
    "Pine",
)
LONG = " ".join(f"{name} was here." for name in NAMES * 3)
ROWS = "".join(f'<tr><th scope="row">{name}</th><td>{name} wood</td><td>{n}</td></tr>' for n, name in enumerate(NAMES))
HEADS = "<thead><tr><th>Tree</th><th>Wood</th><th>Page</th></tr></thead>"


def drawn(body: str) -> bytes:
    html = f'<html lang="en-GB"><head><title>Trees of the county</title><style>{STYLE}</style></head><body><h1>Trees</h1>{body}</body></html>'
    return rendering.to_paper(html)


def table(rows: str = ROWS, css: str = "whole") -> str:
    return f'<section><table class="{css}"><caption>All trees</caption>{HEADS}<tbody>{rows}</tbody></table></section>'


def kinds(heard: list[Heard]) -> Counter[str]:
    return Counter(each.kind for each in heard)


def elements(content: bytes) -> list[Any]:
    """Return every structure element that can be reached, in its order."""
    found: list[Any] = []

    def walk(element: Any) -> None:
        for kid in element.get("/K", []):
            kid = kid.get_object()
            if isinstance(kid, dict) and "/S" in kid:
                assert kid["/P"].get_object() == element, "it knows what it is in"
                found.append(kid)
                walk(kid)

    reader: Any = pypdf.PdfReader(io.BytesIO(content))
    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def of_kind(content: bytes, kind: str) -> list[Any]:
    return [each for each in elements(content) if each["/S"] == f"/{kind}"]


def test_a_table_on_several_pages_is_one_with_its_heads_once():
    content = drawn(table())
    heard = read_aloud(content)
    assert len({each.page for each in heard if each.kind == "TD"}) > 2
    heads = [each.words for each in heard if "THead" in each.within]
    assert heads == ["Tree", "Wood", "Page"]
    assert kinds(heard)["Caption"] == 1
    assert [each.words for each in heard if each.kind == "TH" and "TBody" in each.within] == list(NAMES)
    for kind, count in {"Table": 1, "TBody": 1, "TR": 15, "Sect": 1}.items():
        assert len(of_kind(content, kind)) == count, kind


def test_each_cell_names_the_heads_that_are_read():
    content = drawn(table())
    names = {str(each["/ID"]): each for each in of_kind(content, "TH")}
    cells = of_kind(content, "TD")
    assert len(cells) == 28
    of_cells = [[str(head) for head in cell["/A"]["/Headers"]] for cell in cells]
    assert all(len(heads) == 2 and heads[0] != heads[1] for heads in of_cells)
    assert {head for heads in of_cells for head in heads} <= set(names)
    assert len({heads[1] for heads in of_cells}) == 2, "the columns, the same ones on every page"


def test_repeated_heads_are_still_painted_and_belong_to_the_page():
    reader = pypdf.PdfReader(io.BytesIO(drawn(table())))
    pages = [page.extract_text() for page in reader.pages]
    assert sum("Tree" in page and "Wood" in page for page in pages) == len(pages) > 2
    streams: list[Any] = [page.get_contents() for page in reader.pages]
    artifacts = [stream.get_data().count(b"/Artifact") for stream in streams]
    assert artifacts == [1, *[4] * (len(pages) - 1)], "the page's number, and three heads where they come again"


def test_a_row_that_is_divided_has_as_many_cells_as_before():
    rows = f'<tr><th scope="row">All</th><td>{LONG}</td><td>{LONG}</td></tr>'
    content = drawn(table(rows, "divided"))
    heard = read_aloud(content)
    assert [each.words for each in heard if each.kind == "TD"] == [LONG, LONG]
    assert len(of_kind(content, "TD")) == 2
    assert len(of_kind(content, "TR")) == 2


@pytest.mark.parametrize("between", ["", "<p>Between.</p>"])
def test_two_tables_with_the_same_heads_stay_two(between):
    content = drawn(table() + between + table())
    assert len(of_kind(content, "Table")) == 2
    assert kinds(read_aloud(content))["Caption"] == 2
    assert len(of_kind(content, "THead")) == 2


def test_paragraphs_quotations_and_entries_are_heard_once():
    entries = "".join(f"<li>{LONG} {name}</li>" for name in NAMES[:3])
    content = drawn(
        f'<p>{LONG}</p><blockquote><p>{LONG}</p></blockquote><ul>{entries}</ul><ol>{entries}</ol><ul style="list-style: none">{entries}</ul>'
    )
    heard = [each for each in read_aloud(content) if each.kind != "H1"]
    words = [each.words for each in heard if each.kind in {"P", "LBody"}]
    assert words == [LONG, LONG, *[f"{LONG} {name}" for name in NAMES[:3]] * 3]
    for kind, count in {"P": 2, "BlockQuote": 1, "L": 3, "LI": 9, "Lbl": 6}.items():
        assert len(of_kind(content, kind)) == count, kind


def test_a_link_stays_with_its_annotation_and_its_page():
    content = drawn(f'<p><a href="https://example.org/">{LONG}</a></p>')
    pages: Any = pypdf.PdfReader(io.BytesIO(content)).pages
    links = of_kind(content, "Link")
    assert len(links) == sum(len(page["/Annots"]) for page in pages)
    assert len({link.raw_get("/Pg").idnum for link in links}) == len(pages) > 1
    assert all(
        kid.get_object()["/Pg"] == link["/Pg"] for link in links for kid in link["/K"] if not isinstance(kid, int)
    )
    assert len(of_kind(content, "P")) == 1


def test_a_checker_finds_nothing_amiss(tmp_path):
    file = tmp_path / "trees.pdf"
    file.write_bytes(drawn(f"<p>{LONG}</p>{table()}<p>Some more about {NAMES[0]}.</p>{table(css='divided')}"))
    found = check(str(file))
    assert found.error in (None, "")
    assert [str(each) for each in found.findings if each.severity in {"error", "warning"}] == []
