"""Files are drawn by processes of their own: as many as there is room for, the same bytes, and none outlives its work."""

import json
import os
import signal
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from billiard.pool import SIG_SOFT_TIMEOUT

from reporting.formats import FORMATS
from reporting.production import drawing
from reporting.production.drawing import HelperLost, SideBySide, shares
from reporting.production.failures import DrawingFailed
from reporting.production.heartbeat import Heartbeat
from reporting.production.helper import HELD, signals_held
from vcsportal.common import machine

LONG, SHORT = ("pdf", "annex"), tuple(each.code for each in FORMATS if each.code not in {"pdf", "annex"})
GIGABYTE = 1024**3


def draw(write, *, at_once=3, formats=FORMATS, look=lambda: None):
    """Draw with these, and return what was drawn; nothing runs afterwards."""
    with SideBySide(shares(formats), write, at_once=at_once) as work:
        work.run(lambda make: make(), look)
    return work


def children() -> set[psutil.Process]:
    """The processes that this one has started, such as the browser of a test before."""
    return {*psutil.Process().children()}


@pytest.fixture(autouse=True)
def nothing_is_left_running():
    before = children()
    yield
    assert children() <= before, "a process outlives its work"


class Notes:
    """What processes note down, a line for each: they share no memory with the test."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, *what: Any) -> None:
        with self._file.open("a") as out:
            out.write(json.dumps(what) + "\n")

    def read(self) -> list[Any]:
        return [json.loads(line) for line in self._file.read_text().splitlines()] if self._file.exists() else []


@pytest.fixture
def notes(tmp_path):
    return Notes(tmp_path / "notes")


def test_each_long_file_is_drawn_apart_and_the_short_ones_together(notes):
    work = draw(lambda each, on_page: notes(each.code, os.getpid()) or {"code": each.code})
    assert set(work.kept) == {each.code for each in FORMATS}
    drawers = dict(notes.read())
    assert len({*drawers.values(), os.getpid()}) == 4
    assert {drawers[code] for code in SHORT}.isdisjoint({drawers[code] for code in LONG})
    assert shares([each for each in FORMATS if each.tells_pages]) == [(FORMATS[0],), (FORMATS[1],)]


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_no_more_are_drawn_at_the_same_time_than_may_be(notes, at_once):
    def write(each, on_page):
        notes(1)
        wait_until(lambda: notes.read().count([1]) >= at_once)
        time.sleep(0.1)
        notes(-1)
        return {"code": each.code}

    draw(write, at_once=at_once, formats=[each for each in FORMATS if each.tells_pages or each.code == "csv"])
    running, most = 0, 0
    for (change,) in notes.read():
        running += change
        most = max(most, running)
    assert most == at_once


def test_pages_are_heard_of_each_long_file():
    def write(each, on_page):
        for page in (1, 2, 3):
            on_page(page, 9)
        return {"code": each.code}

    work = draw(write, formats=FORMATS[:2])
    assert work.pages == {"pdf": (3, 9), "annex": (3, 9)}


def test_of_several_files_that_can_not_be_written_the_first_is_named():
    def write(each, on_page):
        time.sleep(0.3 if each.code == "pdf" else 0)
        raise DrawingFailed(f"{each.code} failed")

    with pytest.raises(DrawingFailed, match="pdf failed"):
        draw(write)
    with pytest.raises(DrawingFailed, match="pdf failed"):
        draw(write, at_once=1)


def test_what_comes_after_a_file_that_failed_is_ended_and_what_comes_before_is_finished(notes):
    def write(each, on_page):
        if each.code == "annex":
            raise DrawingFailed("annex failed")
        time.sleep(0.3 if each.code == "pdf" else 60)
        notes(each.code)
        return {"code": each.code}

    begun = time.monotonic()
    with pytest.raises(DrawingFailed, match="annex failed"):
        draw(write)
    assert time.monotonic() - begun < 30
    assert notes.read() == [["pdf"]]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_killed_is_noticed(number):
    def write(each, on_page):
        if each.code == "annex":
            os.kill(os.getpid(), number)
            time.sleep(60)
        return {"code": each.code}

    with pytest.raises(HelperLost, match=rf"annex ended with status -{int(number)}\."):
        draw(write)


def test_a_process_that_ends_without_a_word_is_noticed():
    with pytest.raises(HelperLost, match="pdf ended with status 0"):
        draw(lambda each, on_page: os._exit(0))


def test_whoever_stops_the_drawing_ends_every_process():
    begun = time.monotonic()

    def look():
        if time.monotonic() - begun > 0.3:
            raise TimeoutError("stopped")

    with pytest.raises(TimeoutError, match="stopped"):
        draw(lambda each, on_page: time.sleep(60), look=look)
    assert time.monotonic() - begun < 30


def test_a_process_ends_with_the_one_that_started_it(tmp_path):
    """The one in the middle is killed without a chance to tidy up."""
    pids = tmp_path / "pids"

    def write(each, on_page):
        with pids.open("a") as out:
            out.write(f"{os.getpid()}\n")
        time.sleep(60)

    middle = os.fork()
    if not middle:
        try:
            draw(write)
        finally:
            os._exit(0)
    started = wait_until(lambda: len(found := read_pids(pids)) == 3 and found)
    os.kill(middle, signal.SIGKILL)
    os.waitpid(middle, 0)
    wait_until(lambda: not any(is_running(pid) for pid in started))


def read_pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_until(look, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def draw_for_ever(senders: list[int], seconds: float) -> None:
    """Draw, and have the signal sent after some seconds by a process whose number is added to the list."""
    senders.append(kill_us_after(seconds))
    draw(lambda each, on_page: time.sleep(60))


def kill_us_after(seconds: float) -> int:
    """Have another process send this one the signal, and return the other's number."""
    receiver = os.getpid()
    if not (sender := os.fork()):
        time.sleep(seconds)
        os.kill(receiver, SIG_SOFT_TIMEOUT)
        os._exit(0)
    return sender


