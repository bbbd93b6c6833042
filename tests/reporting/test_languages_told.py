"""Words in another language say so, wherever the report is read: page, print, easy summary, Word and OpenDocument."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from pypdf.generic import ContentStream

from reporting import easy, rendering
from reporting.facts import CaseStudyFacts, Report, TextFacts, from_json, to_json
from reporting.paper import docx, odt
from tests.as_read import as_read
from tests.reporting.small import photographs, small


@pytest.fixture
def welsh() -> Report:
    report = small()
    first = report.priorities[0]
    commitment = replace(first.commitments[0], short_title="Meet in Tŷ’r Felin", wording="Meet in Tŷ’r Felin")
    priority = replace(first, title="Pobl ŵyr", commitments=(commitment, *first.commitments[1:]))
    pieces = (
        replace(report.evidence[0], title="Spotkanie sąsiadów", story="Wszyscy przyszli.", language="pl"),
        *report.evidence[1:],
    )
    return replace(
        report,
        strategy=replace(report.strategy, title="Cynllun", vision="Cymunedau cryf", language="cy"),
        priorities=(priority, *report.priorities[1:]),
        evidence=pieces,
        texts=(TextFacts("foreword", "Rhagair", "cy"), TextFacts("priority-1", "مرحبا", "ar"), TextFacts("forward-plan", "Next")),
    )  # fmt: skip


def test_passages_of_the_page_and_of_print_say_their_language_and_the_rest_is_the_portals(welsh):
    html = as_read(printed(welsh))
    assert '<html lang="en-GB">' in html
    for passage in (
        '<span lang="cy">Cynllun</span></h1>', '<blockquote class="vision" lang="cy"><p>Cymunedau cryf',
        '<span lang="cy">Pobl ŵyr</span></h2>', '<span lang="cy">Meet in Tŷ’r Felin</span></h3>',
        '<div class="prose" lang="cy"><p>Rhagair', '<div class="prose" lang="ar" dir="rtl"><p dir="rtl">مرحبا',
        '<div class="prose" lang="pl"><p>Wszyscy', '<span lang="pl">Spotkanie sąsiadów</span>', '<div class="prose"><p>Next',
    ):  # fmt: skip
        assert passage in html, passage
    assert passages(small()) == set()
    alone = as_read(rendering.to_alone(welsh, photographs=photographs()))
    assert '<h1><span lang="cy">Cynllun</span></h1>' in alone
    assert '<h2 class="opener__title" lang="cy">Pobl ŵyr' in alone
    assert passages(welsh) == {"cy", "pl", "ar"}


def passages(report: Report) -> set[str]:
    return set(re.findall(r'lang="([\w-]+)"', as_read(printed(report)))) - {"en-GB"}


def printed(report: Report) -> str:
    """The report and its annex as HTML for print."""
    return rendering.to_html(report) + rendering.to_annex_html(report, photographs=photographs())


def languages_of(content: bytes) -> dict[str, set[str]]:
    """Return what is said in each language in a PDF: the words of its marked parts, by their language."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    found: dict[str, set[str]] = {}
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"BDC" and "/Lang" in operands[1]:
                found.setdefault(str(operands[1]["/Lang"]), set()).add(str(operands[1].get("/ActualText", "")))
    return found


