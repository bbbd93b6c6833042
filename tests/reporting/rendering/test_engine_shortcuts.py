"""What the engine works out once changes nothing that is drawn."""

import re
import subprocess
import sys
from typing import Any

import pydyf
import pytest
from weasyprint import css
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline, percent
from weasyprint.text import line_break

from reporting import rendering
from reporting.rendering import engine, engine_shortcuts
from reporting.rendering.photographs import Photographs
from tests.reporting.rendering.test_rendering import report, told

__all__ = ["report", "told"]

STYLES = """
.half { width: 50%; margin: 1% 2px; padding-top: 3%; min-height: 10%; max-width: 90% }
.border { box-sizing: border-box; width: 90px; min-width: 20px; height: 40px; padding: 5px; border: 2px solid }
.padding { box-sizing: padding-box; width: 90px; padding: 5px; border: 2px solid }
.row { display: flex } .row * { flex: 1; min-width: auto }
.cells { display: grid; grid-template-columns: 1fr 2fr }
table { border-collapse: collapse } td { border: 1px solid; padding: 1% }
.logical { margin-inline-start: 9px; padding-block: 4px; inline-size: 80px }
.right { direction: rtl; margin-inline-start: 9px } .over { text-decoration: underline line-through }
.caps { font-variant-caps: small-caps; font-feature-settings: "tnum"; letter-spacing: 1px; word-spacing: 3px }
.wide { line-height: calc(1em + 2px); font-size: 1.5em; font-weight: inherit; margin: inherit; page: own }
.away { position: absolute; top: 20% } .near { position: relative; left: 5% } .stuck { position: sticky }
.side { float: right; width: 30% } .out { float: inline-start }
.run { position: running(head) } @page { size: A5; @top-left { content: element(head) } }
.colour { --own: 7px; padding: var(--own); margin: var(--missing) }
"""
WORDS = "Delayed by a year, an AVA of 1,234.50. "
PAGE = (
    "<html lang='en'><head><title>x</title></head><body><h1>Head <a href='#x'>link</a></h1><p class='run'>Running</p>"
    + "".join(
        f"<div class='{name}'><p>{WORDS * 4}<em lang='cy'>Cymru</em> <b class='over'>{WORDS}</b></p><ul><li>one<li>two</ul></div>"
        for name in re.findall(r"^\.([a-z]+)", STYLES.replace(" .", "\n."), re.MULTILINE)
    )
    + "<table><tr><th scope='col'>a<td>b</table><p id='x' style='column-count: 2'>" + WORDS * 40 + "</p></body></html>"
)  # fmt: skip


@pytest.fixture
def as_it_comes(monkeypatch):
    """The engine without the shortcuts."""
    for name, ours, own in (
        ("resolve_percentages", engine_shortcuts._resolve_percentages, engine_shortcuts._resolve),
        ("strut", engine_shortcuts._kept_strut, engine_shortcuts._strut),
    ):
        for key, module in list(sys.modules.items()):
            if key.startswith("weasyprint") and getattr(module, name, None) is ours:
                monkeypatch.setattr(module, name, own)

    def undo() -> None:
        monkeypatch.setattr(boxes.Box, "is_in_normal_flow", engine_shortcuts._asked_in_normal_flow)
        monkeypatch.setattr(css.ComputedStyle, "__missing__", engine_shortcuts._missing)
        monkeypatch.setattr(line_break.Layout, "setup", engine_shortcuts._own_set_up)
        monkeypatch.setattr(pydyf, "_to_bytes", engine_shortcuts._to_bytes)

    undo()
    yield
    monkeypatch.undo()


def drawn(html: str) -> bytes:
    return engine.draw(html, photographs={})[0]


def styled() -> str:
    return PAGE.replace("</head>", f"<style>{STYLES}</style></head>")


@pytest.fixture
def plainly(as_it_comes) -> bytes:
    return drawn(styled())


def test_a_page_of_everything_is_the_same_bytes(plainly, monkeypatch):
    monkeypatch.undo()
    assert percent.resolve_percentages is engine_shortcuts._resolve_percentages
    assert drawn(styled()) == plainly


@pytest.mark.django_db
def test_a_report_and_its_annex_are_the_same_bytes(report, as_it_comes, monkeypatch):
    photographs = Photographs(report)
    pages = [(rendering.to_html(report), {}), (rendering.to_annex_html(report, photographs=photographs), photographs)]
    plain = [engine.draw(html, photographs=shown)[0] for html, shown in pages]
    monkeypatch.undo()
    assert [engine.draw(html, photographs=shown)[0] for html, shown in pages] == plain


def test_every_shortcut_is_taken():
    assert block.resolve_percentages is inline.resolve_percentages is engine_shortcuts._resolve_percentages
    assert css.computed_values.strut is inline.strut is engine_shortcuts._kept_strut
    assert boxes.Box.is_in_normal_flow is engine_shortcuts._is_in_normal_flow
    assert css.ComputedStyle.__missing__ is engine_shortcuts._missing_value
    assert line_break.Layout.setup is engine_shortcuts._set_up
    assert pydyf._to_bytes is engine_shortcuts._bytes


@pytest.mark.parametrize("value", [b"q", "Tj", 3, -7, 0, True, 2.0, 0.125, -1.5, 1e-9, pydyf.String("a(b"), pydyf.Array([1, b"x"])])  # fmt: skip
def test_a_value_of_a_pdf_is_written_as_the_engine_writes_it(value):
    assert engine_shortcuts._bytes(value) == engine_shortcuts._to_bytes(value)


@pytest.mark.parametrize(
    "place", ["static", "relative", "sticky", "absolute", "fixed", ("running()", "x"), ("note()", "x")]
)
@pytest.mark.parametrize("floats", ["none", "left", "right", "inline-start", "inline-end", "footnote", "top", "bottom"])
def test_what_is_in_the_normal_flow_is_what_the_engine_says(place, floats):
    class Box(boxes.Box):
        def __init__(self) -> None:
            self.style: Any = {"float": floats, "position": place}

    box = Box()
    assert engine_shortcuts._is_in_normal_flow(box) == engine_shortcuts._asked_in_normal_flow(box)


def test_a_copy_of_a_style_keeps_nothing():
    """Layout changes copies: what was worked out for a style is no longer so for its copy."""
    style: Any = css.InitialStyle(None)
    style.root_style = style
    style.kept_lengths, style.kept_strut, style.kept_text_setting = {}, (), ()
    for each in (css.AnonymousStyle(style).copy(), css.ComputedStyle(style, {}, None, style, None, None, None).copy()):
        assert not [name for name in vars(each) if name.startswith("kept_")]
    assert INITIAL_VALUES["float"] == "none"


def test_nothing_of_it_reaches_a_process_that_does_not_draw():
    said = "import sys, reporting.rendering.pdf; print('weasyprint' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {said}"], capture_output=True, text=True, check=True, timeout=120
    )  # fmt: skip
    assert done.stdout.strip() == "False"
