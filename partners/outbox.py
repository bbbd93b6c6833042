"""Mails wait in the database until a mail server has taken them. Nothing is lost while a server or the queue is down.

A mail is sent while its row is locked, one mail a transaction. The lock is the lease: if the worker is killed the database
lets go of the row at once, and somebody else takes it. What can still happen is told in
``docs/decisions/0007-mails-wait-in-the-database.md``.
"""

import logging
import smtplib
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.utils.module_loading import import_string

from partners.letters import made
from partners.models import Mail, User

logger = logging.getLogger(__name__)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_TRIES: Final = 20
"""Doubling from a minute to six hours, these are a little more than three days."""
PATIENCE: Final = 60.0
"""Seconds after which a run takes no further mail; the next one goes on."""


def put_mail(
    *, key: str, kind: str, to: User, template: str, values: dict[str, Any], at: datetime, about: str = "",
    due_at: datetime | None = None, portal_url: str = "",
) -> Mail:  # fmt: skip
    """Keep a mail until it has gone; one with the same ``key`` is made once. Call it inside the transaction of what it tells.

    :param kind: what sort of mail; those of a round begin with ``round:``.
    :param about: what it belongs to (``round:our-strategy:2024-25``), so that its page can show it.
    """
    there = Mail.objects.filter(key=key).first()
    if there:
        return there
    mail = made(
        key=key, kind=kind, to=to, template=template, values=values, at=at, about=about, due_at=due_at,
        portal_url=portal_url,
    )  # fmt: skip
    put_all([mail])
    return mail if mail.pk else Mail.objects.get(key=key)


def put_all(mails: Iterable[Mail]) -> int:
    """Keep mails that were made, in two queries; return how many. One whose key is known already stays as it is."""
    mails = list(mails)
    if not mails:
        return 0
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    ids = dict(Mail.objects.filter(message_id__in=[mail.message_id for mail in mails]).values_list("message_id", "id"))
    for mail in mails:
        mail.pk = ids.get(mail.message_id)  # none where somebody else was quicker
    _send_after_commit()
    return len(ids)


def renew(mail: Mail) -> None:
    """Keep an email that gathers several things, in the place of the one of the same key that still waits or was let go.

    One that has gone stays as it went. Call it inside the transaction of what it tells.
    """
    there = Mail.objects.select_for_update().filter(key=mail.key).first()
    if there is None:
        put_all([mail])
    elif there.state in {"waiting", "dropped"}:
        there.subject, there.text, there.html, there.state = mail.subject, mail.text, mail.html, "waiting"
        there.save(update_fields=["subject", "text", "html", "state"])


def drop(*, about: str, kinds: Iterable[str], people: Iterable[int] | None = None) -> int:
    """Let go of mails that wait and are no longer needed. Return how many."""
    waiting = Mail.objects.filter(state="waiting", about=about, kind__in=list(kinds))
    if people is not None:
        waiting = waiting.filter(person__in=list(people))
    return waiting.update(state="dropped")


def send_waiting(now: datetime, most: int = 200) -> int:
    """Send what is due, the longest-waiting first; return how many went.

    A server that can't be reached ends the run at once, so that not every mail waits for the same silence.
    """
    sent, began = 0, time.monotonic()
    server = get_connection()
    try:
        for _ in range(most):
            if time.monotonic() - began > PATIENCE:
                break
            with transaction.atomic():
                mail = _due(now)
                if mail is None:
                    break
                reached = _try(mail, server, now)
            sent += mail.state == "sent"
            if not reached:
                break
    finally:
        _close(server)
    return sent


def send_now(mail: Mail, now: datetime) -> bool:
    """Try one mail while somebody waits for the answer; return whether it has gone. If not, it waits like the others."""
    server = get_connection()
    try:
        with transaction.atomic():
            held = _due(now, pk=mail.pk)
            if held:
                _try(held, server, now)
    finally:
        _close(server)
    return Mail.objects.filter(pk=mail.pk, state="sent").exists()


def as_message(mail: Mail, server: Any = None) -> EmailMultiAlternatives:
    """Return the mail as it goes over the wire: the same each time it is asked for."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.kind in settings.MAIL_HEADERS:
        headers |= import_string(settings.MAIL_HEADERS[mail.kind])(mail)
    message = EmailMultiAlternatives(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers, connection=server
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _due(now: datetime, **only: Any) -> Mail | None:
    waiting = Mail.objects.filter(state="waiting", due_at__lte=now, **only).order_by("due_at", "id")
    return waiting.select_for_update(skip_locked=True, of=("self",)).select_related("person").first()


def _try(mail: Mail, server: Any, now: datetime) -> bool:
    """Send one mail whose row is locked, and keep what came of it. Return False if the server can't be reached."""
    if mail.person is not None and not mail.person.is_active:
        mail.state, mail.problem = "dropped", "The person no longer takes part."
        mail.save(update_fields=["state", "problem"])
        return True
    mail.tries += 1
    mail.tried_at = now
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
    except Exception as error:  # every other SMTP error is an OSError; one mail that can't be made holds up no other
        _later(mail, f"{type(error).__name__}: {error}", now)
        reached = not isinstance(error, OSError)
    else:
        mail.state, mail.sent_at, mail.problem = "sent", now, ""
    mail.save(update_fields=["state", "tries", "tried_at", "sent_at", "due_at", "problem"])
    if not reached or mail.state != "sent":
        logger.warning("A mail (%s, number %s) could not be sent: %s", mail.kind, mail.pk, mail.problem)
    return reached


def _refused_or_later(mail: Mail, code: int, said: bytes | str, now: datetime) -> None:
    words = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if code >= 500:
        mail.state, mail.problem = "refused", _one_line(words)
    else:
        _later(mail, words, now)


def _later(mail: Mail, problem: str, now: datetime) -> None:
    mail.problem = _one_line(problem)
    if mail.tries >= MOST_TRIES:
        mail.state = "given_up"
    mail.due_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(mail.tries - 1, 12))


def _one_line(words: str) -> str:
    return " ".join(words.replace("\x00", " ").split())[:500]


def _close(server: Any) -> None:
    try:
        server.close()
    except OSError as error:
        logger.info("The mail server did not say goodbye: %s", error)


def _send_after_commit() -> None:
    """Ask the worker to send, once a transaction. If the queue is down, the schedule asks within half a minute."""
    if not any(item[1] is _kick for item in connection.run_on_commit):
        transaction.on_commit(_kick, robust=True)


def _kick() -> None:
    def publish() -> None:
        try:
            current_app.send_task("partners.tasks.send_mails", retry=False, expires=30)
        except Exception as error:  # whatever it is, the schedule asks again
            logger.warning("Mails wait for the schedule, as the queue did not answer: %s", error)

    threading.Thread(target=publish, daemon=True, name="send-mails").start()