def test_passages_of_the_pdf_say_their_language_and_the_document_the_portals(welsh):
    content = rendering.to_pdf(welsh).content
    found = languages_of(content)
    assert set(found) == {"cy", "pl", "ar"}
    assert any("مرحبا" in words for words in found["ar"])
    assert str(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"]) == "en-GB"  # type: ignore[index]
    assert set(languages_of(easy.to_pdf(welsh).content)) == {"cy"}
    assert languages_of(rendering.to_pdf(small()).content) == {}


@pytest.mark.parametrize("made", ["docx", "odt"])
def test_runs_of_the_committee_paper_say_their_language(welsh, made):
    welsh = replace(welsh, texts=(*welsh.texts, TextFacts("background", "Cefndir y cynllun", "cy")))
    content = {"docx": docx.write, "odt": odt.write}[made](welsh)
    name = {"docx": "word/document.xml", "odt": "content.xml"}[made]
    xml = zipfile.ZipFile(io.BytesIO(content)).read(name).decode()
    for words, tag in (
        ("Cynllun", "cy"), ("Cymunedau cryf", "cy"), ("Pobl ŵyr", "cy"), ("Meet in Tŷ’r Felin", "cy"), ("مرحبا", "ar"),
        ("Spotkanie sąsiadów", "pl"), ("Cefndir y cynllun", "cy"),
    ):  # fmt: skip
        look = {
            "docx": rf'<w:rPr>(?:(?!</w:rPr>).)*<w:lang w:(?:val|bidi)="{tag}"(?:(?!</w:rPr>).)*</w:rPr><w:t[^>]*>{words}',
            "odt": rf'<text:span text:style-name="language-{tag}">{words}',
        }[made]
        assert re.search(look, xml), words
    plain = {"docx": docx.write, "odt": odt.write}[made](small())
    bare = zipfile.ZipFile(io.BytesIO(plain)).read(name).decode()
    assert "w:lang" not in bare
    assert "language-" not in bare


@pytest.fixture
def polish() -> Report:
    """A small year with a case study in Polish in the body and two in the annex."""
    studies = tuple(
        CaseStudyFacts(
            n, n, f"Kuchnia dla wsi {n}", "Long Table", "", "", (), date(2024, 5, 1), None, ("1.1",),
            what_was_done=f"Otworzyliśmy kuchnię {n}.", quotation=f"Znowu się śmiałam {n}", said_by="a guest", language="pl",
        )
        for n in (1, 2, 3)
    )  # fmt: skip
    return replace(small(), case_studies=studies)


def test_a_case_study_says_its_language_in_print_annex_and_page(polish):
    body, annex = rendering.to_html(polish), rendering.to_annex_html(polish, photographs={})
    alone = rendering.to_alone(polish, photographs={})
    for html, numbers in ((body, (1, 2)), (annex, (3,)), (alone, (1, 2, 3))):
        for n in numbers:
            for passage in (
                f'<h3><span lang="pl">Kuchnia dla wsi {n}</span></h3>',
                f'<div class="prose" lang="pl"><p>Otworzyliśmy kuchnię {n}.',
                f'<p lang="pl">Znowu się śmiałam {n}</p>',
            ):
                assert passage in as_read(html), passage


@pytest.mark.parametrize("made", ["pdf", "annex"])
def test_a_case_study_says_its_language_in_the_pdf(polish, made):
    drawn = rendering.to_pdf(polish) if made == "pdf" else rendering.to_annex(polish, photographs={})
    assert set(languages_of(drawn.content)) == {"pl"}


@pytest.mark.parametrize("made", ["docx", "odt"])
def test_a_case_study_says_its_language_in_the_committee_paper(polish, made):
    content = {"docx": docx.write, "odt": odt.write}[made](polish)
    name = {"docx": "word/document.xml", "odt": "content.xml"}[made]
    xml = zipfile.ZipFile(io.BytesIO(content)).read(name).decode()
    look = {
        "docx": r'<w:lang w:val="pl"(?:(?!</w:rPr>).)*</w:rPr><w:t[^>]*>([^<]*)',
        "odt": r'<text:span text:style-name="language-pl">([^<]*)',
    }[made]
    said = re.findall(look, xml)
    assert {words for words in said if words.endswith(("1", "1."))} == {
        "Kuchnia dla wsi 1", "Otworzyliśmy kuchnię 1.", "Znowu się śmiałam 1",
    }  # fmt: skip
    assert len(said) == 9
    assert "a guest" not in said


def test_facts_from_before_languages_were_asked_load_and_draw_as_the_portals(welsh):
    old = to_json(small())
    for table in (old["strategy"], *old["evidence"], *old["texts"]):
        del table["language"]
    assert from_json(old) == small()
