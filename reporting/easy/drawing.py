"""The easy summary as HTML and as a tagged PDF (PDF/UA-1)."""

from django.utils.html import escape

from reporting import rendering
from reporting.facts import Report
from reporting.rendering import Drawn


def to_pdf(report: Report) -> Drawn:
    """Return the two pages."""
    title = escape(f"{report.strategy.title}: easy summary for {report.round.slug}")
    html = f'<!DOCTYPE html><html lang="en-GB"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>'
    return rendering.to_drawn(html)
