"""HTML to PDF. The same facts give the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from weasyprint import CSS, Attachment, Document

from reporting.facts import Report
from reporting.rendering import tagging
from reporting.rendering.attached import PdfAttachment, attachments, relate
from reporting.rendering.body import to_html
from reporting.rendering.engine_patches import PlainDocument, make_quicker
from reporting.rendering.fetching import Fetcher, assets
from reporting.rendering.fonts import OWN_SCHEME, rules
from reporting.rendering.layout import Progress, pages_heard, without_collector
from reporting.rendering.own_fonts import OwnFonts
from reporting.rendering.pictures import sound
from reporting.rendering.printable_text import printable
from reporting.rendering.text_layer import spell_out

OPTIONS: Final[dict[str, Any]] = {"pdf_variant": "pdf/ua-1"}
"""Photographs go in as they are: they were made small for print when they came, and packing them again is slow."""

make_quicker()
spell_out()


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A finished PDF."""

    content: bytes
    pages: int


def to_pdf(
    report: Report,
    *,
    photographs: Mapping[str, bytes],
    attached: Sequence[PdfAttachment] = (),
    on_page: Progress | None = None,
) -> PdfFile:
    """Return the report as a tagged PDF (PDF/UA-1), with the files put into it. The same facts give the same bytes."""
    photographs = sound(photographs)
    html = to_html(report, photographs=photographs)
    with without_collector(), pages_heard(on_page, guess_pages(report)):
        # in a function of its own, so that its boxes are gone when it returns
        return _draw(html, Fetcher(assets(photographs)), attachments(attached, report.making.at))


def _draw(html: str, fetcher: Fetcher, attached: Sequence[Attachment] = ()) -> PdfFile:
    document = lay_out(html, fetcher)
    return PdfFile(write(document, attached), len(document.pages))


def lay_out(html: str, fetcher: Fetcher) -> Document:
    """Return the document with every box in its place: the first, larger part of the work."""
    html, needed = printable(html)
    fonts = OwnFonts()
    named = CSS(string=rules(needed), base_url=OWN_SCHEME, url_fetcher=fetcher, font_config=fonts)
    page = PlainDocument(string=html, base_url=OWN_SCHEME, url_fetcher=fetcher)
    document: Document = page.render(font_config=fonts, stylesheets=[named], **OPTIONS)
    return document


def write(document: Document, attached: Sequence[Attachment] = ()) -> bytes:
    """Return a document that was laid out as the bytes of a PDF."""
    content: bytes = document.write_pdf(finisher=_finish, **OPTIONS | {"attachments": list(attached)})
    return content


def _finish(document: Any, pdf: Any) -> None:
    tagging.finish(document, pdf)
    relate(pdf)


def to_drawn(html: str) -> PdfFile:
    """Return HTML of our own templates as a tagged PDF (PDF/UA-1), drawn with our own fonts and ``data:`` and nothing else."""
    return _draw(html, Fetcher(assets({})))


def count_pages(html: str) -> int:
    """Return how many pages :func:`to_drawn` would fill, without writing them."""
    return len(lay_out(html, Fetcher(assets({}))).pages)


def to_paper(html: str) -> bytes:
    """Return the same, its bytes alone."""
    return to_drawn(html).content


def guess_pages(report: Report) -> int:
    """Return about how many pages there will be, for the progress page only."""
    words = sum(len(c.narrative) + len(c.next_steps) + len(c.reason) for c in report.commitments())
    words += sum(len(piece.story) for piece in report.all_evidence())
    photographs = sum(len(piece.photographs) for piece in report.all_evidence())
    return round(
        9
        + len(report.priorities)
        + len(report.commitments()) * 0.45
        + len(report.all_evidence()) * 0.12
        + words / 3200
        + photographs * 0.3
    )
