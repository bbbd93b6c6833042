"""What is checked about the settings when the portal starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from commitments.rules.awards import PREFIX_360GIVING
from reporting.paper import identity, skeleton
from vcsportal.common.colour import HEX, contrast
from vcsportal.privacy.retention_table import RULE, SETTINGS_ONLY
from vcsportal.readiness import has_static_files

MIN_CONTRAST = 4.5
"""The lowest contrast for text under WCAG: the brand colour has white text on it, and is the colour of links on
white."""


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
    if ratio < MIN_CONTRAST:
        return [
            Error(
                f"PORTAL_BRAND_COLOUR {colour} has a contrast of {ratio:.1f}:1 on white. Text needs at least {MIN_CONTRAST}:1.",
                hint="Choose a darker shade of the council's colour.",
                id="portal.E002",
            )
        ]
    return []


@register()
def paper_skeleton_can_be_used(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the skeleton of the committee paper is valid. Every fault is reported, so that all can be corrected at
    once."""
    where = f"Correct {skeleton.place()}, which PORTAL_PAPER_SKELETON names, or unset it to use the portal's own."
    return [Error(fault, hint=where, id="portal.E003") for fault in skeleton.faults()]


@register()
def paper_identities_can_be_used(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the names, logos and layouts that owners of strategies have on committee papers. Every fault is reported."""
    where = f"Correct {settings.PORTAL_PAPER_IDENTITIES}, which PORTAL_PAPER_IDENTITIES names, or unset it."
    return [Error(fault, hint=where, id="portal.E011") for fault in identity.faults()]


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
            f"RETENTION_DAYS has {', '.join(wrong)}, which is not a known kind of data, or has too few days.",
            hint=f"The kinds are {', '.join(sorted(known))}. Write them as emails=60,times_taken=365.",
            id="portal.E010",
        )
    ]


@register()
def prefix_of_grants_is_one(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the prefix of grants looks like one that 360Giving gives: a mistake would be in what others have copied."""
    prefix = settings.PORTAL_360GIVING_PREFIX
    if not prefix or PREFIX_360GIVING.fullmatch(prefix):
        return []
    return [
        Error(
            f"PORTAL_360GIVING_PREFIX is {prefix!r}, which is not a prefix such as 360G-shirewell.",
            hint="Write it exactly as 360Giving gave it to you, without a hyphen at its end, or unset it.",
            id="portal.E013",
        )
    ]


@register()
def bucket_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that no part of a bucket's settings is there without the others: files would go to a folder unnoticed."""
    given = {
        "FILES_ENDPOINT_URL": settings.FILES_ENDPOINT_URL,
        "FILES_ACCESS_KEY": settings.FILES_ACCESS_KEY,
        "FILES_SECRET_KEY": settings.FILES_SECRET_KEY,
    }
    missing = [] if settings.FILES_BUCKET or not any(given.values()) else ["FILES_BUCKET"]
    if bool(settings.FILES_ACCESS_KEY) != bool(settings.FILES_SECRET_KEY):
        missing.append("FILES_SECRET_KEY" if settings.FILES_ACCESS_KEY else "FILES_ACCESS_KEY")
    return [
        Error(
            f"{name} is missing, though other settings of a bucket are there.",
            hint="docs/scaling.md says what each is.",
            id="portal.E012",
        )
        for name in missing
    ]


@register(Tags.security, deploy=True)
def emails_can_be_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a way to send emails is set. Without one, sign-in codes go into a file that nobody reads."""
    if settings.EMAIL_BACKEND != "vcsportal.development_email.FileBackend":
        return []
    return [
        Warning(
            "No way to send emails is set, so nobody can sign in with a code.",
            hint="Set EMAIL_URL to a mail server, or NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID to use GOV.UK Notify.",
            id="portal.W001",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def static_files_were_collected(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that pages find their style sheet. Without it every page fails."""
    if has_static_files():
        return []
    return [
        Warning(
            "The static files have not been collected, so no page can be shown.",
            hint="Run manage.py collectstatic --noinput, with the STATIC_ROOT of the web server.",
            id="portal.W002",
        )
    ]


@register(Tags.security, deploy=True)
def uploads_are_scanned(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn if uploads are not scanned for malware. The portal does not include a scanner."""
    if settings.SCAN_COMMAND:
        return []
    return [
        Info(
            "Uploaded files are not shown to a malware scanner.",
            hint="Set SCAN_COMMAND to a program that reads a file from standard input; docs/deploy.md says how.",
            id="portal.I001",
        )
    ]
