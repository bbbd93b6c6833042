"""An email that came back is known by the report that the mail server writes."""

import io
import sys
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from partners.emails.bounces import read_bounces
from partners.models import Mail, User

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Wed, 27 May 2026 08:10:04 +0100

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address
    rejected: User unknown

--b
{original}
--b--
"""
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: S\n\nText\n"
HEAD = "Content-Type: text/rfc822-headers\n\nReceived: from here\nMessage-ID: {id}\n"
NONE = "Content-Type: text/plain\n\nThe email itself is left out.\n"


def sent(to: User, now, number: int = 1, state: str = "sent") -> Mail:
    return Mail.objects.create(
        key=f"k{number}", kind="test", person=to, to=to.email, subject="S", text="T", message_id=f"<{number}@portal>",
        state=state, made_at=now, due_at=now, sent_at=now + timedelta(minutes=number) if state == "sent" else None,
    )  # fmt: skip


def report(to: User, original: str, action: str = "failed") -> str:
    return REPORT.format(address=to.email, action=action, original=original)


def record(content: str | bytes, monkeypatch) -> str:
    raw = content if isinstance(content, bytes) else content.encode()
    out = StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        call_command("record_bounce", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("original", [WHOLE, HEAD])
def test_the_mail_is_found_by_its_message_id(partner: User, now, monkeypatch, original: str):
    first, second = sent(partner, now, 1), sent(partner, now, 2)
    assert record(report(partner, original.format(id=first.message_id)), monkeypatch) == "1 email marked as bounced.\n"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("bounced", "sent")
    assert first.problem == f"smtp; 550 5.1.1 <{partner.email}>: Recipient address rejected: User unknown"


def test_without_it_the_last_mail_to_the_address_is_meant(partner: User, officer: User, now, monkeypatch):
    mails = [sent(partner, now, 1), sent(partner, now, 2), sent(officer, now, 3)]
    record(report(partner, NONE).replace(partner.email, partner.email.upper()), monkeypatch)
    assert [Mail.objects.get(pk=mail.pk).state for mail in mails] == ["sent", "bounced", "sent"]


def test_a_delay_is_no_bounce_and_a_second_report_changes_nothing(partner: User, now, monkeypatch):
    mail = sent(partner, now)
    whole = WHOLE.format(id=mail.message_id)
    assert record(report(partner, whole, "delayed"), monkeypatch).startswith("0 emails")
    assert record(report(partner, whole), monkeypatch).startswith("1 email ")
    assert record(report(partner, whole), monkeypatch).startswith("0 emails")


def test_a_report_of_somebody_elses_mail_marks_none_of_ours(partner: User, now, monkeypatch):
    sent(partner, now)
    assert record(report(partner, WHOLE.format(id="<other@elsewhere>")), monkeypatch).startswith("0 emails")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"Subject: I am away\n\nBack on Monday.\n", b"Content-Type: multipart/report; boundary=x\n\n--x",
     b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nnonsense\n--x--\n"],
)  # fmt: skip
def test_what_is_no_report_is_left_alone(content: bytes, monkeypatch):
    assert read_bounces(content) == []
    assert "Nothing was changed" in record(content, monkeypatch)
