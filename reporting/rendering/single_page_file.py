"""Facts to one HTML file that stands alone: style, fonts and photographs inside, no script, nothing to fetch.

The same facts give the same bytes. It looks as the report's page does, and prints decently.
"""

import base64
import re
from collections.abc import Mapping, Set
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, UnidentifiedImageError

from reporting.facts import EvidenceFacts, Report
from reporting.rendering.fonts import FontsMissing
from reporting.rendering.links import PrintLinks
from reporting.rendering.pictures import sound
from reporting.rendering.printable_text import plain
from reporting.rendering.screen import page
from vcsportal.common.right_to_left import isolate

BUILT: Final = Path(settings.BASE_DIR) / "static" / "build"
SHEET: Final = "report-alone.css"
_FACE: Final = re.compile(r"@font-face\s*\{[^}]*\}")
_FONT: Final = re.compile(r"""url\(["']?(fonts/[\w-]+\.woff2)["']?\)""")
_RANGE: Final = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)
ALWAYS: Final = "Atkinson Hyperlegible Next"
"""The family that is put in whatever the words are; the others only for letters that the main font lacks."""


class AloneLinks(PrintLinks):
    """Full addresses on the portal; photographs are inside the file."""

    screen = True

    def __init__(self, report: Report, photographs: Mapping[str, bytes]) -> None:
        super().__init__(report)
        self._photographs = photographs

    def _bytes(self, piece: EvidenceFacts, place: int) -> bytes:
        return self._photographs[piece.photographs[place - 1].file]

    def photograph(self, piece: EvidenceFacts, place: int) -> str:
        return f"data:image/jpeg;base64,{_packed(self._bytes(piece, place))}"

    def size(self, piece: EvidenceFacts, place: int) -> tuple[int, int] | None:
        try:
            with Image.open(BytesIO(self._bytes(piece, place))) as picture:
                return picture.size
        except (OSError, UnidentifiedImageError):
            return None


def to_html(report: Report, *, photographs: Mapping[str, bytes]) -> str:
    """Return the report as one file.

    :param photographs: the bytes of each photograph by the ``file`` that the facts name; one that is gone is left out.
    """
    photographs = sound(photographs)
    links = AloneLinks(report, photographs)
    told = page(report, links=links, photographs=frozenset(photographs))
    others = frozenset(map(ord, {*told.body, *report.strategy.title, *report.identity.council} - plain()))
    shown = {"report": report, "nouns": report.strategy.nouns, "page": told, "style": _style(report, others)}
    return mark_safe(isolate(render_to_string("report/alone.html", shown)))  # noqa: S308 - it is escaped already


def _packed(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


@cache
def _sheet() -> str:
    return _read(SHEET).decode()


def _with_fonts(sheet: str, others: Set[int]) -> str:
    """Return the style sheet with the fonts that the page needs inside, as they are kept: packed."""

    def rule(match: re.Match[str]) -> str:
        face = match[0]
        if ALWAYS not in face and not _covers(face, others):
            return ""
        return _FONT.sub(lambda font: f"url(data:font/woff2;base64,{_packed(_read(font[1]))})", face)

    return _FACE.sub(rule, sheet)


def _covers(face: str, others: Set[int]) -> bool:
    """Return whether a rule says that it is for one of the characters."""
    ranges = [(int(first, 16), int(last or first, 16)) for first, last in _RANGE.findall(face)]
    return any(first <= each <= last for each in others for first, last in ranges)


def _read(name: str) -> bytes:
    try:
        return (BUILT / name).read_bytes()
    except OSError as error:
        raise FontsMissing(
            "The report's style sheet or a font is not in static/build. Build the front end (npm ci, then npm run build), and try again."
        ) from error


def _style(report: Report, others: Set[int]) -> SafeString:
    """Return the style sheet and the council's colour; in the dark, links keep their own light colour."""
    colour = report.identity.brand_colour
    brand = (
        f":root{{--brand:{colour};--govuk-brand-colour:{colour}}}"
        f"@media not all and (prefers-color-scheme:dark){{:root{{--govuk-link-colour:{colour}}}}}"
    )
    return mark_safe(f"{_with_fonts(_sheet(), others)}{brand}")  # noqa: S308 - our own
