"""An email waits in the database until a server has taken it; both its halves say the same."""

import smtplib
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction

from partners.emails import composing, outbox, sending
from partners.emails.outbox import drop, put_all, put_mail, send_soon
from partners.emails.sending import MAXIMUM_RETRY_AFTER, MAXIMUM_TRIES, send_one, send_waiting
from partners.models import Mail, User
from tests.mail_server import MailServer, mail_server, plain_words_of, words_of
from vcsportal.common import held_locks
from vcsportal.common.words import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 2
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield running


def put(to: User, now, key: str = "one", **more) -> Mail:
    values: dict[str, object] = {"role": {"label": "Guest"}, "by_password": False}
    return put_mail(key=key, kind="test", to=to, template="invitation", values=values, at=now, **more)


def test_the_same_mail_is_made_once_and_keeps_its_message_id(partner: User, now):
    first, second = put(partner, now), put(partner, now + timedelta(hours=1))
    assert first.pk == second.pk
    assert Mail.objects.get().message_id == first.message_id
    assert first.message_id.endswith("@127.0.0.1>")


def test_a_mail_of_something_that_was_undone_is_undone_too(partner: User, now):
    def undone() -> None:
        with transaction.atomic():
            put(partner, now)
            raise NotAllowed("Not so.")

    with pytest.raises(Refused):
        undone()
    assert not Mail.objects.exists()


