"""What makes drawing quicker changes nothing that is drawn."""

import io
import re
import time
from pathlib import Path
from typing import Any

import pydyf
import pypdf
import pytest
from django.conf import settings
from weasyprint import HTML
from weasyprint.html import UA

from reporting import rendering
from reporting.narrative import charts
from reporting.rendering import engine, engine_patches, pictures
from reporting.rendering.body import stylesheet
from reporting.rendering.photographs import Photographs
from tests.reporting.rendering.test_rendering import report, told
from tests.reporting.small import small

__all__ = ["report", "told"]


@pytest.mark.django_db
def test_the_engine_with_less_to_do_draws_the_same_bytes(report, monkeypatch):
    photographs = Photographs(report)
    html = rendering.to_html(report)
    ours = engine.draw(html, photographs=photographs)[0]
    monkeypatch.setattr(engine, "PlainDocument", HTML)
    monkeypatch.setattr(pydyf.PDF, "page_references", property(
        lambda self: tuple(f"{number} 0 R".encode("ascii") for number in self.pages["Kids"][::3])
    ))  # fmt: skip
    assert engine.draw(html, photographs=photographs)[0] == ours


def test_the_lean_sheet_leaves_out_only_what_no_sheet_of_ours_names():
    lean = engine_patches.own_sheet()
    kept = lambda sheet: set(re.findall(r"@(?:(?:top|bottom|left|right)-[a-z-]+|footnote|note-area)", sheet))  # noqa: E731
    left_out = kept(UA) - kept(lean)
    assert len(left_out) == 14, "the engine's sheet is written differently now; look at own_sheet"
    assert "::footnote-call" in UA
    assert "::footnote" not in lean
    assert "::note-" not in lean
    for folder in ("report", "papers"):
        for sheet in Path(settings.BASE_DIR, "templates", folder).rglob("*.*"):
            assert not kept(sheet.read_text(encoding="utf-8")) & left_out, sheet


def test_a_tag_costs_the_same_however_many_pages_there_are():
    def seconds(pages: int) -> float:
        made = pydyf.PDF()
        for _ in range(pages):
            made.add_page(pydyf.Dictionary({"Type": "/Page"}))
        begun = time.process_time()
        for tag in range(3000):
            assert made.page_references[tag % pages].endswith(b" 0 R")
        return time.process_time() - begun

    assert seconds(2000) < 20 * seconds(20) + 0.05


def test_a_last_line_that_just_fits_has_all_its_words():
    words = (
        "This priority has 8 commitments. Of the 7 with an update, 3 are on track, 1 delayed, 1 complete and 2 embedded. No update was "
        "received for 1.8. Evidence for it came from 17 organisations in 38 accepted items. 8 actions were done in earlier years: 2 "
        "under 1.1, 1 under 1.2, 1 under 1.3, 1 under 1.4, 1 under 1.5, 1 under 1.6 and 1 under 1.7."
    )
    style = f"<style>{stylesheet(small())}</style>"
    for end in ("", "\n  ", "<strong> </strong>\n"):
        html = f'<html lang="en-GB"><head><title>x</title>{style}</head><body><p>{words}{end}</p></body></html>'
        text = pypdf.PdfReader(io.BytesIO(rendering.to_paper(html))).pages[0].extract_text()
        assert "\nunder 1.1, 1 under 1.2, 1 under 1.3, 1 under 1.4, 1 under 1.5, 1 under 1.6 and 1 under 1.7." in text
    kept = "<p>One <em>two</em> three.</p><p>Four\u00a0</p>"
    assert engine_patches.without_spaces_at_the_end(kept) == kept


def test_the_words_of_a_picture_are_set_whole():
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 60" width="400" height="60">'
        '<text x="9" y="20" font-family="Report Hyperlegible" font-size="12">Delayed, To AVA</text>'
        '<text x="200" y="50" font-family="Report Hyperlegible" font-size="12" text-anchor="middle">2024-25</text></svg>'
    )
    html = f'<html lang="en"><head><title>x</title></head><body>{pictures.img(charts.Chart(picture, "It says"), "x")}'
    page: Any = pypdf.PdfReader(io.BytesIO(rendering.to_drawn(html).content)).pages[0]
    text = page.extract_text()
    assert "Delayed, To AVA" in text
    assert "2024-25" in text
    shown = page.get_contents().get_data() + b"".join(
        one.get_data() for one in page["/Resources"]["/XObject"].values() if one.get_object()["/Subtype"] == "/Form"
    )
    assert shown.count(b"TJ") == 2
