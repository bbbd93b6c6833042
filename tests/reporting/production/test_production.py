"""An edition's row through its making: claims, tokens, leases, failures as sentences."""

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now

from commitments.models import EvidenceFile
from reporting import production, tasks
from reporting.facts import from_json, to_json
from reporting.formats import FORMAT_BY_CODE, FORMATS, MadeFile
from reporting.models import Edition
from reporting.production import claims, drawing, edition_files, failures, producer, sweeping
from reporting.production.deadline import Deadline, TooSlow
from reporting.production.heartbeat import ClaimLost, Heartbeat
from reporting.production.helper import Helper
from reporting.rendering import fonts
from reporting.rendering.photographs import Photographs
from reporting.services import editions as services
from reporting.services import sealing
from tests import factories
from tests.as_read import as_read
from tests.long import only_in_test_all
from tests.reporting.conftest import assert_whole, files_of, pdf_of, point_to_queue, wait_for
from tests.reporting.year import make_year
from vcsportal.celery import app
from vcsportal.common.atomic_files import UNFINISHED
from vcsportal.common.stored_files import FileFolder, StoreUnavailable
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(year, queue, now) -> Edition:
    """An edition that was asked for, and whose message nobody hears."""
    return services.request_edition(by=year.officer, at=now, round_=year.round)


@pytest.fixture
def short_files(monkeypatch) -> None:
    """Every format is written at once, as two words: for tests of what becomes of the files, whatever is in them."""
    faces = tuple(
        replace(face, write=lambda *given, code=face.code: MadeFile(f"file {code}".encode(), 1)) for face in FORMATS
    )
    monkeypatch.setattr(producer, "FORMATS", faces)


def again(edition: Edition) -> Edition:
    return Edition.objects.get(pk=edition.pk)


def claimed(edition: Edition) -> claims.EditionClaim:
    """Take it, as a worker does; it must be free."""
    claim = claims.take(edition.pk)
    assert claim is not None, "somebody else holds it"
    return claim


def silence(edition: Edition) -> None:
    """Let its lease have run out, as when its worker was killed."""
    Edition.objects.filter(pk=edition.pk).update(lease_until=Now() - timedelta(seconds=1))


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_edition_that_has_used_its_attempts_is_not_claimed(asked, state):
    Edition.objects.filter(pk=asked.pk).update(state=state, attempts=3, attempts_allowed=3)
    silence(asked)
    assert claims.take(asked.pk) is None
    Edition.objects.filter(pk=asked.pk).update(attempts_allowed=4)
    assert claimed(asked).token == 4


def test_the_queue_hears_of_an_edition_only_once_it_is_kept(year, now, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(tasks, "send", sent.append)
    with transaction.atomic():
        services.request_edition(by=year.officer, at=now, round_=year.round)
        assert sent == []
        transaction.set_rollback(True)
    assert sent == []
    with transaction.atomic():
        kept = services.request_edition(by=year.officer, at=now, round_=year.round)
        assert sent == []
    assert sent == [kept.pk]
    Edition.objects.filter(pk=kept.pk).update(state="failed", error="The disk was full.")
    with transaction.atomic():
        services.retry_edition(by=year.officer, at=now, edition=kept)
        assert sent == [kept.pk]
    assert sent == [kept.pk, kept.pk]


def test_an_edition_is_made_kept_whole_and_never_made_twice(asked):
    assert production.produce(asked.pk)
    edition = again(asked)
    assert (edition.state, edition.attempts, edition.error, edition.lease_until) == ("ready", 1, "", None)
    with pdf_of(edition).content.open("rb") as file:
        content = file.read()
    assert content.startswith(b"%PDF-1.7")
    assert len(content) == pdf_of(edition).size
    assert {face.code for face in edition.faces.all()} == set(FORMAT_BY_CODE)
    report = from_json(edition.facts)
    assert report.making.edition == 1
    assert "Olive Reporter" not in str(to_json(report.making)), "a sealed edition could never forget a name"
    assert FORMAT_BY_CODE["pdf"].write(report, Photographs(report), None).content == content
    assert not production.produce(asked.pk)
    assert not production.produce(asked.pk + 999)


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=only_in_test_all), 3])
def test_files_are_the_same_bytes_however_many_processes_draw_them(asked, alone, settings, monkeypatch, processes):
    settings.REPORT_PROCESSES = processes
    started = []

    def begin(*given):
        started.append(given)
        return Helper(*given)

    monkeypatch.setattr(drawing, "Helper", begin)
    assert production.produce(asked.pk)
    assert len(started) == 3, "no process of its own drew the files"
    edition = again(asked)
    assert [face.code for face in edition.faces.order_by("id")] == [face.code for face in FORMATS]
    report = from_json(edition.facts)
    photographs = Photographs(report)
    here = {face.code: sha256(face.write(report, photographs, None).content).hexdigest() for face in FORMATS}
    assert {face.code: face.sha256 for face in edition.faces.all()} == here
    assert_whole(asked)


