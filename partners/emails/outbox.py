"""The outbox: emails wait in the database until a mail server has taken them. Nothing is lost while a server or the
queue is down.

This module adds, replaces and cancels them; :mod:`partners.emails.sending` sends them. Why it is so is told in
``docs/decisions/0007-mails-wait-in-the-database.md`` and ``0031-codes-wait-like-other-emails.md``.
"""

import json
import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from partners.emails import sending
from partners.emails.composing import compose_mail
from partners.models import Mail, User
from vcsportal.common.encryption import encrypt

logger = logging.getLogger(__name__)


def put_mail(
    *, key: str, kind: str, to: User, template: str, values: dict[str, Any], at: datetime, about: str = "",
    due_at: datetime | None = None, portal_url: str = "",
) -> Mail:  # fmt: skip
    """Keep an email until it has gone; one with the same ``key`` is made once. Call it inside the transaction of what it tells.

    :param kind: what sort of email; those of a round begin with ``round:``.
    :param about: what it belongs to (``round:our-strategy:2024-25``), so that its page can show it.
    """
    there = Mail.objects.filter(key=key).first()
    if there:
        return there
    mail = compose_mail(
        key=key, kind=kind, to=to, template=template, values=values, at=at, about=about, due_at=due_at,
        portal_url=portal_url,
    )  # fmt: skip
    put_all([mail])
    return mail if mail.pk else Mail.objects.get(key=key)


def put_all(mails: Iterable[Mail]) -> int:
    """Keep emails that were made, in two queries; return how many. One whose key is known already stays as it is."""
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
        there.message_id = mail.message_id  # the old words may be on their way just now: these are another email
        there.save(update_fields=["subject", "text", "html", "state", "message_id"])


def drop(*, about: str, kinds: Iterable[str], people: Iterable[int] | None = None) -> int:
    """Let go of emails that wait and are no longer needed. Return how many."""
    waiting = Mail.objects.filter(state="waiting", about=about, kind__in=list(kinds))
    if people is not None:
        waiting = waiting.filter(person__in=list(people))
    return waiting.update(state="dropped")


def put_urgent(mail: Mail, *, expires_at: datetime | None = None) -> Mail:
    """Keep an email that somebody waits for, and begin to send it as soon as it is committed. Nobody waits for the server.

    :param expires_at: for one that holds a code: when the code runs out. Its words are then kept encrypted, are erased once
        it has gone, and it is not sent later than that.
    """
    if expires_at is not None:
        words = json.dumps({"text": mail.text, "html": mail.html})
        mail.encrypted, mail.text, mail.html = encrypt(words, purpose=sending.ENCRYPTION_PURPOSE), "", ""
        mail.expires_at = expires_at
    mail.save(force_insert=True)
    send_soon(mail)
    return mail


def send_soon(mail: Mail) -> None:
    """Begin to send a kept email once it is committed, in the background; the worker is told too, should that fail."""
    transaction.on_commit(partial(sending.send_in_background, mail.pk), robust=True)
    _send_after_commit()


def erase_expired(at: datetime) -> int:
    """Let go of emails whose code has run out before a mail server took them; return how many. Their words are erased."""
    ran_out = Mail.objects.filter(state="waiting", expires_at__lte=at)
    return ran_out.update(state="expired", encrypted="", problem="The code expired before the mail server accepted it.")


def _send_after_commit() -> None:
    """Ask the worker to send, once a transaction. If the queue is down, the schedule asks within half a minute."""
    if not any(item[1] is _kick for item in connection.run_on_commit):
        transaction.on_commit(_kick, robust=True)


def _kick() -> None:
    def publish() -> None:
        try:
            current_app.send_task("partners.tasks.send_mails", retry=False, expires=settings.MESSAGE_SECONDS)
        except Exception as error:  # whatever it is, the schedule asks again
            logger.warning("Emails wait for the schedule, as the queue did not answer: %s", error)

    threading.Thread(target=publish, daemon=True, name="send-mails").start()
