"""Sign-in codes wait like other emails, first in the line: no page waits for a mail server, and no row shows a code."""

import base64
import json
import re
import socket
import threading
import time
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.core import mail as django_mail
from django.db import connection, transaction
from django.test import Client

from partners.emails import codes, composing, outbox, sending
from partners.emails.outbox import erase_expired, put_urgent
from partners.emails.sending import send_one, send_waiting
from partners.models import Mail, Session, User
from tests.mail_server import MailServer, mail_server
from tests.partners.doing import RESET, SIGN_IN, ask_for_code, code_in, enter_code, newest_code, said
from tests.partners.emails.test_outbox import put
from vcsportal.common import clock
from vcsportal.common.encryption import Unreadable, decrypt, encrypt

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_goes(monkeypatch) -> None:
    """Nobody begins to send: emails only wait."""
    monkeypatch.setattr(outbox, "send_soon", lambda mail: None)


def everything_in_the_database() -> str:
    """Every text of every row of every table, as a thief of a backup would read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        words = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            words += [row for (row,) in cursor.fetchall()]
    assert len(tables) > 30
    return "\n".join(words)


def decoded(words: str) -> str:
    """The same with whatever base64 hides in it."""
    found = []
    for piece in re.findall(r"[A-Za-z0-9_\-+/]{16,}", words):
        for data in (piece, piece.lstrip(".")):
            try:
                raw = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
            except ValueError:
                continue
            found.append(raw.decode(errors="ignore"))
            try:
                found.append(zlib.decompress(raw).decode(errors="ignore"))
            except zlib.error:
                continue
    return "\n".join(found)


def test_a_code_that_waits_stands_readable_in_no_row_not_even_in_the_session(client: Client, partner: User):
    assert ask_for_code(client, partner.email).status_code == 302
    code = newest_code()
    waiting = put_urgent(Mail(**_values(partner, text=f"Your code is\n\n{code}\n")), expires_at=_in(minutes=15))
    Mail.objects.filter(pk=waiting.pk).update(state="waiting")
    rows = everything_in_the_database()
    for form in (code, code.replace("-", "")):
        assert form not in rows
        assert form not in decoded(rows)
    assert Session.objects.exists()
    assert enter_code(client, code).status_code == 302, "and it is the code that signs in"


def _in(**delta: float) -> Any:
    return clock.now() + timedelta(**delta)


def _values(to: User, *, text: str = "The code is 1234-5678", **more: Any) -> dict[str, Any]:
    at = clock.now()
    return {
        "key": f"code:{Mail.objects.count()}", "kind": "account:login_code", "person": to, "to": to.email,
        "subject": "Your code", "text": text, "message_id": f"<{Mail.objects.count()}@test>", "made_at": at, "due_at": at,
        **more,
    }  # fmt: skip


def test_the_words_of_a_code_are_erased_once_it_has_gone(partner: User, nothing_goes: None):
    mail = put_urgent(Mail(**_values(partner)), expires_at=_in(minutes=15))
    mail.refresh_from_db()
    assert (mail.text, mail.html) == ("", "")
    assert "1234" not in mail.encrypted
    send_one(mail.pk, clock.now())
    assert django_mail.outbox[0].body == "The code is 1234-5678"
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.encrypted) == ("sent", "", "")


@pytest.mark.parametrize(("answer", "state"), [("550 Nobody here", "refused"), ("451 Later", "waiting")])
def test_a_refused_code_is_erased_and_one_for_later_is_kept(
    partner: User, smtp: MailServer, nothing_goes: None, answer, state
):
    smtp.refuse[partner.email] = answer
    mail = put_urgent(Mail(**_values(partner)), expires_at=_in(minutes=15))
    at = clock.now()
    send_one(mail.pk, at)
    mail.refresh_from_db()
    assert (mail.state, bool(mail.encrypted)) == (state, state == "waiting")
    if state == "waiting":
        assert mail.due_at == at + timedelta(seconds=10), "somebody sits in front of the page"


def test_a_code_that_ran_out_is_erased_and_never_sent(partner: User, nothing_goes: None):
    expires = _in(minutes=15)
    mail = put_urgent(Mail(**_values(partner)), expires_at=expires)
    assert erase_expired(expires - timedelta(microseconds=1)) == 0
    assert send_waiting(expires) == 0, "at that very moment it is of no use any more"
    assert erase_expired(expires) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.encrypted) == ("expired", "")
    assert send_waiting(expires) == 0
    assert django_mail.outbox == []


def test_somebody_whose_access_ended_meanwhile_gets_no_code(partner: User, nothing_goes: None):
    mail = put_urgent(Mail(**_values(partner)), expires_at=_in(minutes=15))
    User.objects.filter(pk=partner.pk).update(is_active=False)
    send_one(mail.pk, clock.now())
    mail.refresh_from_db()
    assert (mail.state, mail.encrypted) == ("dropped", "")


def test_codes_go_before_everything_else_that_waits(partner: User, officer: User, now, nothing_goes: None):
    put(officer, now - timedelta(hours=3), "an old reminder")
    put_urgent(Mail(**_values(partner)), expires_at=_in(minutes=15))
    send_waiting(clock.now())
    assert [message.to for message in django_mail.outbox] == [[partner.email], [officer.email]]


@pytest.fixture
def smtp(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield running


@pytest.mark.parametrize("way", ["code", "reset"])
def test_when_the_mail_server_is_away_the_page_comes_at_once_and_says_so_for_everybody(
    partner: User, settings, way: str
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    pages = set()
    for email in (partner.email, "stranger@example.org"):
        client = Client()
        answer = client.post(SIGN_IN if way == "code" else RESET, {"email": email, "way": "code"}, follow=True)
        assert answer.status_code == 200
        pages.add(said(answer).replace(email, "…"))
    [page] = pages
    assert "is not answering at the moment" in page
    assert "tries again every half minute" in page


def test_when_the_server_refuses_the_address_the_page_says_so_for_everybody(smtp: MailServer, partner: User):
    pages = set()
    for email in (partner.email, "stranger@example.org"):
        smtp.refuse[email] = "550 Nobody here"
        answer = Client().post(SIGN_IN, {"email": email, "way": "code"}, follow=True)
        pages.add(said(answer).replace(email, "…"))
    [page] = pages
    assert "could not be delivered to this address" in page


def test_while_all_is_well_the_page_says_nothing_of_the_mail_server(client: Client, partner: User):
    page = said(client.post(SIGN_IN, {"email": partner.email, "way": "code"}, follow=True))
    assert "mail server" not in page
    assert "could not be delivered" not in page
    assert codes.email_state(client.get(SIGN_IN).wsgi_request) == ""


class HangingServer:
    """Takes connections and never says a word."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self.connections.append(self._listening.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listening.close()
        for connected in self.connections:
            connected.close()


