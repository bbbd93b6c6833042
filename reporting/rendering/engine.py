"""Draws HTML with WeasyPrint. Whatever needs the engine is imported from here, so that a process which draws nothing, as
most do, need not load it: it takes a quarter of the time in which a command starts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from weasyprint import CSS, Attachment, Document

from reporting.rendering import pdf_links, tagging
from reporting.rendering.attached import attachments, relate
from reporting.rendering.engine_patches import (
    PlainDocument,
    make_quicker,
    paint_lists_in_turn,
    without_spaces_at_the_end,
)
from reporting.rendering.engine_shortcuts import take_shortcuts
from reporting.rendering.fetching import Fetcher, assets
from reporting.rendering.fonts import OWN_SCHEME, rules
from reporting.rendering.joined_tags import remember_what_tags_are_drawn_from
from reporting.rendering.own_fonts import OwnFonts
from reporting.rendering.pdf import PdfAttachment
from reporting.rendering.printable_text import printable
from reporting.rendering.text_layer import spell_out

OPTIONS: Final[dict[str, Any]] = {"pdf_variant": "pdf/ua-1"}
"""Photographs go in as they are: they were made small for print when they came, and packing them again is slow."""

make_quicker()
paint_lists_in_turn()
take_shortcuts()
spell_out()
remember_what_tags_are_drawn_from()


def draw(
    html: str, *, photographs: Mapping[str, bytes], attached: Sequence[PdfAttachment] = (), at: datetime | None = None
) -> tuple[bytes, int]:
    """Return a PDF and its number of pages.

    :param attached: files to put into it, dated ``at``.
    """
    document = lay_out(html, photographs=photographs)
    files = attachments(attached, at) if at else []
    return write(document, files), len(document.pages)


def lay_out(html: str, *, photographs: Mapping[str, bytes]) -> Document:
    """Return the document with every box in its place: the first, larger part of the work."""
    html, needed = printable(without_spaces_at_the_end(html))
    fetcher, fonts = Fetcher(assets(photographs)), OwnFonts()
    named = CSS(string=rules(needed), base_url=OWN_SCHEME, url_fetcher=fetcher, font_config=fonts)
    page = PlainDocument(string=html, base_url=OWN_SCHEME, url_fetcher=fetcher)
    document: Document = page.render(font_config=fonts, stylesheets=[named], **OPTIONS)
    pdf_links.merge_nested(document)
    return document


def write(document: Document, attached: Sequence[Attachment] = ()) -> bytes:
    """Return a document that was laid out as the bytes of a PDF."""
    content: bytes = document.write_pdf(finisher=_finish, **OPTIONS | {"attachments": list(attached)})
    return content


def _finish(document: Any, pdf: Any) -> None:
    tagging.finish(document, pdf)
    pdf_links.describe(document)
    relate(pdf)
