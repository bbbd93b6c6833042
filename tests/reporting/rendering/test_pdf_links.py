"""Links of the PDFs: one for each, in words that say where it leads."""

import io

import pypdf
import pytest
from outloud import check

from reporting import easy, rendering
from reporting.rendering.pdf_links import words
from tests.reporting.small import photographs, small

DRAWN = {
    "pdf": lambda: rendering.to_pdf(small()),
    "annex": lambda: rendering.to_annex(small(), photographs=photographs()),
    "summary": lambda: rendering.to_drawn(rendering.summary_html(small())),
    "easy": lambda: easy.to_pdf(small()),
}


def links(content: bytes) -> list[tuple[int, str, str]]:
    """The page, the description and the target of each link."""
    found = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(content)).pages, start=1):
        for annotation in (each.get_object() for each in page.get("/Annots", [])):
            if annotation["/Subtype"] == "/Link":
                target = annotation.get("/Dest") or annotation["/A"]["/URI"]
                found.append((number, str(annotation["/Contents"]), str(target)))
    return found


def nested(element: object, within: bool = False) -> int:
    """How many links there are within links."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        return sum(nested(kid, within) for kid in element)
    if not isinstance(element, dict):
        return 0
    is_link = element.get("/S") == "/Link"
    return (is_link and within) + nested(element.get("/K", []), within or is_link)


@pytest.mark.parametrize("code", DRAWN)
def test_each_link_says_where_it_leads_and_none_is_within_another(code, tmp_path):
    content = DRAWN[code]().content
    for _page, description, target in links(content):
        assert "://" not in description, description
        assert description != target
    root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert nested(root["/StructTreeRoot"]) == 0  # type: ignore[index]
    file = tmp_path / "drawn.pdf"
    file.write_bytes(content)
    found = check(str(file)).findings
    assert [each for each in found if each.severity == "error"] == []
    if code != "pdf":
        assert found == []


def test_a_line_of_the_contents_is_one_link_with_its_page():
    content = DRAWN["pdf"]().content
    page = next(number for number, words, _ in links(content) if words.startswith("Foreword, on page "))
    entries = [(words, target) for number, words, target in links(content) if number == page]
    assert len({target for _words, target in entries}) == len(entries) > 10
    reader = pypdf.PdfReader(io.BytesIO(content))
    leads = (reader.get_destination_page_number(reader.named_destinations["commitment-1.1"]) or 0) + 1
    assert leads > page
    assert [words for words, target in entries if target == "commitment-1.1"] == [
        f"1.1 Open the halls, on page {leads}"
    ]
    [rectangle] = [
        annotation.get_object()["/Rect"]
        for annotation in pypdf.PdfReader(io.BytesIO(content)).pages[page - 1].get("/Annots", [])
        if annotation.get_object().get("/Dest") == "commitment-1.1"
    ]
    assert float(rectangle[2]) > 500, "the page number is a part of it"


def test_a_description_has_the_words_of_the_link_and_its_place():
    assert words("1.1 Open the halls", "commitment-1.1", 8) == "1.1 Open the halls, on page 8"
    assert words("", "proof", 9) == "Page 9"
    assert words("More about it", "https://example.org/a?b", None) == "More about it, a web page at example.org"
    assert words("https://example.org/a", "https://example.org/a", None) == "A web page at example.org"
    assert words("", "https://example.org/a", None) == "A web page at example.org"
    assert words("Write to us", "mailto:us@example.org", None) == "Email us@example.org"
