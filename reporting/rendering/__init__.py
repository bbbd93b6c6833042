"""Facts to HTML to PDF: the only package that uses WeasyPrint. No query, and nothing is fetched."""

from reporting.rendering.annex import to_html as to_annex_html
from reporting.rendering.body import to_html
from reporting.rendering.fonts import FontsMissing
from reporting.rendering.missing_characters import MissingLetter, find_missing
from reporting.rendering.pdf import PdfFile, guess_pages, guess_pages_of_annex, to_annex, to_drawn, to_paper, to_pdf
from reporting.rendering.single_page_file import to_html as to_alone
from reporting.rendering.summary_page import to_html as summary_html

__all__ = [
    "FontsMissing",
    "MissingLetter",
    "PdfFile",
    "find_missing",
    "guess_pages",
    "guess_pages_of_annex",
    "summary_html",
    "to_alone",
    "to_annex",
    "to_annex_html",
    "to_drawn",
    "to_html",
    "to_paper",
    "to_pdf",
]
