"""A database with all tables in it, made once for each state of the migrations and copied for every run of tests.

The copy is of the server's whole data folder. Within a run each test process makes its own database from
:data:`TEMPLATE`, which PostgreSQL does in a fraction of a second; running the migrations takes half a minute.
"""

import fcntl
import os
import shutil
from pathlib import Path

from vcsportal.local.folder import Folder, private_temporary_folder
from vcsportal.local.places import ROOT
from vcsportal.local.portal import Servers, environment, manage
from vcsportal.local.prepare import fingerprint
from vcsportal.local.say import Sorry, step
from vcsportal.local.supervisor import Supervisor

TEMPLATE = "portal_tables"
"""The name of the database that has all tables and only the rows that migrations write."""
FOLDER = ROOT / ".test-database"
STATES_KEPT = 3
"""How many states of the migrations are kept, so that moving between branches costs nothing."""
WHAT_IS_COPIED = ("postgres", "secrets.json")


def copy_prepared(folder: Folder) -> None:
    """Give a data folder that is still empty a database server whose tables are made.

    :raises Sorry: if the migrations fail.
    """
    prepared = _prepared()
    for name in WHAT_IS_COPIED:
        copy(prepared / name, folder.path / name)
    prepared.touch()  # the state that was used last is removed last


def _prepared() -> Path:
    """Return the folder to copy from, and make it first if there is none for these migrations."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepared = FOLDER / _state()
        if not prepared.exists():
            with step("Making the tables for the tests (once for each state of the migrations)"):
                _make(prepared)
            _remove_oldest()
        return prepared


def _state() -> str:
    files = [*ROOT.glob("*/migrations/*.py"), Path(__file__), ROOT / "vcsportal" / "local" / "postgres.py"]
    return fingerprint(files, (ROOT / "requirements" / "test.txt").read_text())[:16]


def _make(prepared: Path) -> None:
    path, held = private_temporary_folder()
    folder = Folder(path)
    folder.take()
    supervisor = Supervisor(folder)
    new = prepared.with_name(f"{prepared.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        try:
            servers = Servers(folder, supervisor, carefree=True)
            if servers.database is None:
                raise Sorry("DATABASE_URL names a server, and another server’s files cannot be copied.")
            servers.start()
            env = {**environment(folder, servers, "http://127.0.0.1:8000"), "DATABASE_URL": servers.owner_url}
            log = folder.logs / "data.log"
            manage(env, "migrate", "--noinput", log=log, what="The tables could not be made. Django said:")
            servers.database.move(to=TEMPLATE)
        finally:
            supervisor.stop()  # the server's files are at rest from here on
        new.mkdir(mode=0o700)
        for name in WHAT_IS_COPIED:
            copy(path / name, new / name)
        new.rename(prepared)
    finally:
        folder.release()
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder with its owners and permissions."""
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)
    if os.geteuid() == 0:  # the server runs as another user then
        for old in (source, *source.rglob("*")):
            state = old.stat()
            os.chown(target / old.relative_to(source), state.st_uid, state.st_gid)


def _remove_oldest() -> None:
    states = [path for path in FOLDER.iterdir() if path.is_dir()]
    for old in sorted(states, key=lambda path: path.stat().st_mtime, reverse=True)[STATES_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