def test_a_signal_that_ends_the_task_leaves_no_process_behind():
    """It comes at any moment, also while a process is being made. A worker has one thread then, so a new process tries it: the
    test runner has others, which would take the signal."""
    if not (trial := os.fork()):
        try:
            end_the_task_again_and_again()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    assert os.waitpid(trial, 0)[1] == 0, "see what it printed"


def end_the_task_again_and_again() -> None:
    class Over(BaseException):
        pass

    def hear(number, frame):
        raise Over

    signal.signal(SIG_SOFT_TIMEOUT, hear)
    for wait in (0.001, 0.002, 0.004, 0.008, 0.016, 0.05):
        senders: list[int] = []
        with pytest.raises(Over):
            draw_for_ever(senders, wait)
        os.waitpid(senders[0], 0)
        assert children() == set()
        assert SIG_SOFT_TIMEOUT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_signal_that_came_just_before_is_heard_and_holds_none_back_afterwards(monkeypatch):
    real = signal.pthread_sigmask

    def too_late(how, signals):
        before = real(how, signals)
        if signals == HELD:
            raise InterruptedError
        return before

    monkeypatch.setattr(signal, "pthread_sigmask", too_late)
    with pytest.raises(InterruptedError), signals_held():
        raise AssertionError("began all the same")
    assert real(signal.SIG_BLOCK, ()).isdisjoint(HELD)


@pytest.mark.parametrize(
    ("setting", "processors", "memory", "attempt", "expected"),
    [
        (0, 4, 8 * GIGABYTE, 1, 4),
        (0, 2, 8 * GIGABYTE, 1, 2),
        (0, 4, GIGABYTE, 1, 2),
        (0, 4, GIGABYTE - 1, 1, 1),
        (0, 4, GIGABYTE // 4, 1, 1),
        (0, 4, 0, 1, 1),
        (3, 1, 0, 1, 3),
        (1, 4, 8 * GIGABYTE, 1, 1),
        (0, 4, 8 * GIGABYTE, 2, 1),
        (3, 4, 8 * GIGABYTE, 2, 1),
    ],
)
def test_as_many_processes_draw_as_there_is_room_for(
    settings, monkeypatch, setting, processors, memory, attempt, expected
):
    settings.REPORT_PROCESSES = setting
    monkeypatch.setattr(machine, "processors", lambda: processors)
    monkeypatch.setattr(machine, "memory", lambda: memory)
    assert drawing.processes(attempt) == expected


def test_a_heartbeat_rests_while_a_process_is_made(alone, monkeypatch):
    monkeypatch.setattr(Heartbeat, "_beat", lambda self: None)
    with Heartbeat(1, 1) as heartbeat:
        assert heartbeat.is_all_that_runs_beside()
        with heartbeat.resting():
            assert len(threading.enumerate()) == 1
        assert len(threading.enumerate()) == 2
        assert heartbeat.is_all_that_runs_beside()
        over = threading.Event()
        other = threading.Thread(target=over.wait)
        other.start()
        assert not heartbeat.is_all_that_runs_beside()
        over.set()
        other.join()
        found = []
        other = threading.Thread(target=lambda: found.append(heartbeat.is_all_that_runs_beside()))
        other.start()
        other.join()
        assert found == [False], "not the main thread"
    assert len(threading.enumerate()) == 1


def test_formats_that_have_no_long_file_are_drawn_by_one_process():
    short = [replace(each, tells_pages=False) for each in FORMATS]
    assert shares(short) == [tuple(short)]