def test_where_other_threads_run_the_files_are_drawn_here(asked, monkeypatch):
    monkeypatch.setattr(producer, "SideBySide", None)
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert production.produce(asked.pk)
    finally:
        over.set()
        other.join()
    assert_whole(asked)


def test_one_claim_at_a_time_and_each_has_its_own_token(asked):
    first = claimed(asked)
    assert claims.take(asked.pk) is None
    silence(asked)
    second = claimed(asked)
    assert (first.token, second.token) == (1, 2)
    assert first.rows().update(error="from the grave") == 0
    assert second.rows().update(error="") == 1


@pytest.mark.usefixtures("short_files")
def test_a_worker_that_was_given_up_can_not_write_over_the_one_that_took_over(asked, data_folder):
    first = claimed(asked)
    silence(asked)
    assert production.produce(asked.pk)
    kept = pdf_of(asked)
    with pytest.raises(ClaimLost), Heartbeat(asked.pk, first.token) as heartbeat:
        producer.ProductionAttempt(first).make(heartbeat, Deadline())
    assert pdf_of(asked).sha256 == kept.sha256
    assert len(list((data_folder / "files" / "reports").glob("*/*"))) == len(FORMAT_BY_CODE)


def test_a_live_worker_keeps_its_lease(asked, settings):
    settings.REPORT_LEASE_SECONDS = 1
    claim = claimed(asked)
    with Heartbeat(asked.pk, claim.token) as heartbeat:
        threading.Event().wait(1.6)
        assert claims.take(asked.pk) is None
        heartbeat.say("drawing", 3, 9)
        wait_for(lambda: again(asked).done == 3, seconds=5)
    assert again(asked).stage == "drawing"


@pytest.mark.usefixtures("short_files")
def test_a_job_that_always_kills_its_worker_ends_with_a_sentence_and_can_be_tried_again(asked, now):
    for attempt in (1, 2, 3):
        assert claimed(asked).token == attempt
        silence(asked)
        tasks.sweep()
    edition = again(asked)
    assert edition.state == "failed"
    assert "stopped three times" in edition.error
    assert claims.take(asked.pk) is None
    assert edition.requested_by is not None
    services.retry_edition(by=edition.requested_by, at=now, edition=edition)
    assert production.produce(asked.pk)
    assert (again(asked).state, again(asked).attempts) == ("ready", 4), "tokens are never used again"


def test_time_that_is_up_is_heard_even_if_the_library_swallows_it(asked):
    claim = claimed(asked)
    with Heartbeat(asked.pk, claim.token) as heartbeat, Deadline() as deadline:
        with suppress(BaseException):
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(1)
        with pytest.raises(TooSlow):
            producer.ProductionAttempt(claim).make(heartbeat, deadline)
    assert again(asked).state == "running"


def test_a_full_disk_is_a_sentence(asked, settings, data_folder):
    blocked = data_folder / "files"
    blocked.mkdir(exist_ok=True)
    (blocked / "reports").write_text("a file where the folder should be")
    assert not production.produce(asked.pk)
    assert again(asked).error == failures.NOT_KEPT.format(step=FORMAT_BY_CODE["pdf"].label)


