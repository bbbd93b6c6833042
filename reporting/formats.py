"""The files of an edition: every format in which the same facts are available. One table; job, command, pages and API
read it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from reporting import easy, exports, rendering
from reporting.facts import Report
from reporting.paper import docx, odt
from reporting.rendering.layout import Progress
from reporting.rendering.pdf import PdfAttachment

Photographs = Mapping[str, bytes]
PHOTOGRAPHS: Final = "photographs"
STORIES: Final = "stories"
DETAILS: Final = "details"
"""Titles and links of items of evidence whose story may no longer be told."""
CASE_STUDIES: Final = "case studies"
"""Case studies with their quotations."""
ALL: Final = frozenset({PHOTOGRAPHS, STORIES, DETAILS, CASE_STUDIES})
IN_WORDS: Final = frozenset({STORIES, DETAILS, CASE_STUDIES})
IN_PAPERS: Final = frozenset({DETAILS, CASE_STUDIES})


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A face's bytes, and its pages where it has any."""

    content: bytes
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format of the report: its name, its readers, its file, and the function that writes it.

    ``document`` is the part of a download's name that says what the file is, "" for the report itself.
    ``shows`` are the kinds of content in the file that need someone's consent.
    ``write`` takes the facts, the photographs by their names in the facts, and a function to call for every page, which
    only those use that are long and have ``tells_pages``.
    The same facts give the same bytes, in any process and on any day.
    """

    code: str
    label: str
    says: str
    media_type: str
    extension: str
    document: str
    write: Callable[[Report, Photographs, Progress | None], MadeFile]
    shows: frozenset[str] = frozenset()
    tells_pages: bool = False

    def shown(self, codes: Collection[str]) -> frozenset[str]:
        """Return which kinds of content its file shows in an edition.

        :param codes: the formats of the edition. Before there was an annex, stories and photographs were in the report itself.
        """
        return ALL if self.code == "pdf" and "annex" not in codes else self.shows


def _pdf(report: Report, photographs: Photographs, on_page: Progress | None) -> MadeFile:
    drawn = rendering.to_pdf(report, attached=data(report), on_page=on_page)
    return MadeFile(drawn.content, drawn.pages)


def _annex(report: Report, photographs: Photographs, on_page: Progress | None) -> MadeFile:
    drawn = rendering.to_annex(report, photographs=photographs, on_page=on_page)
    return MadeFile(drawn.content, drawn.pages)


def _summary(report: Report, photographs: Photographs, on_page: Progress | None) -> MadeFile:
    drawn = rendering.to_drawn(rendering.summary_html(report))
    return MadeFile(drawn.content, drawn.pages)


def data(report: Report) -> list[PdfAttachment]:
    """Return the files with data that are attached to the PDF: the same bytes as the separate files."""
    name = f"{report.strategy.slug}-{report.round.slug}"
    return [
        PdfAttachment(f"{name}.{face.extension}", face.media_type, f"{face.label}. {face.says}", write(report))
        for code, write in exports.WRITERS.items()
        for face in (FORMAT_BY_CODE[code],)
    ]


def _html(report: Report, photographs: Photographs, on_page: Progress | None) -> MadeFile:
    return MadeFile(rendering.to_alone(report, photographs=photographs).encode())


def _easy(report: Report, photographs: Photographs, on_page: Progress | None) -> MadeFile:
    drawn = easy.to_pdf(report)
    return MadeFile(drawn.content, drawn.pages)


def _from_facts(write: Callable[[Report], bytes]) -> Callable[[Report, Photographs, Progress | None], MadeFile]:
    return lambda report, photographs, on_page: MadeFile(write(report))


_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = (
    ReportFormat("pdf", "The report (PDF)", "To read, print and keep; tagged for screen readers.", "application/pdf", "pdf", "", _pdf, IN_WORDS, tells_pages=True),
    ReportFormat("annex", "The annex (PDF)", "What organisations did, in their own words, with photographs.", "application/pdf", "pdf", "annex", _annex, ALL, tells_pages=True),
    ReportFormat("summary", "Summary (PDF)", "The report on one page.", "application/pdf", "pdf", "summary", _summary),
    ReportFormat("docx", "Committee paper (Word)", "With numbered paragraphs.", _WORD, "docx", "committee-paper", _from_facts(docx.write), IN_PAPERS),
    ReportFormat(
        "odt", "Committee paper (OpenDocument)", "The same for LibreOffice.",
        "application/vnd.oasis.opendocument.text", "odt", "committee-paper", _from_facts(odt.write), IN_PAPERS,
    ),
    ReportFormat("easy", "Easy summary (PDF)", "Two pages in plain English.", "application/pdf", "pdf", "easy-summary", _easy),
    ReportFormat("html", "The report as one web page (HTML)", "With its pictures inside, to keep.", "text/html", "html", "", _html, ALL),
    ReportFormat("csv", "Data (CSV files in one zip)", "Every table, with a dictionary.", "application/zip", "zip", "data", _from_facts(exports.WRITERS["csv"]), IN_WORDS),
    ReportFormat("xlsx", "Data (Excel)", "The same tables as one spreadsheet.", _EXCEL, "xlsx", "data", _from_facts(exports.WRITERS["xlsx"]), IN_WORDS),
    ReportFormat(
        "ods", "Data (OpenDocument)", "The same for LibreOffice.",
        "application/vnd.oasis.opendocument.spreadsheet", "ods", "data", _from_facts(exports.WRITERS["ods"]), IN_WORDS,
    ),
    ReportFormat("json", "Data (JSON)", "The same tables for programs.", "application/json", "json", "data", _from_facts(exports.WRITERS["json"]), IN_WORDS),
)  # fmt: skip
"""In the order in which people look for them, in which they are made, too: the report in print first, the paper for a
committee, then what is easy to read, to keep, and to count with."""
FORMAT_BY_CODE: Final = {face.code: face for face in FORMATS}
