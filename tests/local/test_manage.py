"""``make manage`` on real processes: beside a portal that runs, and without one; and ``manage.py`` without an environment."""

import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys

import pytest

from tests.local.helpers import OURS, Portal, family, free_port, nothing_left
from tests.local.prepared import prepared
from tests.long import only_in_test_all
from vcsportal.common.processes import dies_with_us
from vcsportal.local.places import ROOT

pytestmark = pytest.mark.timeout(400)
ROLE = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"
WHERE = "from django.conf import settings; print(settings.PORTAL_NAME, settings.PORTAL_URL)"
SMALL = ROOT / "tests" / "journeys" / "a-small-strategy.toml"
SECONDS = 200


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal that was started and is perhaps not ready yet."""
    folder = prepared(tmp_path_factory.mktemp("managed") / "data")
    with Portal(folder, PORTAL_NAME="The name of this one", WEB_WORKERS="1") as portal:
        portal.wait_for("Starting the database")
        yield portal


def outside(folder, **env):
    """The environment of somebody at a keyboard who has set nothing but the folder."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"PORTAL_DATA": str(folder), **env}


def manage(folder, *words, **env):
    argv = [sys.executable, "-m", "vcsportal.local", "manage"]
    env = outside(folder, ARGS=shlex.join(words), **env)
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


def test_a_command_waits_for_a_portal_that_is_starting_and_runs_in_its_environment_as_the_application(portal):
    done = manage(portal.folder, "shell", "-v0", "-c", f"{ROLE}; {WHERE}")
    assert (done.returncode, done.stdout) == (
        0,
        f"portal_app\nThe name of this one http://127.0.0.1:{portal.port}\n",
    ), done.stderr
    assert f"Waiting for process {portal.process.pid}" in done.stderr
    assert "Ready." in portal.said


def test_a_file_whose_name_has_spaces_and_quotes_is_loaded_beside_the_running_portal(portal, tmp_path):
    portal.ready()
    place = tmp_path / """a council's own "strategy" file.toml"""
    shutil.copy(SMALL, place)
    done = manage(portal.folder, "load_strategy", str(place))
    assert done.returncode == 0, done.stderr
    slug = next(line for line in SMALL.read_text().splitlines() if line.startswith("slug")).split('"')[1]
    assert portal.get(f"/strategies/{slug}/")[0] == 200


def test_commands_on_the_tables_themselves_run_as_their_owner(portal, tmp_path):
    portal.ready()
    fixture = tmp_path / "one.json"
    fixture.write_text(
        '[{"model": "contenttypes.contenttype", "pk": 9999, "fields": {"app_label": "no", "model": "no"}}]'
    )
    done = manage(portal.folder, "loaddata", str(fixture))
    assert "Installed 1 object(s)" in done.stdout, f"only the owner may set a sequence: {done.stderr}"
    assert manage(portal.folder, "migrate", "--check").returncode == 0


def test_the_exit_code_and_the_errors_are_the_commands_own(portal):
    portal.ready()
    done = manage(portal.folder, "load_strategy", "not-there.toml")
    assert done.returncode == 1
    assert "not-there.toml" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="no make on PATH")
def test_make_hands_words_in_quotes_on_as_they_are(portal):
    portal.ready()
    env = outside(portal.folder, PORTAL_VENV=sys.prefix)
    argv = [
        "make",
        "--no-print-directory",
        "manage",
        "PYTHON=" + sys.executable,
        """ARGS=shell -v0 -c "print('two  words')\"""",
    ]
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (0, "two  words\n"), done.stderr


def test_a_command_that_asks_has_the_terminal(portal):
    portal.ready()
    ours, theirs = pty.openpty()
    ask = "import sys; print('A terminal:', sys.stdin.isatty(), sys.stdout.isatty()); print('Hello', input('Who? '))"
    argv = [sys.executable, "-m", "vcsportal.local", "manage"]
    env = outside(portal.folder, ARGS=shlex.join(["shell", "-v0", "-c", ask]))
    child = subprocess.Popen(
        argv, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=dies_with_us(signal.SIGTERM)
    )
    os.close(theirs)
    said = b""
    while b"Who?" not in said:
        said += os.read(ours, 1000)
    os.write(ours, b"Marigold\n")
    while b"Hello Marigold" not in said:
        said += os.read(ours, 1000)
    assert child.wait(60) == 0
    os.close(ours)
    assert b"A terminal: True True" in said


def test_without_a_running_portal_the_servers_are_started_for_a_while(portal):
    portal.ready()
    everybody = family(portal)
    assert portal.stop(signal.SIGINT) == 0
    assert nothing_left(portal.folder, everybody) == []
    done = manage(portal.folder, "shell", "-v0", "-c", f"{ROLE}; {WHERE}")
    role, where = done.stdout.splitlines()
    assert role == "portal_app"
    assert where.endswith(f"http://127.0.0.1:{portal.port}"), "links lead to where the portal was last found"
    assert done.returncode == 0
    assert "Making the tables" not in done.stderr
    assert nothing_left(portal.folder, []) == []
    assert manage(portal.folder, "migrate", "--check").returncode == 0
    with Portal(portal.folder, portal.port) as again:
        again.ready()


@only_in_test_all
def test_in_an_empty_folder_the_tables_are_made_first(tmp_path):
    done = manage(tmp_path / "data", "load_strategy", str(SMALL), PORT=str(free_port()))
    assert done.returncode == 0, done.stderr
    assert "Making the tables" in done.stderr
    assert "Making the tables" not in done.stdout
    assert nothing_left(tmp_path / "data", []) == []


@pytest.mark.parametrize(
    ("words", "sentence"), [("", "Say which command to run"), ("load_strategy 'half", "ARGS could not be read")]
)
def test_a_command_that_cannot_be_read_is_one_sentence_and_starts_nothing(tmp_path, words, sentence):
    argv = [sys.executable, "-m", "vcsportal.local", "manage"]
    env = outside(tmp_path / "data", ARGS=words)
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("given", "missing"),
    [({}, "SECRET_KEY and DATABASE_URL are not set"), ({"SECRET_KEY": "x" * 50}, "DATABASE_URL is not set")],
)
def test_manage_py_without_an_environment_says_what_is_missing_and_what_to_run(tmp_path, given, missing):
    argv = [sys.executable, "manage.py", "load_strategy", str(SMALL), "--dry-run"]
    env = outside(tmp_path, PGHOST=str(tmp_path), **given)  # a database server of this machine's is not looked for
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert missing in done.stderr
    assert f'make manage ARGS="load_strategy {SMALL} --dry-run"' in done.stderr
    assert "Traceback" not in done.stderr
