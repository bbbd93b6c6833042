"""Composes an email: one text, written once in a subset of Markdown, from which the plain and HTML halves are made.

A link is written ``[words](address)`` or as a bare address. The plain half says ``words: address``. Only a template can
write one: what it is filled with is escaped (:mod:`partners.emails.values`).
"""

import re
from datetime import datetime
from email.utils import make_msgid
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from partners.emails.templates import ENGINE
from partners.emails.values import unescape
from partners.models import Mail, User
from vcsportal.common.markdown import to_html

_LINK: Final = re.compile(r"\[((?:\\.|[^\[\]\\\n])+)\]\((https?://(?:\\.|[^\s()\\])+)\)")
_BARE: Final = re.compile(r"(?<![(<\w/\\])https?://[^\s<>()\[\]\\]*[^\s<>()\[\]\\.,;:!?'\"]")
_GAPS: Final = re.compile(r"\n{3,}")


def about_portal(portal_url: str = "") -> dict[str, Any]:
    """What every email says of the portal. Addresses come from the settings, never from a request's Host header."""
    url = (portal_url or settings.PORTAL_URL).rstrip("/")
    return {
        "portal_name": settings.PORTAL_NAME,
        "the_portal": f"the {settings.PORTAL_NAME} portal",
        "portal_url": url,
        "council": settings.PORTAL_COUNCIL,
        "contact_email": settings.PORTAL_CONTACT_EMAIL,
        "sign_in_url": url + reverse("account_login"),
        "password_url": url + reverse("account_login_password"),
        "reset_url": url + reverse("account_reset_password"),
        "code_minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
    }


def as_text(source: str) -> str:
    """Return the plain half: as it was written, with each link's address after its words."""
    lines = unescape(_LINK.sub(r"\1: \2", _tidy(source))).split("\n")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(source: str, *, subject: str, values: dict[str, Any] | None = None) -> str:
    """Return the half with headings, lists and links, in the portal's plain frame. Nothing in it is fetched."""
    body = to_html(_BARE.sub(r"<\g<0>>", _tidy(source)))
    return render_to_string("emails/frame.html", {**(values or about_portal()), "subject": subject, "body": body})


def render_email(template: str, values: dict[str, Any]) -> tuple[str, str]:
    """Return the subject and the Markdown of an email from ``<template>_subject.txt`` and ``<template>_message.txt``."""
    subject = render_to_string(f"{template}_subject.txt", values, using=ENGINE)
    source = render_to_string(f"{template}_message.txt", values, using=ENGINE)
    return " ".join(unescape(subject).split())[:250], source


def compose_mail(
    *, key: str, kind: str, to: User, template: str, values: dict[str, Any], at: datetime, about: str = "",
    due_at: datetime | None = None, portal_url: str = "",
) -> Mail:  # fmt: skip
    """Return an email that is not yet kept, from ``emails/<template>_subject.txt`` and ``_message.txt``.

    ``Message-ID`` is fixed now: if the same email ever went twice, a mailbox sees that it is the same.
    """
    portal = about_portal(portal_url)
    context = {**values, "to": to, **portal}
    subject, source = render_email(f"emails/{template}", context)
    domain = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return Mail(
        key=key, kind=kind, about=about, person=to, to=to.email, subject=subject, text=as_text(source),
        html=as_html(source, subject=subject, values=portal), message_id=make_msgid(domain=domain),
        made_at=at, due_at=due_at or at,
    )  # fmt: skip


def _tidy(source: str) -> str:
    return _GAPS.sub("\n\n", source.replace("\r\n", "\n")).strip()
