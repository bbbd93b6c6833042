"""Emails through GOV.UK Notify, against a small server on loopback that speaks its two addresses."""

import importlib
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from partners.emails import notify
from partners.emails.outbox import put_mail
from partners.emails.sending import send_waiting
from partners.models import Mail, User

pytestmark = pytest.mark.django_db
KEY = "portal-11111111-2222-3333-4444-555555555555-66666666-7777-8888-9999-000000000000"


class Notify(ThreadingHTTPServer):
    """Keeps what it was asked to send; ``answers`` are given first, one each, instead of taking an email."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[dict[str, Any]] = []
        self.answers: list[tuple[int, str]] = []
        self.lost_answers = 0
        self.status = "delivered"
        self.signed: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Notify

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.signed.append(self.headers["Authorization"])
        if self.path != "/v2/notifications/email":
            self._answer(404, {})
        elif self.server.answers:
            code, message = self.server.answers.pop(0)
            self._answer(code, {"status_code": code, "errors": [{"error": "Error", "message": message}]})
        else:
            self.server.sent.append(said)
            if self.server.lost_answers:
                self.server.lost_answers -= 1
                self.connection.close()
            else:
                self._answer(201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": said.get("reference")})

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)["reference"][0]
        known = [
            {"reference": asked, "status": self.server.status}
            for one in self.server.sent
            if one.get("reference") == asked
        ]
        self._answer(200, {"notifications": known, "links": {}})

    def _answer(self, code: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(settings) -> Iterator[Notify]:
    running = Notify()
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    settings.EMAIL_BACKEND = "partners.emails.notify.NotifyBackend"
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE_ID = KEY, "template-1"
    settings.NOTIFY_URL, settings.EMAIL_TIMEOUT = f"http://127.0.0.1:{running.server_port}", 2
    yield running
    running.shutdown()
    running.server_close()


def put(to: User, now) -> Mail:
    values: dict[str, object] = {"role": {"label": "Guest"}, "by_password": False}
    return put_mail(key="one", kind="test", to=to, template="invitation", values=values, at=now)


def test_a_mail_goes_out_in_words_with_our_message_id_as_its_reference(server: Notify, partner: User, now):
    mail = put(partner, now)
    assert send_waiting(now) == 1
    [sent] = server.sent
    assert sent["email_address"] == partner.email
    assert sent["template_id"] == "template-1"
    assert sent["reference"] == mail.message_id
    assert sent["personalisation"] == {"subject": mail.subject, "body": mail.text}
    assert "one_click_unsubscribe_url" not in sent
    assert server.signed[0].startswith("Bearer ey")


def test_a_mail_whose_answer_was_lost_is_not_sent_again(server: Notify, partner: User, now):
    put(partner, now)
    server.lost_answers = 1
    assert send_waiting(now) == 0
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    assert send_waiting(waiting.due_at) == 1
    assert len(server.sent) == 1


def test_an_address_that_notify_does_not_take_is_refused_with_its_words(server: Notify, partner: User, now):
    put(partner, now)
    server.answers = [(400, "email_address Not a valid email address")]
    assert send_waiting(now) == 0
    refused = Mail.objects.get()
    assert refused.state == "refused"
    assert "Not a valid email address" in refused.problem


def test_an_address_that_notify_has_given_up_is_refused(server: Notify, partner: User, now):
    put(partner, now)
    server.lost_answers, server.status = 1, "permanent-failure"
    send_waiting(now)
    send_waiting(Mail.objects.get().due_at)
    assert Mail.objects.get().state == "refused"


@pytest.mark.parametrize(
    ("code", "message"),
    [(400, "Template not found"), (403, "Invalid token"), (429, "Exceeded rate limit"), (500, "Internal server error")],
)
def test_what_is_nobodys_fault_is_tried_again(server: Notify, partner: User, now, code: int, message: str):
    put(partner, now)
    server.answers = [(code, message)]
    assert send_waiting(now) == 0
    waiting = Mail.objects.get()
    assert waiting.state == "waiting"
    assert message in waiting.problem
    assert send_waiting(waiting.due_at) == 1


def test_mail_programs_are_told_how_to_unsubscribe(server: Notify):
    head = {"List-Unsubscribe": "<https://portal.example.org/hand-on/x/at-once/>"}
    EmailMessage("S", "T", None, ["a@example.org"], headers=head).send()
    [sent] = server.sent
    assert sent["one_click_unsubscribe_url"] == "https://portal.example.org/hand-on/x/at-once/"
    assert "reference" not in sent


def test_without_the_extra_or_its_settings_a_sentence_says_what_to_do(settings, monkeypatch):
    settings.EMAIL_BACKEND, settings.NOTIFY_API_KEY = "partners.emails.notify.NotifyBackend", ""
    with pytest.raises(ImproperlyConfigured, match="Set NOTIFY_API_KEY"):
        get_connection()
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "notifications_python_client", None)
        importlib.reload(notify)
        with pytest.raises(ImproperlyConfigured, match="extra “notify”"):
            get_connection()
    importlib.reload(notify)