def test_the_worker_is_asked_once_the_mail_is_committed_and_not_before(
    monkeypatch, partner: User, now, django_capture_on_commit_callbacks
):
    asked: list[bool] = []
    monkeypatch.setattr(outbox, "_kick", lambda: asked.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        put(partner, now)
        put(partner, now, key="two")
        assert asked == []
    assert asked == [True], "once for the whole transaction"


def test_of_something_that_was_undone_the_worker_is_not_asked(
    monkeypatch, partner: User, now, django_capture_on_commit_callbacks
):
    asked: list[bool] = []
    monkeypatch.setattr(outbox, "_kick", lambda: asked.append(True))

    def undone() -> None:
        with transaction.atomic():
            put(partner, now)
            raise NotAllowed("Not so.")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        undone()
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_is_sending_is_passed_over(partner: User, now):
    first, second = put(partner, now), put(partner, now, key="two")
    held, done = threading.Event(), threading.Event()

    def another_worker() -> None:
        try:
            with held_locks.held(sending.LOCK_NUMBER_BASE + first.pk) as ours:
                assert ours
                held.set()
                done.wait(20)
        finally:
            connection.close()

    worker = threading.Thread(target=another_worker)
    worker.start()
    try:
        assert held.wait(10)
        assert send_waiting(now) == 1
        send_one(first.pk, now)
    finally:
        done.set()
        worker.join()
    assert {one.key: one.state for one in Mail.objects.all()} == {first.key: "waiting", second.key: "sent"}
    assert send_waiting(now) == 1, "the lock went with whoever held it"


def test_an_email_that_gathers_is_renewed_while_it_waits_and_stays_once_it_has_gone(partner: User, now):
    def gathered(name: str) -> Mail:
        values: dict[str, object] = {"invitation": {"invited_by": {"name": name}}}
        return composing.compose_mail(key="day", kind="test", to=partner, template="invitation", values=values, at=now)

    outbox.renew(gathered("First"))
    outbox.renew(gathered("Second"))
    [mail] = Mail.objects.all()
    assert "Second has invited you" in mail.text
    assert "Second has invited you" in mail.html
    Mail.objects.update(state="dropped")
    outbox.renew(gathered("Third"))
    mail.refresh_from_db()
    assert (mail.state, "Third has invited you" in mail.text) == ("waiting", True)
    Mail.objects.update(state="sent")
    outbox.renew(gathered("Fourth"))
    mail.refresh_from_db()
    assert (mail.state, "Third has invited you" in mail.text) == ("sent", True)


@pytest.mark.parametrize("refused", [False, True])
def test_words_that_come_while_the_old_ones_are_on_their_way_still_wait(partner: User, now, monkeypatch, refused):
    def gathered(name: str) -> Mail:
        values: dict[str, object] = {"invitation": {"invited_by": {"name": name}}}
        return composing.compose_mail(key="day", kind="test", to=partner, template="invitation", values=values, at=now)

    def renewed_meanwhile(mail: Mail, server: object = None) -> object:
        outbox.renew(gathered("Second"))
        if refused:
            raise smtplib.SMTPRecipientsRefused({partner.email: (550, b"Nobody here")})
        return as_message(mail, server)

    outbox.renew(gathered("First"))
    as_message = sending.as_message
    monkeypatch.setattr(sending, "as_message", renewed_meanwhile)
    send_waiting(now, most=1)
    mail = Mail.objects.get()
    assert (mail.state, "Second has invited you" in mail.text) == ("waiting", True)


def test_sending_an_urgent_email_begins_once_it_is_committed(
    partner: User, now, monkeypatch, django_capture_on_commit_callbacks
):
    begun: list[int] = []
    monkeypatch.setattr(sending, "send_in_background", begun.append)
    monkeypatch.setattr(outbox, "_kick", lambda: None)
    with django_capture_on_commit_callbacks(execute=True):
        mail = put(partner, now)
        send_soon(mail)
        assert begun == []
    assert begun == [mail.pk]


def test_an_email_about_two_things_is_found_by_each(partner: User, now):
    mail = put(partner, now, about="round:one/2024-25")
    Mail.objects.filter(pk=mail.pk).update(also_about=["round:two/2024-25"])
    other = put(partner, now, key="two", about="round:three/2024-25")
    assert list(Mail.objects.on_any(["round:one/2024-25"])) == [mail]
    assert list(Mail.objects.on_any(["round:two/2024-25"])) == [mail]
    assert set(Mail.objects.on_any(["round:two/2024-25", "round:three/2024-25"])) == {mail, other}


def test_both_halves_say_the_same_words_and_links_are_links(partner: User, now):
    mail = put(partner, now)
    assert words_of(mail.html) == plain_words_of(mail.text)
    assert '<a href="http://127.0.0.1:8000/account/login/"' in mail.html
    assert "src=" not in mail.html


def test_a_link_with_words_is_written_out_in_the_plain_half():
    source = (
        "Dear you,\n\n* [Say how 1.1 stands](https://portal.example.org/a/?b=c)\n* at https://portal.example.org/z.\n"
    )
    assert composing.as_text(source) == (
        "Dear you,\n\n* Say how 1.1 stands: https://portal.example.org/a/?b=c\n* at https://portal.example.org/z.\n"
    )
    page = composing.as_html(source, subject="S")
    assert '<a href="https://portal.example.org/a/?b=c" rel="nofollow noopener">Say how 1.1 stands</a>' in page
    assert '<a href="https://portal.example.org/z" rel="nofollow noopener">https://portal.example.org/z</a>.' in page
    assert words_of(page) == plain_words_of(composing.as_text(source))


def test_what_somebody_typed_cannot_become_markup_in_a_mail():
    page = composing.as_html("<img src=https://spy.example.org/x> <script>alert(1)</script>", subject="<b>")
    assert "<img" not in page
    assert "<script" not in page
    assert "<title>&lt;b&gt;</title>" in page


def test_mails_go_out_one_connection_for_all_text_first_with_the_message_id(server: MailServer, partner, officer, now):
    put(partner, now, "one")
    put(officer, now, "two")
    assert send_waiting(now) == 2
    assert server.counted == {partner.email: 1, officer.email: 1}
    assert server.connections == 1
    came, kept = server.came[0], Mail.objects.get(key="one")
    assert came["message-id"] == kept.message_id
    assert came["auto-submitted"] == "auto-generated"
    assert [part.get_content_type() for part in came.iter_parts()] == ["text/plain", "text/html"]
    assert (kept.state, kept.sent_at, kept.tries) == ("sent", now, 1)
    assert send_waiting(now) == 0


def test_what_is_due_later_waits_until_then(server: MailServer, partner: User, now):
    put(partner, now, due_at=now + timedelta(hours=2))
    assert send_waiting(now) == 0
    assert send_waiting(now + timedelta(hours=2)) == 1


def test_a_server_that_is_down_is_tried_again_later_and_later_until_given_up(server: MailServer, partner, now):
    server.stop()
    put(partner, now)
    waits, at = [], now
    for _ in range(MAXIMUM_TRIES):
        assert send_waiting(at) == 0
        kept = Mail.objects.get()
        waits.append(kept.due_at - at)
        at = kept.due_at
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(waits) == MAXIMUM_RETRY_AFTER
    assert timedelta(days=3) <= at - now <= timedelta(days=3, hours=12)
    assert (kept.state, kept.tries) == ("given_up", MAXIMUM_TRIES)
    assert "refused" in kept.problem.lower()


def test_a_server_that_is_down_is_asked_once_a_run_and_not_for_each_mail(server: MailServer, partner, officer, now):
    server.stop()
    put(partner, now, "one")
    put(officer, now, "two")
    assert send_waiting(now) == 0
    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 1]
    server.start()
    assert send_waiting(now + timedelta(minutes=1)) == 2


