"""Email without a mail server: kept, told, and shown in debug."""

import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from partners.emails.outbox import put_mail
from partners.emails.sending import send_waiting
from vcsportal import development_email

BACKEND = "vcsportal.development_email.FileBackend"


@pytest.fixture
def box(settings, tmp_path):
    settings.EMAIL_BACKEND = BACKEND
    settings.DEV_MAIL_DIR = tmp_path / "mail"
    settings.DEBUG = True
    return tmp_path / "mail"


def send(subject="Your code", body="The code is 123456.\nhttps://portal.example.org/a?b=1&c=2", to="ada@example.org"):
    return send_mail(subject, body, "portal@example.org", [to])


def test_a_mail_is_kept_as_a_file_that_only_its_owner_reads(box):
    assert send() == 1
    (file,) = box.iterdir()
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Subject: Your code" in file.read_bytes()


def test_the_code_is_in_the_log_in_debug_and_nowhere_else(box, caplog, settings):
    with caplog.at_level("INFO"):
        send()
        assert "123456" in caplog.text
        caplog.clear()
        settings.DEBUG = False
        send()
    assert "ada@example.org" in caplog.text
    assert "123456" not in caplog.text


def test_the_newest_mail_is_first_and_opens_as_text_with_its_links(box, client, db):
    assert b"No email has been sent yet" in client.get("/dev/mail/").content
    send("First")
    send("Second – <b>zweiter</b>", to="olive@example.org")
    page = client.get("/dev/mail/").content.decode()
    assert page.index("Second – &lt;b&gt;zweiter") < page.index("First")
    newest = development_email.email_names()[0]
    page = client.get(f"/dev/mail/{newest}/").content.decode()
    assert "123456" in page
    assert 'href="https://portal.example.org/a?b=1&amp;c=2"' in page
    assert "<b>zweiter" not in page


def test_a_mail_with_several_parts_shows_both_halves(box, client, db):
    message = EmailMultiAlternatives("Both", "the plain words", to=["ada@example.org"])
    message.attach_alternative("<p>the marked-up words</p>", "text/html")
    message.send()
    page = client.get(f"/dev/mail/{development_email.email_names()[0]}/").content.decode()
    assert "the plain words" in page
    assert "<p>the marked-up words</p>" in page


def test_only_the_newest_are_shown_and_kept(box, client, db, monkeypatch):
    monkeypatch.setattr(development_email, "EMAILS_SHOWN", 2)
    monkeypatch.setattr(development_email, "EMAILS_KEPT", 4)
    for number in range(6):
        send(f"Number {number}")
    assert len(development_email.email_names()) == 4
    page = client.get("/dev/mail/").content.decode()
    assert "2 of 4 are shown" in page
    assert "Number 5" in page
    assert "Number 3" not in page


@pytest.mark.parametrize("name", ["..", "none", "20260101-000000-000000-abcdef", "%2e%2e%2fsecrets", "a.eml"])
def test_a_name_that_is_no_mails_is_not_found(box, client, db, name):
    send()
    assert client.get(f"/dev/mail/{name}/").status_code == 404


def test_nothing_is_shown_outside_debug(box, client, db, settings):
    send()
    settings.DEBUG = False
    assert client.get("/dev/mail/").status_code == 404
    assert client.get(f"/dev/mail/{development_email.email_names()[0]}/").status_code == 404


def test_the_pages_are_the_ones_that_the_frame_expects():
    for name in ("inbox", "mail"):
        assert '{% extends "base.html" %}' in (Path("templates/dev") / f"{name}.html").read_text()


def test_a_mail_in_two_halves_is_shown_as_a_mail_program_draws_it_and_as_words(box, client, partner, now):
    values = {"role": {"label": "Guest"}, "by_password": False}
    put_mail(key="one", kind="test", to=partner, template="invitation", values=values, at=now)
    assert send_waiting(now) == 1
    page = client.get(f"/dev/mail/{development_email.email_names()[0]}/").content.decode()
    assert '<a href="http://127.0.0.1:8000/account/login/" rel="noopener">' in page
    assert "The same email as plain text" in page
    assert "<style" not in page.split("<main")[1]
    assert page.count("You do not need a password") == 2