@pytest.fixture
def hanging(settings):
    server = HangingServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 20
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.close()


@pytest.fixture
def in_background(monkeypatch):
    """As in production: in threads of this process, which all end before the test does."""
    monkeypatch.setattr(outbox, "send_soon", in_background.as_it_is)  # type: ignore[attr-defined]
    monkeypatch.setattr(outbox, "_kick", lambda: None)
    yield
    for thread in threading.enumerate():
        if thread.name == "send-urgent":
            thread.join(30)


in_background.as_it_is = outbox.send_soon  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_twenty_hanging_connections_slow_no_page_and_lock_no_row(
    hanging: HangingServer, in_background: None, partner: User
):
    took = []
    for number in range(20):
        began = time.monotonic()
        answer = Client(REMOTE_ADDR=f"127.0.1.{number}").post(
            SIGN_IN, {"email": f"someone{number}@example.org", "way": "code"}
        )
        took.append(time.monotonic() - began)
        assert answer.status_code == 302
    assert max(took) < 5, took
    wait_until(lambda: len(hanging.connections) == sending.MAXIMUM_THREADS)
    with connection.cursor() as cursor:  # what the end of a round does to emails that are no longer needed
        cursor.execute("SET lock_timeout = '1s'")
        assert Mail.objects.filter(state="waiting").update(problem="touched") == 20
        cursor.execute("RESET lock_timeout")
    hanging.close()
    wait_until(lambda: Mail.objects.filter(tries=1).count() == sending.MAXIMUM_THREADS)
    assert Mail.objects.filter(tries=0, state="waiting").count() == 20 - sending.MAXIMUM_THREADS, (
        "these are the worker's"
    )


