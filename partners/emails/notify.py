"""Emails through GOV.UK Notify instead of a mail server: a backend for Django's own email functions.

One template at Notify serves every email: its subject is ``((subject))`` and its text ``((body))``. Before an email is
sent Notify is asked whether it has one with the same reference, our Message-ID: so an email whose answer was lost on the
way is not sent a second time. What goes wrong is said with the exceptions of SMTP, as every caller knows these.
"""

import re
import smtplib
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

try:
    from notifications_python_client import errors, notifications
except ImportError:
    notifications = None  # type: ignore[assignment]  # where it is not installed

NOT_INSTALLED: Final = (
    "Emails are set to go through GOV.UK Notify, but its client is not installed. Install the portal with the extra "
    "“notify” (pip install '.[notify]'), or unset NOTIFY_API_KEY and set EMAIL_URL."
)
FAILED: Final = frozenset({"permanent-failure"})


class NotifyBackend(BaseEmailBackend):
    """Sends each email as one notification, in words: Notify draws the HTML half itself."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        if notifications is None:
            raise ImproperlyConfigured(NOT_INSTALLED)
        if not (settings.NOTIFY_API_KEY and settings.NOTIFY_TEMPLATE_ID):
            raise ImproperlyConfigured(
                "Set NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID to send emails through GOV.UK Notify."
            )
        make: Any = notifications.NotificationsAPIClient  # it has no types
        self.client = make(settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=settings.EMAIL_TIMEOUT)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                self._send(message, address)
        return len(email_messages)

    def _send(self, message: EmailMessage, address: str) -> None:
        reference = message.extra_headers.get("Message-ID", "")
        unsubscribe = message.extra_headers.get("List-Unsubscribe", "").strip("<>")
        try:
            if reference and self._has(reference, address):
                return
            self.client.send_email_notification(
                address,
                settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": message.subject, "body": message.body},
                reference=reference or None,
                one_click_unsubscribe_url=unsubscribe or None,
            )
        except errors.APIError as error:
            raise _in_smtps_words(error, address) from error

    def _has(self, reference: str, address: str) -> bool:
        """Whether Notify has taken this email before. Raise if it has found out that nobody lives at the address."""
        known = self.client.get_all_notifications(reference=reference).get("notifications", [])
        if any(notification.get("status") in FAILED for notification in known):
            raise smtplib.SMTPRecipientsRefused({address: (550, b"Notify could not deliver to this address.")})
        return bool(known)


def _in_smtps_words(error: Any, address: str) -> smtplib.SMTPException:
    """Return the refusal of one email, or of everything for now (a wrong key or template, a limit, a fault of theirs)."""
    words = f"Notify: {error}"
    if error.status_code == 400 and re.search(r"email_address|recipient", words):
        return smtplib.SMTPRecipientsRefused({address: (550, words.encode())})
    return smtplib.SMTPConnectError(error.status_code, words)
