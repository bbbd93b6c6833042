"""Pages of the portal itself: its brand as a style sheet, what the law asks for, and the style guide."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.generic import TemplateView

from vcsportal import lookbook
from vcsportal.common.colour import contrast, mix

YEAR = 60 * 60 * 24 * 365
DARK_PAGE = "#14191b"
"""The page's ground in dark mode; the style sheet names the same."""


def brand_style(colour: str) -> str:
    """Return the custom properties made from the council's colour: itself, a deeper one, and a light one for dark pages."""
    light = colour
    for tenths in range(1, 10):
        light = mix(colour, "#ffffff", tenths / 10)
        if contrast(light, DARK_PAGE) >= 8:
            break
    deep = mix(colour, "#000000", 0.4)
    return (
        f":root{{--brand:{colour};--brand-deep:{deep};--brand-light:{light};"
        f"--govuk-brand-colour:{colour};--govuk-link-colour:{colour};--govuk-link-hover-colour:{deep}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{--govuk-link-colour:{light};"
        f"--govuk-link-hover-colour:{mix(light, '#ffffff', 0.5)};--brand-deep:{mix(colour, '#ffffff', 0.15)}}}}}\n"
    )


def _brand_etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(brand_style(settings.PORTAL_BRAND_COLOUR).encode()).hexdigest()[:16]}"'


@require_safe
@cache_control(public=True, max_age=YEAR)
@condition(etag_func=_brand_etag)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The council's colour as a style sheet. Pages ask for it with the colour in the address, so a new colour shows at once."""
    return HttpResponse(brand_style(settings.PORTAL_BRAND_COLOUR), content_type="text/css")


cookies = require_safe(TemplateView.as_view(template_name="pages/cookies.html"))
privacy = require_safe(TemplateView.as_view(template_name="pages/privacy.html"))
accessibility = require_safe(TemplateView.as_view(template_name="pages/accessibility.html"))


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Every component and state with invented data, for people who build the portal."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "dev/look.html", lookbook.samples())