def test_missing_fonts_are_a_sentence_on_the_row(asked, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    fonts.forget()
    assert not production.produce(asked.pk)
    fonts.forget()
    assert (again(asked).state, "Build the front end" in again(asked).error) == ("failed", True)


def test_content_that_can_not_be_drawn_is_a_sentence_not_a_crash(asked, settings):
    settings.PORTAL_BRAND_COLOUR = None
    assert not production.produce(asked.pk)
    edition = again(asked)
    assert edition.error == failures.BROKEN.format(step=FORMAT_BY_CODE["pdf"].label, key=edition.pk)


def test_files_that_cannot_be_reached_are_a_sentence_and_no_photograph_is_left_out(asked, monkeypatch):
    def away(storage, name):
        raise StoreUnavailable("The store of the files does not answer.")

    monkeypatch.setattr(FileFolder, "exists", away)
    monkeypatch.setattr(FileFolder, "files_in", away)
    assert not production.produce(asked.pk)
    edition = again(asked)
    assert (edition.state, edition.error) == ("failed", failures.FILES_AWAY.format(step=failures.GATHERING))


def left(edition: Edition, name: str, *, hours: float = 2) -> Path:
    """A file of an attempt, written so long ago."""
    file = Path(default_storage.path(f"{edition_files.FOLDER}/{edition.pk}/{name}"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")
    then = time.time() - hours * edition_files.HOUR_SECONDS
    os.utime(file, (then, then))
    return file


WHOLE, HALF = "-0123456789abcdef.pdf", "-0123456789abcdef.docx"


@pytest.mark.usefixtures("short_files")
def test_what_killed_workers_left_is_cleared_away_and_nothing_that_anybody_wants(asked, year, now, data_folder):
    other = services.request_edition(by=year.officer, at=now, round_=year.rounds[0])
    production.produce(asked.pk)
    named = files_of(asked)
    for file in named:
        os.utime(file, (0, 0))
    claimed(other)
    silence(other)
    claimed(other)
    gone = [
        left(asked, f"1{WHOLE}"), left(asked, f"{UNFINISHED}1{HALF}"), left(other, f"1{WHOLE}"),
        left(Edition(pk=asked.pk + 999), f"1{WHOLE}", hours=24 * 40),
    ]  # fmt: skip
    stays = [
        left(asked, f"1{HALF}", hours=0.5), left(asked, f"2{HALF}"), left(asked, "notes.txt"),
        left(other, f"2{WHOLE}"), left(other, f"{UNFINISHED}2{HALF}"), left(Edition(pk=asked.pk + 998), f"1{WHOLE}"),
    ]  # fmt: skip
    assert edition_files.clear_leftovers() == len(gone)
    assert [file for file in gone if file.exists()] == []
    assert [file for file in (*stays, *named) if not file.exists()] == []
    assert edition_files.clear_leftovers() == 0


@pytest.mark.usefixtures("short_files")
def test_a_later_attempt_removes_what_an_earlier_one_left(asked):
    claimed(asked)
    silence(asked)
    whole, half = left(asked, f"1{WHOLE}", hours=0), left(asked, f"{UNFINISHED}1{HALF}", hours=0)
    assert production.produce(asked.pk)
    assert not whole.exists()
    assert not half.exists()
    assert_whole(asked)


def test_what_fails_names_its_step_and_leaves_no_file(asked, settings, data_folder, monkeypatch):
    """A later face can't be written: those before it are in their places by then, and do not stay behind."""
    settings.REPORT_PROCESSES = 1
    seen = data_folder / "seen"

    def stumble(*given):
        seen.write_text(str(len(files_of(asked))))
        raise ValueError("a table without rows")

    faces = tuple(replace(face, write=stumble) if face.code == "docx" else face for face in FORMATS)
    monkeypatch.setattr(producer, "FORMATS", faces)
    assert not production.produce(asked.pk)
    assert seen.read_text() == "3", "pdf, annex and summary"
    assert again(asked).error == failures.BROKEN.format(step=FORMAT_BY_CODE["docx"].label, key=asked.pk)
    assert_whole(asked)


def test_an_edition_that_waits_is_stopped(asked, year, now):
    services.cancel_edition(by=year.officer, at=now, edition=asked)
    services.cancel_edition(by=year.reviewer, at=now + timedelta(hours=1), edition=asked)
    edition = again(asked)
    assert (edition.state, edition.cancelled_by, edition.cancelled_at) == ("cancelled", year.officer, now)
    assert not production.produce(asked.pk)
    assert sweeping.overdue() == []
    with pytest.raises(Refused, match="was cancelled"):
        services.retry_edition(by=year.officer, at=now, edition=asked)
    another = services.request_edition(by=year.officer, at=now, round_=year.round)
    assert (another.number, another.state) == (2, "queued")


@pytest.mark.usefixtures("short_files")
def test_what_is_ready_or_has_failed_can_not_be_stopped(asked, year, now, outsider):
    with pytest.raises(Refused, match="Only council officers"):
        services.cancel_edition(by=outsider, at=now, edition=asked)
    production.produce(asked.pk)
    with pytest.raises(Refused, match="nothing to cancel"):
        services.cancel_edition(by=year.officer, at=now, edition=asked)
    assert_whole(asked)


def test_an_edition_that_was_stopped_can_not_become_ready_any_more(asked, year, now):
    claim = claimed(asked)
    with Heartbeat(asked.pk, claim.token) as heartbeat:
        services.cancel_edition(by=year.officer, at=now, edition=asked)
        with pytest.raises(ClaimLost):
            producer.ProductionAttempt(claim).make(heartbeat, Deadline())
    with pytest.raises(ClaimLost):
        claims.finish(claim, [], [], [])
    assert again(asked).state == "cancelled"


def test_a_spent_edition_does_not_stand_in_the_way_where_nobody_sweeps(asked, year, now):
    Edition.objects.filter(pk=asked.pk).update(
        state="running", attempts=3, lease_until=Now() - timedelta(seconds=1)
    )  # fmt: skip
    assert services.request_edition(by=year.officer, at=now, round_=year.round) != asked
    assert again(asked).error == failures.spent(3)


@pytest.mark.usefixtures("short_files")
def test_a_commit_whose_answer_was_lost_is_no_reason_to_remove_the_files(asked):
    """The database takes the finished edition and goes away before it says so."""
    claim = claimed(asked)
    work = producer.ProductionAttempt(claim)
    with Heartbeat(asked.pk, claim.token) as heartbeat, Deadline() as deadline:
        work.make(heartbeat, deadline)
        work._finish(from_json(again(asked).facts))  # asked for a second time, as after a lost answer
    assert_whole(asked)
    assert again(asked).faces.count() == len(FORMAT_BY_CODE)


def test_a_full_disk_leaves_nothing_half_written(tmp_path, settings):
    """/dev/full takes the file's place; it says what a full disk says."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / f"{UNFINISHED}1{WHOLE}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        edition_files.write(f"1{WHOLE}", b"%PDF" * 100_000)
    assert list(tmp_path.iterdir()) == []


def test_a_double_click_is_one_job(asked, year, steering_member, now):
    assert services.request_edition(by=steering_member, at=now, round_=year.round) == asked
    assert Edition.objects.count() == 1


def test_two_people_who_ask_at_once_get_one_job(year, queue, steering_member, now):
    found, ready = [], threading.Barrier(2)

    def ask(person):
        ready.wait()
        found.append(services.request_edition(by=person, at=now, round_=year.round).pk)
        connection.close()

    threads = [threading.Thread(target=ask, args=(p,)) for p in (year.officer, steering_member)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2
    assert len(set(found)) == 1


def test_nothing_is_sent_when_the_request_is_rolled_back(year, queue, now):
    with transaction.atomic():
        services.request_edition(by=year.officer, at=now, round_=year.round)
        transaction.set_rollback(True)
    assert Edition.objects.count() == 0


def test_a_queue_that_is_down_is_not_the_users_error_and_the_sweeper_sends(year, queue, now):
    works = app.conf.broker_url
    point_to_queue(broker_url="redis://127.0.0.1:1/0")
    edition = services.request_edition(by=year.officer, at=now, round_=year.round)
    assert (edition.state, again(edition).sent_at) == ("queued", None)
    Edition.objects.update(requested_at=now - timedelta(minutes=1))
    assert tasks.sweep() == 0
    point_to_queue(broker_url=works)
    assert tasks.sweep() == 1
    assert again(edition).sent_at is not None
    assert sweeping.overdue() == [], "what has just been sent is left alone"


def test_a_queue_that_hangs_costs_two_seconds_at_most(year, queue, now):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        point_to_queue(broker_url=f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        begun = time.monotonic()
        services.request_edition(by=year.officer, at=now, round_=year.round)
        assert time.monotonic() - begun < tasks.SEND_SECONDS + 2


def test_a_year_that_has_not_begun_is_refused(year, now):
    year.round.observes_from += timedelta(days=3650)
    year.round.observes_to += timedelta(days=3650)
    year.round.opens_on += timedelta(days=3650)
    year.round.closes_on += timedelta(days=3650)
    year.round.grace_until += timedelta(days=3650)
    year.round.save()
    with pytest.raises(Refused, match="has not begun"):
        services.request_edition(by=year.officer, at=now, round_=year.round)


def test_another_year_can_be_made_beside_it(asked, year, now):
    other = services.request_edition(by=year.officer, at=now, round_=year.rounds[0])
    assert other != asked
    Edition.objects.filter(pk=asked.pk).update(state="failed", error="x")
    third = services.request_edition(by=year.officer, at=now, round_=year.round)
    assert third.number == 2
    with pytest.raises(Refused, match="Edition 2 for this year is already being made"):
        services.retry_edition(by=year.officer, at=now, edition=asked)


@pytest.mark.usefixtures("short_files")
def test_publishing_twice_keeps_the_first_date(asked, now, year):
    with pytest.raises(Refused, match="not ready"):
        factories.publish_edition(by=year.officer, at=now, edition=asked)
    factories.fill_in_header(year.round, year.officer)
    production.produce(asked.pk)
    factories.publish_edition(by=year.officer, at=now, edition=asked)
    with pytest.raises(Refused, match="already published"):
        factories.publish_edition(by=year.reviewer, at=now + timedelta(days=1), edition=asked)
    assert (again(asked).published_at, again(asked).published_by) == (now, year.officer)
    with pytest.raises(Refused, match="already been made"):
        services.retry_edition(by=year.officer, at=now, edition=again(asked))


@pytest.mark.usefixtures("short_files")
def test_the_file_is_named_so_that_two_attempts_never_meet(asked):
    production.produce(asked.pk)
    name = pdf_of(asked).content.name
    assert name == f"reports/{asked.pk}/1-{pdf_of(asked).sha256[:16]}.pdf"
    assert default_storage.exists(name)


def test_an_empty_strategy_is_made_too(council, queue, now):
    year = make_year(shape=(), pieces=0, years=1, council=council)
    edition = services.request_edition(by=year.officer, at=now, round_=year.round)
    assert production.produce(edition.pk)


def test_the_number_of_a_removed_draft_never_comes_again(asked, now):
    year_officer = asked.requested_by
    services.cancel_edition(by=year_officer, at=now, edition=asked)
    sealing.discard_edition(by=year_officer, at=now, edition=again(asked))
    assert services.request_edition(by=year_officer, at=now, round_=asked.round).number == asked.number + 1


def test_a_photograph_whose_file_is_gone_is_said_to_be_left_out(asked):
    file = EvidenceFile.objects.filter(kind="photograph", evidence__state="accepted").first()
    assert file is not None
    default_storage.delete(str(file.print_content.name))
    assert production.produce(asked.pk)
    edition = again(asked)
    assert edition.state == "ready"
    assert edition.error.startswith("One photograph is left out")
    html = next(face for face in edition.faces.all() if face.code == "html")
    with html.content.open() as page:
        assert "1 photograph that belongs in this report is not shown" in as_read(page.read().decode())
