"""Emails about signing in: codes, and changes to an account. They wait like all others, but at the front of the queue.

The page that asks for a code says how far the email is. It says so for known and unknown addresses alike: both get one.
"""

import secrets
from datetime import timedelta
from email.utils import make_msgid
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from partners.emails.outbox import put_urgent
from partners.models import Mail, User
from vcsportal.common import clock

SESSION_KEY: Final = "sign_in_email_number"
ASKED_FOR: Final = frozenset({"login_code", "password_reset_code", "unknown_account", "use_password"})
"""Kinds that somebody waits for in front of a page. They are of no use once a code would have run out."""


def keep_account_email(request: HttpRequest | None, *, kind: str, to: str, subject: str, text: str) -> None:
    """Keep an email about somebody's account, begin to send it, and remember in the session which one it was.

    :param kind: the name of the library's template, such as ``login_code``.
    """
    at = clock.now()
    domain = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    mail = Mail(
        key=f"account:{secrets.token_hex(16)}", kind=f"account:{kind}"[:30], to=to, subject=subject[:250], text=text,
        message_id=make_msgid(domain=domain), made_at=at, due_at=at,
        person=User.objects.filter(email=to.lower(), is_active=True).first(),
    )  # fmt: skip
    asked_for = kind in ASKED_FOR
    put_urgent(mail, expires_at=at + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) if asked_for else None)
    if request is not None and asked_for:
        request.session[SESSION_KEY] = mail.pk


def email_state(request: HttpRequest) -> str:
    """Return ``late`` if the mail server has not taken the email that this visitor waits for, ``refused`` if it will not."""
    mail = Mail.objects.filter(pk=request.session.get(SESSION_KEY, 0)).only("state", "problem").first()
    if mail is None or not mail.problem:
        return ""
    return {"waiting": "late", "refused": "refused"}.get(mail.state, "")
