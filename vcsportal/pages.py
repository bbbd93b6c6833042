"""Pages of the portal itself: its brand as a style sheet, what the law asks for, and the style guide."""

import colorsys
import hashlib
from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.generic import TemplateView

from commitments.models import Strategy
from commitments.page_parts.public_pages import public_page
from commitments.reading import pages as reading
from commitments.reading.introduction import introduction
from vcsportal import board_png, style_guide
from vcsportal.common.colour import contrast, mix

NOT_FOR_ROBOTS = (
    "/account/",
    "/my-work/",
    "/review/",
    "/people/",
    "/hand-on/",
    "/calendars/",
    "/follow/",
    "/search/",
    "/dev/",
)
"""Paths without anything for a stranger. Each ``/update/`` and the like asks for a password anyway."""
YEAR_SECONDS = 60 * 60 * 24 * 365
DARK_PAGE = "#14191b"
"""The page's ground in dark mode; the style sheet names the same."""


def lighter(colour: str, least: float) -> str:
    """Return the colour's hue at the first lightness that reaches the contrast ``least`` on a dark page."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    for percent in range(round(lightness * 100), 100):
        light = "#" + "".join(
            f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, percent / 100, saturation)
        )
        if contrast(light, DARK_PAGE) >= least:
            return light
    return "#ffffff"


def brand_style(colour: str) -> str:
    """Return the custom properties made from the council's colour: itself, a deeper one, and a light one for dark pages."""
    deep, light = mix(colour, "#000000", 0.4), lighter(colour, 9)
    return (
        f":root{{--brand:{colour};--brand-deep:{deep};"
        f"--govuk-brand-colour:{colour};--govuk-link-colour:{colour};--govuk-link-hover-colour:{deep}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{--brand-deep:{mix(colour, '#ffffff', 0.15)};"
        f"--govuk-link-colour:{light};--govuk-link-hover-colour:{mix(light, '#ffffff', 0.5)}}}}}\n"
    )


def _brand_etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(brand_style(settings.PORTAL_BRAND_COLOUR).encode()).hexdigest()[:16]}"'


@require_safe
@cache_control(public=True, max_age=YEAR_SECONDS)
@condition(etag_func=_brand_etag)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The council's colour as a style sheet. Pages ask for it with the colour in the address, so a new colour shows at once."""
    return HttpResponse(brand_style(settings.PORTAL_BRAND_COLOUR), content_type="text/css")


@require_safe
@cache_control(public=True, max_age=60 * 60)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to write about a weakness of the portal, as RFC 9116 has it. It is good for half a year from every reading."""
    expires = (timezone.now().astimezone(UTC) + timedelta(days=182)).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{settings.PORTAL_SECURITY_EMAIL}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PORTAL_URL}{reverse('security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=60 * 60 * 24)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What programs that read the whole web may read, and where the public pages are listed (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    lines.append(f"Sitemap: {settings.PORTAL_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=60 * 60 * 24)
def favicon(request: HttpRequest) -> HttpResponse:
    """The way to the picture for programs that ask for it at this address without reading a page."""
    return redirect(static("images/favicon.ico"))


@public_page
def board_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """A strategy's board as it stands today, for the cards that other sites show of a link. Kept while nothing changes."""
    strategy = get_object_or_404(Strategy.objects.select_related("owner"), slug=slug)
    today = timezone.localdate()
    standings = reading.standings(strategy)
    rows = reading.board_of(strategy, standings, today)
    sentence = introduction(
        owner=strategy.owner.name,
        starts_on=strategy.starts_on,
        ends_on=strategy.ends_on,
        priorities=len(rows),
        commitments=len(standings),
        nouns=strategy.nouns,
        signed=strategy.kind_of.signed,
        made_by=strategy.made_by if any(standing.owner_response for standing in standings) else "",
    )
    picture = board_png.draw(strategy.title, sentence, rows, brand=settings.PORTAL_BRAND_COLOUR)
    return HttpResponse(picture, content_type="image/png")


cookies = require_safe(TemplateView.as_view(template_name="pages/cookies.html"))
accessibility = require_safe(TemplateView.as_view(template_name="pages/accessibility.html"))


@require_safe
def style_guide_page(request: HttpRequest) -> HttpResponse:
    """Every component and state with invented data, for people who build the portal."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "dev/look.html", style_guide.samples())
