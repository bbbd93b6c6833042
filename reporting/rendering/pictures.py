"""Pictures as images within the page, and texts as clean HTML."""

import base64
import logging
import warnings
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

from reporting.narrative import charts
from vcsportal.common import markdown

logger = logging.getLogger(__name__)
MAX_PIXELS: Final = 8_000_000
"""More than four times what a photograph made for print has; a reader's machine has to unpack it."""


def sound(photographs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those that can be drawn as they are, without being unpacked: whole JPEGs of a size made for print.

    Any other file was not put there by an upload. The report is made without it, and the log names it.
    """
    pictures = {}
    for file, content in photographs.items():
        if _is_sound(content):
            pictures[file] = content
        else:
            logger.warning("The photograph %s is damaged or too large to print, and was left out", file)
    return pictures


def _is_sound(content: bytes) -> bool:
    if not content.startswith(b"\xff\xd8\xff") or not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return False
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(content), formats=("JPEG",)) as picture:
            upright = picture.getexif().get(0x0112, 1) == 1
            return upright and picture.mode in {"L", "RGB"} and 0 < picture.width * picture.height <= MAX_PIXELS
    except Exception:  # whatever a decoder says of such bytes
        return False


def prose(text: str, level: int = 5) -> SafeString:
    """Return Markdown as sanitised HTML whose headings start at ``level``. Each text is sanitised once for all formats."""
    return _kept(text, level) if len(text) <= 8000 else _prose(text, level)


def _prose(text: str, level: int) -> SafeString:
    html = str(markdown.to_html(text))
    for old in (3, 4):
        html = (
            html.replace(f"<h{old}>", f"<h{level}>")
            .replace(f"<h{old} ", f"<h{level} ")
            .replace(f"</h{old}>", f"</h{level}>")
        )
    return mark_safe(html)  # noqa: S308 - to_html has cleaned it


_kept = lru_cache(maxsize=1024)(_prose)


def img(picture: charts.Chart, css: str) -> SafeString:
    """Return a picture as an image: inside the page, its parts would cost the engine as much as the words do."""
    return format_html('<img class="{}" src="{}" alt="{}">', css, data(picture.svg), picture.sentence)


def data(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"
