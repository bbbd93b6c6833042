"""HTML to PDF. The same facts give the same bytes. The engine is loaded with the first document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.facts import Report
from reporting.rendering import annex
from reporting.rendering.body import to_html
from reporting.rendering.layout import Progress, pages_heard, without_collector
from reporting.rendering.pictures import sound
from reporting.rendering.summary_page import lines_that_fit


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A finished PDF."""

    content: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class PdfAttachment:
    """A file within a PDF: its name there, its media type, and a sentence on its contents."""

    name: str
    media_type: str
    description: str
    content: bytes


def to_pdf(report: Report, *, attached: Sequence[PdfAttachment] = (), on_page: Progress | None = None) -> PdfFile:
    """Return the report as a tagged PDF (PDF/UA-1), with the files put into it. The same facts give the same bytes.

    The stories and photographs of its evidence are in the annex (:func:`to_annex`).
    """
    from reporting.rendering import engine

    with without_collector(), pages_heard(on_page, guess_pages(report)):
        # in a function of its own, so that its boxes are gone when it returns
        html = to_html(report, lines=lines_that_fit(report))
        return PdfFile(*engine.draw(html, photographs={}, attached=attached, at=report.making.at))


def to_annex(report: Report, *, photographs: Mapping[str, bytes], on_page: Progress | None = None) -> PdfFile:
    """Return the annex as a tagged PDF (PDF/UA-1): the evidence in organisations' own words."""
    from reporting.rendering import engine

    photographs = sound(photographs)
    with without_collector(), pages_heard(on_page, guess_pages_of_annex(report)):
        return PdfFile(*engine.draw(annex.to_html(report, photographs=photographs), photographs=photographs))


def to_drawn(html: str) -> PdfFile:
    """Return HTML of our own templates as a tagged PDF (PDF/UA-1), drawn with our own fonts and ``data:`` and nothing else."""
    from reporting.rendering import engine

    return PdfFile(*engine.draw(html, photographs={}))


def count_pages(html: str) -> int:
    """Return how many pages :func:`to_drawn` would fill, without writing them."""
    from reporting.rendering import engine

    return len(engine.lay_out(html, photographs={}).pages)


def to_paper(html: str) -> bytes:
    """Return the same, its bytes alone."""
    return to_drawn(html).content


def guess_pages(report: Report) -> int:
    """Return about how many pages there will be, for the progress page only."""
    words = sum(len(c.narrative) + len(c.next_steps) + len(c.reason) for c in report.commitments())
    notes = len(report.all_evidence()) * 0.035
    return round(11 + len(report.priorities) + len(report.commitments()) * 0.45 + notes + words / 3200)


def guess_pages_of_annex(report: Report) -> int:
    """Return the same of the annex."""
    words = sum(len(item.story) for item in report.all_evidence())
    photographs = sum(len(item.photographs) for item in report.all_evidence())
    return round(1 + len(report.all_evidence()) * 0.1 + words / 4000 + photographs * 0.3)