@pytest.mark.django_db(transaction=True)
def test_the_first_try_comes_within_a_second(smtp: MailServer, in_background: None, partner: User):
    began = time.monotonic()
    assert ask_for_code(Client(), partner.email).status_code == 302
    wait_until(lambda: smtp.came)
    took = time.monotonic() - began
    print(f"from the click to the mail server: {took:.2f} s")
    assert took < 3, "a second on a machine that is not busy"
    assert code_in(_as_django(smtp))


def _as_django(smtp: MailServer) -> Any:
    body = smtp.came[0].get_body(("plain",))
    assert body is not None
    return django_mail.EmailMessage(body=body.get_content().replace("\r\n", "\n"))


def wait_until(condition: Any, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_what_is_let_go_while_it_is_on_its_way_has_gone_all_the_same(smtp: MailServer, partner: User, now):
    mail = put(partner, now, about="round:a/b")
    smtp.at_recipient = lambda address: _elsewhere(lambda: outbox.drop(about="round:a/b", kinds=["test"]))
    assert send_waiting(now) == 1
    mail.refresh_from_db()
    assert mail.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_what_is_let_go_while_the_server_refuses_stays_let_go(smtp: MailServer, partner: User, now):
    mail = put(partner, now, about="round:a/b")
    smtp.refuse[partner.email] = "451 Later"
    smtp.at_recipient = lambda address: _elsewhere(lambda: outbox.drop(about="round:a/b", kinds=["test"]))
    assert send_waiting(now) == 0
    mail.refresh_from_db()
    assert mail.state == "dropped"


@pytest.mark.django_db(transaction=True)
def test_new_words_that_come_while_the_old_ones_are_on_their_way_are_sent_too(smtp: MailServer, partner: User, now):
    def gathered(name: str) -> Mail:
        values: dict[str, object] = {"invitation": {"invited_by": {"name": name}}}
        return composing.compose_mail(key="day", kind="test", to=partner, template="invitation", values=values, at=now)

    with transaction.atomic():
        outbox.renew(gathered("First"))
    once = [True]

    def renew(address: str) -> None:
        if once:
            once.pop()
            _elsewhere(lambda: outbox.renew(gathered("Second")))

    smtp.at_recipient = renew
    send_waiting(now)
    send_waiting(now)
    bodies = [message.get_body(("plain",)).get_content() for message in smtp.came]  # type: ignore[union-attr]
    assert [("First has invited you" in body, "Second has invited you" in body) for body in bodies] == [
        (True, False),
        (False, True),
    ]
    assert Mail.objects.get().state == "sent"


def _elsewhere(act: Any) -> None:
    """Do it in another connection, and wait for it."""

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            with transaction.atomic():
                act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_what_is_encrypted_is_read_for_its_purpose_alone_and_only_as_it_was(settings):
    token = encrypt(json.dumps({"code": "1234"}), purpose="email")
    assert decrypt(token, purpose="email") == '{"code": "1234"}'
    for broken in (token[:-4] + "AAA=", "", "not a token"):
        with pytest.raises(Unreadable):
            decrypt(broken, purpose="email")
    with pytest.raises(Unreadable):
        decrypt(token, purpose="session")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert decrypt(token, purpose="email") == '{"code": "1234"}'
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        decrypt(token, purpose="email")


def test_a_session_made_before_they_were_encrypted_still_signs_in(client: Client, partner: User):
    client.force_login(partner, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = client.session.session_key
    Session.objects.filter(pk=key).update(session_data=Plain().encode(dict(client.session.items())))
    assert client.get("/account/").status_code == 200
