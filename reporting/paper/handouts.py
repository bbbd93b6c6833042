"""Papers of a page or two, made while someone waits: the form to fill in by hand, and the brief for a handover.

They are drawn as the report is: tagged (PDF/UA-1), with our own fonts, fetching nothing.
"""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reporting import rendering

STYLE: Final = Path(settings.BASE_DIR) / "templates" / "papers" / "paper.css"


def paper(template: str, values: dict[str, Any]) -> bytes:
    """Return a template as a PDF.

    :param template: one that extends ``papers/paper.html``.
    :param values: ``title`` (a must), ``about`` (a sentence on what the paper is) and what the template itself asks for.
    """
    return rendering.to_paper(html_of(template, values))


def html_of(template: str, values: dict[str, Any]) -> str:
    """Return the same as HTML, from which it is drawn. The same HTML gives the same PDF."""
    identity = {"council": settings.PORTAL_COUNCIL, "portal": settings.PORTAL_NAME, "portal_url": settings.PORTAL_URL}
    html: str = get_template(template).render({**identity, **values, "style": mark_safe(_style())})  # noqa: S308 - our own
    return html


def _style() -> str:
    return STYLE.read_text(encoding="utf-8").replace("__BRAND__", settings.PORTAL_BRAND_COLOUR)
