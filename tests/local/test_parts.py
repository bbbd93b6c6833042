"""The supervisor's parts by themselves: folder, programs, commands."""

import json
import os
import pty
import shutil
import signal
import stat
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any, cast

import psycopg2
import pytest

from tests.local.helpers import OURS, nothing_left
from vcsportal.common.processes import dies_with_us
from vcsportal.local import checks, commands, portal, programs, servers, supervisor
from vcsportal.local.folder import Folder, private_temporary_folder, write_private
from vcsportal.local.places import ROOT
from vcsportal.local.portal import without_password
from vcsportal.local.say import Sorry, Stopped
from vcsportal.local.servers import Program
from vcsportal.local.supervisor import Supervisor
from vcsportal.local.testing import keep_compiled_code


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path / "data")
    folder.take()
    yield folder
    folder.release()


def killed(folder: Folder) -> None:
    """Let go of the lock without tidying up, as a kill would."""
    assert folder._lock is not None
    os.close(folder._lock)


def sleeper(folder, script="import time; print('hello', flush=True); time.sleep(60)", name="sleeper"):
    return Program(name, [sys.executable, "-c", script], folder.logs / f"{name}.log", ending=((signal.SIGTERM, 5),))


def test_secrets_are_made_once_and_differ(folder):
    assert folder.secret("one") == folder.secret("one")
    assert folder.secret("one") != folder.secret("two")
    assert len(folder.secret("one")) >= 50


def test_a_private_file_is_closed_to_others_and_replaced_whole(tmp_path):
    write_private(tmp_path / "x", "one")
    write_private(tmp_path / "x", "two")
    assert (tmp_path / "x").read_text() == "two"
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_a_companion_of_a_killed_start_is_removed_but_nothing_of_anybody_elses(tmp_path):
    folder = Folder(tmp_path / "data")
    folder.take()
    old = folder.companion()
    assert old.exists()
    killed(folder)
    os.close(folder._companion_lock)

    again = Folder(tmp_path / "data")
    again.take()
    assert again.companion() != old
    assert not old.exists()
    again.release()

    precious = tmp_path / "vcsportal-precious"
    precious.symlink_to(tmp_path)
    (again.run / "companion").symlink_to(precious)
    third = Folder(tmp_path / "data")
    third.take()
    third.companion()
    assert precious.exists()
    assert third.path.exists()
    third.release()


def test_a_temporary_folder_whose_holder_was_killed_is_removed_and_one_that_is_held_is_not():
    dead, lock = private_temporary_folder()
    held, other = private_temporary_folder()
    os.close(lock)
    third, another = private_temporary_folder()
    assert not dead.exists()
    assert held.exists()
    assert third.exists()
    for path, number in ((held, other), (third, another)):
        shutil.rmtree(path)
        os.close(number)


def test_a_child_left_by_a_killed_start_is_ended_and_a_stranger_with_its_number_is_not(tmp_path, capsys):
    argv = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    left, stranger = (
        subprocess.Popen(argv, stdout=subprocess.PIPE, preexec_fn=dies_with_us(signal.SIGKILL)) for _ in range(2)
    )
    for child in (left, stranger):
        assert child.stdout
        assert child.stdout.readline() == b"up\n"
    folder = Folder(tmp_path / "data")
    folder.take()
    folder.remember_children([left.pid])
    file = folder.run / "children.json"
    noted = json.loads(file.read_text())
    killed(folder)
    file.write_text(json.dumps([*noted, [stranger.pid, "born at another time"]]))
    again = Folder(tmp_path / "data")
    again.take()
    assert left.wait(10) == -signal.SIGINT
    assert "left behind" in capsys.readouterr().out
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    again.release()


def test_a_program_that_ends_at_its_start_is_an_obituary_with_its_last_words(folder):
    care = Supervisor(folder)
    care.start(sleeper(folder, "print('no such luck'); raise SystemExit(3)"))
    with pytest.raises(Sorry, match=r"ended at its start \(code 3\)(.|\n)*no such luck"):
        care.wait_for("sleeper", lambda: False, 20)
    care.stop()


def test_a_program_that_stays_silent_is_said_to(folder):
    care = Supervisor(folder)
    care.start(sleeper(folder))
    with pytest.raises(Sorry, match=r"did not answer within 1 s"):
        care.wait_for("sleeper", lambda: False, 1)
    care.stop()
    assert nothing_left(folder.path, [], 1) == []


