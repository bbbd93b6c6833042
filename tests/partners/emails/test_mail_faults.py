"""Emails, with a real mail server, a real queue and real workers that are killed: nobody gets two, nobody gets none."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from partners.emails.outbox import put_mail
from partners.emails.sending import send_waiting
from partners.models import Mail, User
from partners.tasks import send_mails
from tests.factories import make_person
from tests.mail_server import MailServer, mail_server
from tests.reporting.conftest import Workers, point_to_queue, queue, wait_for, workers
from tests.stack import ROOT
from vcsportal.celery import app
from vcsportal.common.processes import dies_with_us

__all__ = ["queue", "workers"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def here(server: MailServer, settings) -> MailServer:
    """The mail server, set for this very process."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    return server


def put(people: list[User]) -> None:
    """Put an email to each of them, in one transaction."""
    now = timezone.now()
    with transaction.atomic():
        for person in people:
            values: dict[str, object] = {"role": {"label": "Guest"}, "by_password": False}
            put_mail(key=f"to {person.pk}", kind="test", to=person, template="invitation", values=values, at=now)


def some(number: int) -> list[User]:
    return [make_person("steering_group") for _ in range(number)]


def left() -> int:
    return Mail.objects.exclude(state="sent").count()


def over(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it is dead, or has nothing left to send."""
    return process.poll() is not None or not left()


def sending(workers: Workers, server: MailServer) -> "subprocess.Popen[bytes]":
    """Start a process that sends what waits."""
    env = workers.environment() | {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    command = [sys.executable, "manage.py", "send_mails"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=dies_with_us(signal.SIGKILL),
    )


def test_a_worker_killed_while_mails_go_out_sends_each_exactly_once(workers: Workers, server: MailServer):
    people, kills = some(12), {5}
    seen: list[str] = []

    def kill_now_and_then(address: str) -> None:
        seen.append(address)
        if len(seen) in kills:
            os.killpg(workers.running[-1].pid, signal.SIGKILL)

    server.at_recipient = kill_now_and_then
    put(people)  # its message waits in the queue
    for _ in range(2):
        process = workers.start(EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
        send_mails.delay()  # as the schedule does
        wait_for(partial(over, process), what=workers.logs)
    assert not left()
    assert server.counted == dict.fromkeys((person.email for person in people), 1)
    assert len(seen) == len(people) + len(kills)


def test_killed_between_the_servers_yes_and_our_note_of_it_the_copy_says_that_it_is_one(
    workers: Workers, server: MailServer
):
    """The one gap that no sender of email can close. Both copies bear the same Message-ID."""
    people = some(3)
    put(people)
    process = sending(workers, server)
    server.at_data = lambda message: process.kill() if len(server.came) == 2 else None
    assert process.wait(30) == -signal.SIGKILL
    assert left() == 2
    assert sending(workers, server).wait(30) == 0
    assert not left()
    twice = [message for message in server.came if message["to"] == people[1].email]
    assert len(twice) == 2
    assert len({message["message-id"] for message in twice}) == 1
    assert server.counted[people[0].email] == server.counted[people[2].email] == 1


def test_two_who_send_at_once_share_the_work(workers: Workers, server: MailServer):
    people = some(30)
    put(people)
    server.at_recipient = lambda address: time.sleep(0.02)
    processes = [sending(workers, server) for _ in range(2)]
    said = [process.communicate(timeout=30)[0].decode() for process in processes]
    assert not left()
    assert server.counted == dict.fromkeys((person.email for person in people), 1)
    assert sum(int(words.split()[0]) for words in said) == 30, said


def test_a_server_that_was_down_for_a_while_loses_nothing(workers: Workers, server: MailServer):
    server.stop()
    people = some(4)
    put(people)
    workers.start(EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
    tried = Mail.objects.filter(tries=1).exclude(problem="")  # a try is counted before the server is asked
    wait_for(tried.exists, what=workers.logs)
    assert left() == 4
    assert "refused" in tried.get().problem
    server.start()
    Mail.objects.update(due_at=timezone.now())  # the wait of a minute is over
    send_mails.delay()
    wait_for(lambda: not left(), what=workers.logs)
    assert server.counted == dict.fromkeys((person.email for person in people), 1)


def test_a_queue_that_is_down_neither_delays_the_page_nor_loses_the_mail(queue: str, here: MailServer):
    works = app.conf.broker_url
    point_to_queue(broker_url="redis://127.0.0.1:1/0")
    people = some(1)
    began = time.monotonic()
    put(people)
    assert time.monotonic() - began < 1
    assert left() == 1
    point_to_queue(broker_url=works)
    assert send_waiting(timezone.now()) == 1
    assert here.counted == {people[0].email: 1}


def test_the_command_says_what_went_and_what_the_server_said_of_the_rest(here: MailServer):
    people, said = some(2), StringIO()
    put(people)
    here.refuse[people[0].email] = "450 Come back later"
    call_command("send_mails", stdout=said)
    assert said.getvalue() == (
        "1 email sent.\n1 is waiting to be sent later. The mail server last said: 450 Come back later\n"
    )