def test_a_person_whom_the_server_refuses_is_shown_and_the_others_get_theirs(server: MailServer, partner, officer, now):
    server.refuse[partner.email] = "550 No such person here"
    put(partner, now, "one")
    put(officer, now, "two")
    assert send_waiting(now) == 1
    refused = Mail.objects.get(key="one")
    assert (refused.state, refused.problem) == ("refused", "550 No such person here")
    assert server.counted == {officer.email: 1}
    assert send_waiting(now + timedelta(days=9)) == 0


def test_not_now_is_not_no(server: MailServer, partner: User, officer: User, now):
    server.refuse[partner.email] = "451 Try again later"
    put(partner, now, "one")
    put(officer, now, "two")
    assert send_waiting(now) == 1
    assert Mail.objects.get(key="one").state == "waiting"
    server.refuse.clear()
    assert send_waiting(now + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(("reply", "state"), [("554 Not wanted", "refused"), ("452 No room", "waiting")])
def test_what_the_server_says_of_the_text_counts_too(server: MailServer, partner: User, now, reply, state):
    server.data_reply = reply
    put(partner, now)
    assert send_waiting(now) == 0
    assert (Mail.objects.get().state, Mail.objects.get().problem) == (state, reply)


def test_a_mail_that_cannot_be_written_down_holds_up_nobody(server: MailServer, partner: User, officer: User, now):
    Mail.objects.filter(pk=put(partner, now, "one").pk).update(subject="two\nlines")
    put(officer, now, "two")
    assert send_waiting(now) == 1
    assert "BadHeaderError" in Mail.objects.get(key="one").problem


def test_somebody_whose_access_has_ended_gets_nothing_more(server: MailServer, partner: User, now):
    put(partner, now)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert send_waiting(now) == 0
    assert Mail.objects.get().state == "dropped"
    assert server.came == []


def test_what_is_no_longer_needed_is_dropped_and_what_went_stays(partner: User, officer: User, now):
    put(partner, now, "one", about="round:a/b")
    assert send_waiting(now) == 1
    put(partner, now, "two", about="round:a/b")
    put(officer, now, "three", about="round:a/b")
    assert drop(about="round:a/b", kinds=["test"], people=[partner.pk]) == 1
    assert list(Mail.objects.order_by("id").values_list("state", flat=True)) == ["sent", "dropped", "waiting"]


def test_an_email_that_was_sent_at_once_is_not_sent_again(partner: User, now):
    mail = put(partner, now)
    send_one(mail.pk, now)
    send_one(mail.pk, now)
    assert send_waiting(now) == 0
    assert len(django_mail.outbox) == 1


def test_whoever_is_second_with_the_same_key_gets_the_first_ones_mail(partner: User, now):
    first = put(partner, now)
    values: dict[str, object] = {"role": {"label": "Guest"}, "by_password": False}
    second = composing.compose_mail(key="one", kind="test", to=partner, template="invitation", values=values, at=now)
    assert put_all([second]) == 0
    assert second.pk is None
    assert put_all([]) == 0
    assert Mail.objects.get().message_id == first.message_id


def test_a_run_ends_after_a_minute_and_the_next_goes_on(server: MailServer, partner, officer, now, monkeypatch):
    put(partner, now, "one")
    put(officer, now, "two")
    monkeypatch.setattr(sending, "MAXIMUM_RUN_SECONDS", 0.3)
    server.at_recipient = lambda address: time.sleep(0.4)
    assert send_waiting(now) == 1
    assert send_waiting(now) == 1
    assert send_waiting(now, most=0) == 0


def test_a_mail_that_cant_be_made_holds_up_no_other(partner: User, now, settings, server: MailServer):
    first, second = put(partner, now), put(partner, now, key="two")
    Mail.objects.filter(pk=first.pk).update(kind="odd")
    settings.MAIL_HEADERS = {"odd": "partners.no_such_module.headers"}
    assert send_waiting(now) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.tries, second.state) == ("waiting", 1, "sent")
    assert "no_such_module" in first.problem
