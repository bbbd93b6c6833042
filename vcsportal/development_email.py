"""Email when no mail server is set: saved as files, mentioned in the log, and in debug shown at ``/dev/mail/``."""

import logging
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

import nh3
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vcsportal.common.markdown import TAGS

logger = logging.getLogger(__name__)
EMAILS_SHOWN, EMAILS_KEPT = 50, 500
FILE_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True)
class KeptEmail:
    """One email as a person reads it."""

    name: str
    to: str
    subject: str
    sent: datetime
    text: str
    html: str = ""


class FileBackend(BaseEmailBackend):
    """Writes each email as a file in ``DEV_MAIL_DIR``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep_email(message)
            # A sign-in code belongs into nobody's production log.
            said = f": {message.body}" if settings.DEBUG else ""
            logger.info("Email kept for %s, “%s”%s", ", ".join(message.recipients()), message.subject, said)
        return len(email_messages)


def keep_email(message: EmailMessage) -> None:
    """Write an email as a file that only its owner can read, and remove the oldest ones."""
    folder = Path(settings.DEV_MAIL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
    new = folder / f"{name}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        output.write(message.message().as_bytes())
    new.replace(folder / f"{name}.eml")
    for old in email_names()[EMAILS_KEPT:]:
        (folder / f"{old}.eml").unlink(missing_ok=True)


def email_names() -> list[str]:
    """Return the names of the emails that are kept, the newest first."""
    return sorted((file.stem for file in Path(settings.DEV_MAIL_DIR).glob("*.eml")), reverse=True)


def read_email(name: str) -> KeptEmail:
    """Return a kept email by its name."""
    if not FILE_NAME.fullmatch(name):
        raise Http404
    try:
        content = (Path(settings.DEV_MAIL_DIR) / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    parsed = message_from_bytes(content, _class=ParsedMessage, policy=policy.default)
    body, page = parsed.get_body(("plain", "html")), parsed.get_body(("html",))
    sent = timezone.make_aware(datetime.strptime(name[:15], "%Y%m%d-%H%M%S"), timezone=UTC)
    text = str(body.get_content()).strip() if body else ""
    html = _cleaned(str(page.get_content())) if page else ""
    return KeptEmail(name, str(parsed["to"] or ""), str(parsed["subject"] or "(no subject)"), sent, text, html)


def _cleaned(page: str) -> SafeString:
    """Return the content of the HTML half, without its frame, so that the portal's own page can show it."""
    inner = re.search(r"<main>(.*)</main>", page, re.S)
    clean = nh3.clean(inner[1] if inner else page, tags=TAGS, attributes={"a": {"href"}}, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def _only_in_debug() -> None:
    if not settings.DEBUG:
        raise Http404


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest emails that the portal would have sent."""
    _only_in_debug()
    every = email_names()
    context = {"mails": [read_email(name) for name in every[:EMAILS_SHOWN]], "count": len(every)}
    return render(request, "dev/inbox.html", context)


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one email, as an email program shows it and as plain text."""
    _only_in_debug()
    return render(request, "dev/mail.html", {"mail": read_email(name)})