def test_a_program_that_keeps_ending_stops_the_portal_after_some_patience(folder, monkeypatch, capsys):
    monkeypatch.setattr(supervisor, "MAX_RESTARTS", 3)
    care = Supervisor(folder)
    care.start(sleeper(folder, "print('again')"))
    with pytest.raises(Sorry, match="ended 3 times within a minute"):
        care.watch()
    assert capsys.readouterr().out.count("starting it again") == 2
    care.stop()


def test_a_program_that_will_not_end_is_killed_with_all_it_started(folder):
    script = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', 'grandchild-of-the-test']); print('up', flush=True); time.sleep(60)"
    )
    care = Supervisor(folder)
    program = sleeper(folder, script)
    program.ending = ((signal.SIGTERM, 0.5), (signal.SIGKILL, 5))
    care.start(program)
    care.wait_for("sleeper", lambda: "up" in program.log.read_text(), 20)
    began = time.monotonic()
    care.stop()
    assert time.monotonic() - began < 5
    found = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line for line in found if "grandchild-of-the-test" in line and not line.startswith("Z")] == []


def test_a_large_log_begins_anew(folder):
    program = sleeper(folder)
    program.log.write_bytes(b"x" * 5_000_001)
    program.open_log().close()
    assert program.log.stat().st_size == 0
    assert (folder.logs / "sleeper.log.1").stat().st_size == 5_000_001


def test_a_log_that_grows_while_its_program_runs_begins_anew_and_the_program_goes_on_writing(folder, monkeypatch):
    monkeypatch.setattr(servers, "MAX_LOG_BYTES", 1000)
    program = sleeper(folder)
    with program.open_log() as log:
        log.write(b"x" * 1001)
        log.flush()
        program.bound_log()
        assert program.log.stat().st_size == 0
        log.write(b"still here\n")
        log.flush()
    assert program.log.read_bytes() == b"still here\n"
    program.bound_log()
    assert program.log.read_bytes() == b"still here\n", "a small one is left alone"


