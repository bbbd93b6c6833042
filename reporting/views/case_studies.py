"""A case study as a tagged PDF of a page or two, for a charity to print or send."""

import base64
from typing import Any, Final

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from commitments.models import CaseStudy
from commitments.reading.case_studies import shown_case_study
from reporting.paper.handouts import html_of
from reporting.views.handouts import drawn_for

MOST_PHOTOGRAPHS: Final = 2
LONG_CHARACTERS: Final = 5_000
"""Whatever is longer is set closely, so that everything that the form takes stands on two pages."""


@require_safe
def case_study_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The published text of a case study, with at most :data:`MOST_PHOTOGRAPHS` photographs."""
    today = timezone.localdate()
    published = CaseStudy.objects.published(today).select_related("evidence__organisation", "published__quotation")
    found = get_object_or_404(published, evidence=pk)
    text: Any = found.published
    shown = shown_case_study(found, text, today, insider=False)
    values = {
        "title": shown.headline,
        "about": f"A case study: {shown.headline}, {shown.led_by}.",
        "case_study": found,
        "shown": shown,
        "is_long": sum(len(words) for words in (*(text for _code, _heading, text in shown.parts), shown.how_to_copy))
        > LONG_CHARACTERS,
        "pictures": [picture for file in shown.photographs[:MOST_PHOTOGRAPHS] if (picture := _picture(file))],
    }
    drawn = drawn_for(request, html_of("papers/case_study.html", values))
    if not isinstance(drawn, bytes):
        return drawn
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slugify(shown.headline)[:80] or "case-study"}.pdf"'
    response["Cache-Control"] = "no-cache"
    return response


def _picture(file: Any) -> dict[str, str] | None:
    """Return a photograph as an address that holds it, with what it shows; None if its file is missing."""
    name = str(file.print_content)
    if not name or not default_storage.exists(name):
        return None
    with default_storage.open(name) as opened:
        content = base64.b64encode(opened.read()).decode()
    return {"src": f"data:image/jpeg;base64,{content}", "alt": file.in_words or "A photograph", "caption": file.caption}
