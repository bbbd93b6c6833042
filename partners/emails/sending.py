"""Sends the emails that wait. No row is locked while a mail server is talked to, so nobody waits for a slow one.

Whoever sends an email holds a lock of the database that is named after it and belongs to no row. It is let go at once when
the process or the lock's connection ends; then somebody else takes the email.
"""

import json
import logging
import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, models
from django.utils.module_loading import import_string

from partners.models import Mail
from vcsportal.common import clock
from vcsportal.common.encryption import decrypt
from vcsportal.common.held_locks import held

logger = logging.getLogger(__name__)
ENCRYPTION_PURPOSE: Final = "email"
FIRST_RETRY_AFTER: Final = timedelta(minutes=1)
MAXIMUM_RETRY_AFTER: Final = timedelta(hours=6)
CODE_RETRY_AFTER: Final = timedelta(seconds=10)
"""Somebody sits in front of the page: every run of the schedule tries a code again."""
MAXIMUM_TRIES: Final = 20
"""Doubling from a minute to six hours, these are a little more than three days."""
MAXIMUM_RUN_SECONDS: Final = 60.0
"""After which a run takes no further email; the next one goes on."""
MAXIMUM_THREADS: Final = 8
"""Urgent emails that one process sends at the same time, each in a thread. The rest are left to the worker."""
LOCK_NUMBER_BASE: Final = 3107 << 40
"""What the name of an email's lock in the database begins with; its number follows."""
_places = threading.BoundedSemaphore(MAXIMUM_THREADS)


def send_waiting(now: datetime, most: int = 200) -> int:
    """Send what is due, what expires first and then the longest-waiting; return how many went.

    A server that can't be reached ends the run at once, so that not every email waits for the same silence.
    """
    sent, began = 0, time.monotonic()
    server = get_connection()
    passed: set[int] = set()
    try:
        while len(passed) < most and time.monotonic() - began <= MAXIMUM_RUN_SECONDS:
            with _next(now, passed) as mail:
                if mail is None:
                    break
                went, reached = _send(mail, server, now)
            sent += went
            passed.add(mail.pk)
            if not reached:
                break
    finally:
        _close(server)
    return sent


def send_in_background(pk: int) -> None:
    """Begin to send one email now, in a thread of this process; if all its places are taken, the worker does it."""
    if not _places.acquire(blocking=False):
        return

    def send() -> None:
        try:
            send_one(pk, clock.now())
        except Exception:  # whatever it is, the email waits in its row and the schedule sends it
            logger.exception("An urgent email could not be sent at once.")
        finally:
            _places.release()
            connection.close()

    threading.Thread(target=send, daemon=True, name="send-urgent").start()


def send_one(pk: int, now: datetime) -> None:
    """Try one email that is due, unless somebody is sending it already."""
    server = get_connection()
    try:
        with held(LOCK_NUMBER_BASE + pk) as is_ours:
            mail = _due(now).filter(pk=pk).first() if is_ours else None
            if mail is not None:
                _send(mail, server, now)
    finally:
        _close(server)


def as_message(mail: Mail, server: Any = None) -> EmailMultiAlternatives:
    """Return the email as it goes over the wire: the same each time it is asked for."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.kind in settings.MAIL_HEADERS:
        headers |= import_string(settings.MAIL_HEADERS[mail.kind])(mail)
    words = {"text": mail.text, "html": mail.html}
    if mail.encrypted:
        words = json.loads(decrypt(mail.encrypted, purpose=ENCRYPTION_PURPOSE))
    message = EmailMultiAlternatives(
        mail.subject, words["text"], settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers, connection=server
    )
    if words["html"]:
        message.attach_alternative(words["html"], "text/html")
    return message


def _due(now: datetime) -> models.QuerySet[Mail]:
    in_time = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now)
    waiting = Mail.objects.filter(in_time, state="waiting", due_at__lte=now).select_related("person")
    return waiting.order_by(models.F("expires_at").asc(nulls_last=True), "due_at", "id")


@contextmanager
def _next(now: datetime, passed: set[int]) -> Iterator[Mail | None]:
    """Hold the first email that is due and that nobody else is sending."""
    while (pk := _due(now).exclude(pk__in=passed).values_list("pk", flat=True).first()) is not None:
        with held(LOCK_NUMBER_BASE + pk) as is_ours:
            # Read again under the lock: whoever held it may have sent it meanwhile.
            mail = _due(now).filter(pk=pk).first() if is_ours else None
            if mail is not None:
                yield mail
                return
            passed.add(pk)
    yield None


def _send(mail: Mail, server: Any, now: datetime) -> tuple[bool, bool]:
    """Try one email, and keep what came of it. Return whether it went, and whether the server could be reached."""
    if mail.person is not None and not mail.person.is_active:
        _rows(mail).update(state="dropped", encrypted="", problem="The person no longer takes part.")
        return False, True
    mail.tries += 1
    mail.tried_at = now
    # Before the server is asked: an email that ends the process each time must not be tried for ever.
    _rows(mail).update(tries=mail.tries, tried_at=now)
    reached = True
    try:
        message = as_message(mail, server)
        server.open()
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (550, b""))
        _refused_or_later(mail, code, said, now)
    except smtplib.SMTPDataError as error:
        _refused_or_later(mail, error.smtp_code, error.smtp_error, now)
        reached = error.smtp_code != 421
    except Exception as error:  # every other SMTP error is an OSError; one email that can't be made holds up no other
        _later(mail, f"{type(error).__name__}: {error}", now)
        reached = not isinstance(error, OSError)
    else:
        mail.state, mail.sent_at, mail.problem = "sent", now, ""
    _keep(mail)
    if not reached or mail.state != "sent":
        logger.warning("An email (%s, number %s) could not be sent: %s", mail.kind, mail.pk, mail.problem)
    return mail.state == "sent", reached


def _rows(mail: Mail) -> models.QuerySet[Mail]:
    """Return the row, unless other words have taken its place meanwhile or it was let go."""
    return Mail.objects.filter(pk=mail.pk, message_id=mail.message_id, state="waiting")


def _keep(mail: Mail) -> None:
    """Write down what came of it. One that went while it was let go has gone all the same."""
    rows = _rows(mail)
    if mail.state == "sent":
        rows = Mail.objects.filter(pk=mail.pk, message_id=mail.message_id, state__in=["waiting", "dropped", "expired"])
    rows.update(
        state=mail.state, sent_at=mail.sent_at, due_at=mail.due_at, problem=mail.problem,
        encrypted=mail.encrypted if mail.state == "waiting" else "",
    )  # fmt: skip


def _refused_or_later(mail: Mail, code: int, said: bytes | str, now: datetime) -> None:
    words = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if code >= 500:
        mail.state, mail.problem = "refused", _one_line(words)
    else:
        _later(mail, words, now)


def _later(mail: Mail, problem: str, now: datetime) -> None:
    mail.problem = _one_line(problem)
    if mail.expires_at is not None:
        mail.due_at = now + CODE_RETRY_AFTER
        return
    if mail.tries >= MAXIMUM_TRIES:
        mail.state = "given_up"
    mail.due_at = now + min(MAXIMUM_RETRY_AFTER, FIRST_RETRY_AFTER * 2 ** min(mail.tries - 1, 12))


def _one_line(words: str) -> str:
    return " ".join(words.replace("\x00", " ").split())[:500]


def _close(server: Any) -> None:
    try:
        server.close()
    except OSError as error:
        logger.info("The mail server did not say goodbye: %s", error)
