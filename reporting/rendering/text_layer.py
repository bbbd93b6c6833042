"""Writes the text layer of a PDF, letter by letter, as the text was written.

The engine notes one text for each glyph of a font. That is right for the letters of the main font, and wrong where letters
change with their neighbours: Arabic shares its shapes between letters, Indian scripts make one shape of several letters, and
an accent may be a shape of its own. Words with letters that the main font lacks say themselves, as the standard's
``ActualText``. A symbol that stands for itself needs none. Words in another language than the document's say theirs, too.
"""

import re
from typing import Any, Final

import pydyf
from weasyprint import draw

from reporting.rendering.printable_text import plain
from vcsportal.common.languages import PORTAL

_SYMBOLS: Final = re.compile(r"[\s\u2000-\u200c\u2010-\u2bff\U0001f000-\U0001faff]")
_draw_text: Final = draw.draw_text


def _draw_spelt(stream: Any, textbox: Any, *rest: Any) -> None:
    text, said = textbox.text, {}
    if not text.isascii() and not plain().issuperset(_SYMBOLS.sub("", text)):
        said["ActualText"] = pydyf.String(text)
    if (language := textbox.style["lang"]) and language != PORTAL:
        said["Lang"] = pydyf.String(language)
    if not said:
        _draw_text(stream, textbox, *rest)
        return
    stream.begin_marked_content("Span", pydyf.Dictionary(said))
    _draw_text(stream, textbox, *rest)
    stream.end_marked_content()


def spell_out() -> None:
    """Let words whose glyphs do not say them be spelt out in the text layer."""
    draw.draw_text = _draw_spelt
