"""The report on one page: how much fits on it, and its HTML for print. The engine is loaded with the first page."""

from typing import Final

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reporting.facts import Report
from reporting.narrative import summary_page
from reporting.rendering.body import stylesheet, summary_values
from reporting.rendering.limits import bounded

LINES: Final = (*range(summary_page.MAX_LISTED, 0, -1), 0)
"""How many lines a list may have: the first number with which all fits the page is taken."""


def lines_that_fit(report: Report) -> int:
    """Return how many lines each list of the page may have."""
    fitting: int = next((lines for lines in LINES if _pages(_html(report, lines)) == 1), LINES[-1])
    return fitting


def to_html(report: Report) -> str:
    """Return the page as HTML for print, without links to other pages of the report."""
    return _html(report, lines_that_fit(report))


def _pages(html: str) -> int:
    from reporting.rendering import engine

    return len(engine.lay_out(html, photographs={}).pages)


def _html(report: Report, lines: int) -> str:
    shown = summary_values(bounded(report), lines)
    style = mark_safe(stylesheet(report))  # noqa: S308 - our own
    html: str = get_template("report/summary_page.html").render(shown | {"style": style, "alone": True})
    return html