def test_a_wish_to_stop_ends_a_program_that_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(programs.wish, "times", 1)
    with pytest.raises(Stopped):
        programs.call([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log")


def test_a_long_step_says_now_and_then_that_it_is_alive(tmp_path, monkeypatch, capsys):
    ticks = iter(range(0, 10_000, 3))
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    programs.call(
        [sys.executable, "-c", "import time; time.sleep(0.5)"], log=tmp_path / "log", progress=lambda text: "7 of 9"
    )
    assert "7 of 9" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://me:secret@host:5432/name", "postgres://me@host:5432/name"),
        ("postgres://me:sec@ret@/name?host=/run", "postgres://me@/name"),
        ("redis://:secret@host/0", "redis://@host/0"),
        ("redis+socket:///path?virtual_host=0", "redis+socket:///path"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    assert without_password(url) == shown


def test_the_servers_work_for_a_folder_whose_path_no_socket_could_have(tmp_path, monkeypatch):
    from vcsportal.local.portal import Servers

    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    folder = Folder(tmp_path / ("a path with spaces and a % sign, " * 4) / "data")
    folder.take()
    care = Supervisor(folder)
    try:
        servers = Servers(folder, care, carefree=True)
        servers.start()
        assert servers.database
        assert servers.queue
        assert len(str(servers.database.host)) < 90
        connection = psycopg2.connect(servers.owner_url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'vcsportal'")
            assert cursor.fetchone() == ("b", "C.UTF-8")
        connection.close()
        assert servers.queue.answers()
    finally:
        care.stop()
        folder.release()


def run(*arguments, **env):
    base = {name: value for name, value in os.environ.items() if name not in OURS}
    argv = [sys.executable, "-m", "vcsportal.local", *arguments]
    return subprocess.run(
        argv, cwd=ROOT, env={**base, **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )


def test_compiled_code_is_kept_for_a_run_where_it_may_not_lie_beside_the_code(tmp_path):
    given = {"PATH": "/bin"}
    assert keep_compiled_code(given, tmp_path) == given
    not_beside = given | {"PYTHONDONTWRITEBYTECODE": "1"}
    assert keep_compiled_code(not_beside, tmp_path) == given | {"PYTHONPYCACHEPREFIX": str(tmp_path)}
    elsewhere = not_beside | {"PYTHONPYCACHEPREFIX": "/cache"}
    assert keep_compiled_code(elsewhere, tmp_path) == elsewhere


@pytest.mark.parametrize(("command", "lasting"), [("with-servers", "off"), ("with-lasting-servers", "on")])
def test_any_command_can_have_servers_for_a_while_and_its_own_exit_code(command, lasting):
    script = (
        "import os, psycopg2, sys; from vcsportal import worker_health;"
        "c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True; c.cursor().execute('CREATE DATABASE another');"
        "q = c.cursor(); q.execute('SHOW fsync'); print('FSYNC', q.fetchone()[0], 'END');"
        "assert worker_health.queue_worker_and_schedule_live(os.environ['REDIS_URL'])[0]; print('DATA', os.environ['PORTAL_DATA']); sys.exit(7)"
    )
    done = run(command, "--", sys.executable, "-c", script)
    assert done.returncode == 7, done.stderr
    assert f"FSYNC {lasting} END" in done.stdout, "what a database of tests forgets, one of trials keeps"
    place = done.stdout.split("DATA ")[1].strip()
    assert not os.path.exists(place)
    assert nothing_left(place, []) == []
    assert run(command).returncode == 1


def test_reset_removes_the_data_only_when_it_is_clear_that_it_is_meant(tmp_path):
    data = tmp_path / "data"
    assert "There is no data folder" in run("reset", PORTAL_DATA=str(data)).stdout
    data.mkdir()
    (data / "kept").write_text("")
    refused = run("reset", PORTAL_DATA=str(data))
    assert refused.returncode == 1
    assert "Nothing was removed" in refused.stdout
    assert (data / "kept").exists()
    assert run("reset", PORTAL_DATA=str(data), YES="1").returncode == 0
    assert not data.exists()


@pytest.mark.parametrize(
    ("first", "then", "loaded"),
    [
        ("empty", "", []),
        ("0", "empty", ["load_strategy"]),
        ("empty", "0", []),
        ("", "", ["load_strategy", "load_demo"]),
    ],
)
def test_a_portal_that_starts_empty_stays_so_until_its_council_adds_a_strategy(
    monkeypatch, tmp_path, first, then, loaded
):
    done: list[str] = []
    monkeypatch.setattr(portal, "manage", lambda env, *arguments, **more: done.append(arguments[0]))
    monkeypatch.setattr(portal, "call", lambda *arguments, out, **more: out.write_text(""))
    folder = Folder(tmp_path / "data")
    folder.take()
    try:
        for demo in (first, then):
            monkeypatch.setenv("PORTAL_DEMO", demo or "1")
            monkeypatch.setattr(portal, "fingerprint", lambda *files, demo=demo: f"another release {demo}")
            portal.fill(folder, cast(Any, SimpleNamespace(database=None, owner_url="x")), {"DEBUG": "1"})
    finally:
        folder.release()
    assert done.count("load_areas") == 2
    assert list(dict.fromkeys(act for act in done if act not in {"migrate", "load_areas"})) == loaded


def test_ctrl_c_in_a_terminal_stops_what_make_started(tmp_path):
    base = {name: value for name, value in os.environ.items() if name not in OURS}
    env = {**base, "PORTAL_DATA": str(tmp_path / "data"), "PORTAL_DEMO": "0", "PORT": "0"}
    ours, theirs = pty.openpty()
    words = ["make", f"PYTHON={sys.executable}", "run", "PORT=8399"]
    child = subprocess.Popen(
        words,
        cwd=ROOT,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    said = b""
    while b"database and the queue" not in said:
        said += os.read(ours, 1000)
    os.write(ours, b"\x03")
    try:
        while more := os.read(ours, 1000):
            said += more
    except OSError:
        pass  # the terminal closes with its last program
    child.wait(30)
    assert b"Nothing is left running" in said, said
    assert nothing_left(tmp_path / "data", []) == []
    os.close(ours)


def own_terminal():
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_every_check_names_a_tool_that_is_there():
    every = checks.all_checks()
    assert len(every) >= 9
    assert [check.name for check in every if not os.access(check.argv[0], os.X_OK)] == []


def test_checks_run_all_even_when_one_fails(monkeypatch, capsys):
    true, false = (
        checks.CheckTool("good", ("/bin/sh", "-c", "true")),
        checks.CheckTool("bad", ("/bin/sh", "-c", "echo why; false"), "mend it"),
    )
    monkeypatch.setattr(checks, "all_checks", lambda: [false, true])
    assert checks.run_checks(dict(os.environ)) == ["bad"]
    said = capsys.readouterr().out
    assert "why" in said
    assert "To fix it: mend it." in said
    assert "ok    good" in said


def test_an_unknown_command_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        commands.command(["dance"])
    assert "with-servers" in capsys.readouterr().err
