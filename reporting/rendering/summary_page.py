"""The report on one page: how much fits on it, and its HTML for print. The engine is loaded with the first page."""

from typing import Any, Final

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reporting.facts import Report
from reporting.narrative import summary_page
from reporting.rendering.body import stylesheet, values
from reporting.rendering.links import PrintLinks

LINES: Final = (*range(summary_page.MAX_LISTED, 0, -1), 0)
"""How many lines a list may have: the first number with which all fits the page is taken."""


def lines_that_fit(report: Report) -> int:
    """Return how many lines each list of the page may have."""
    shown = _values(report)
    fitting: int = next((lines for lines in LINES if _pages(report, shown, lines) == 1), LINES[-1])
    return fitting


def to_html(report: Report) -> str:
    """Return the page as HTML for print, without links to other pages of the report."""
    return _html(report, _values(report), lines_that_fit(report))


def _values(report: Report) -> dict[str, Any]:
    return values(report, photographs=frozenset(), links=PrintLinks(report))


def _pages(report: Report, shown: dict[str, Any], lines: int) -> int:
    from reporting.rendering import engine

    return len(engine.lay_out(_html(report, shown, lines), photographs={}).pages)


def _html(report: Report, shown: dict[str, Any], lines: int) -> str:
    style = mark_safe(stylesheet(report))  # noqa: S308 - our own
    more = {"style": style, "alone": True, "one_page": summary_page.values(report, lines)}
    html: str = get_template("report/summary_page.html").render(shown | more)
    return html
