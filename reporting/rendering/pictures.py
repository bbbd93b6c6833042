"""Pictures as images within the page, and texts as clean HTML."""

import base64

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting import charts
from vcsportal.common import markdown


def prose(text: str, level: int = 5) -> SafeString:
    """Return clean HTML whose headings stand below those of the report."""
    html = str(markdown.to_html(text))
    for old in (3, 4):
        html = html.replace(f"<h{old}>", f"<h{level}>").replace(f"</h{old}>", f"</h{level}>")
    return mark_safe(html)  # noqa: S308 - to_html has cleaned it


def img(picture: charts.Picture, css: str) -> SafeString:
    """Return a picture as an image: inside the page, its parts would cost the engine as much as the words do."""
    return format_html('<img class="{}" src="{}" alt="{}">', css, data(picture.svg), picture.sentence)


def data(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"
