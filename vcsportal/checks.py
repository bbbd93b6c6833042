"""What is checked about the settings when the portal starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from reporting.paper import skeleton
from vcsportal.common.colour import HEX, contrast
from vcsportal.privacy.table import RULE, SETTINGS_ONLY

LEAST = 4.5
"""WCAG's least contrast of text: the brand colour carries white words, and is the colour of links on white."""


@register()
def brand_colour_is_readable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The brand colour can be read on white, and white on it."""
    colour = settings.PORTAL_BRAND_COLOUR
    if not HEX.fullmatch(colour):
        return [
            Error(
                f"PORTAL_BRAND_COLOUR is {colour!r}, which is not a colour such as #17424f.",
                hint="Give it as # and six hexadecimal digits.",
                id="portal.E001",
            )
        ]
    ratio = contrast(colour, "#ffffff")
    if ratio < LEAST:
        return [
            Error(
                f"PORTAL_BRAND_COLOUR {colour} has a contrast of {ratio:.1f}:1 on white. Words need {LEAST}:1 at least.",
                hint="Choose a darker shade of the council's colour.",
                id="portal.E002",
            )
        ]
    return []


@register()
def paper_skeleton_can_be_used(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The skeleton of the committee paper is whole; every fault is told, so that all can be mended at once."""
    where = f"Mend {skeleton.place()}, which PORTAL_PAPER_SKELETON names, or unset it to use the portal's own."
    return [Error(fault, hint=where, id="portal.E003") for fault in skeleton.faults()]


@register()
def retention_days_are_days(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """RETENTION_DAYS names kinds of the retention table, and whole days, as many as the kind needs at least."""
    known = {code: rule.least for code, rule in RULE.items()} | dict.fromkeys(SETTINGS_ONLY, 1)
    wrong = [
        f"{code}={days}"
        for code, days in settings.RETENTION_DAYS.items()
        if code not in known or not str(days).isdecimal() or int(days) < known[code]
    ]
    if not wrong:
        return []
    return [
        Error(
            f"RETENTION_DAYS has {', '.join(wrong)}, which is not a kind of data with enough days.",
            hint=f"The kinds are {', '.join(sorted(known))}. Write them as emails=60,times_taken=365.",
            id="portal.E010",
        )
    ]
