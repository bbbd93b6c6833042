"""``make manage``: one management command in the portal of ``make run``, whether that is running or not."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout

from vcsportal.local.folder import Folder, Taken
from vcsportal.local.places import PYTHON, ROOT, data_path, shown
from vcsportal.local.portal import Servers, environment, make_tables, portal_url
from vcsportal.local.prepare import mac_library_path
from vcsportal.local.programs import pause, run_in_front
from vcsportal.local.running import environment_of, forget_environment
from vcsportal.local.say import Sorry, say
from vcsportal.local.supervisor import Supervisor

OF_THE_OWNER = frozenset({"migrate", "flush", "loaddata", "restore", "fill"})
"""Commands that make, empty or rewrite tables, so they run as the role that owns these. All others run as the application."""
WITHOUT_TABLES = frozenset({"migrate", "makemigrations", "showmigrations", "sqlmigrate", "check", "help"})
"""Commands that find the tables as they are; before any other, the tables are brought up to date."""
WAIT_SECONDS = 300


def run_command(arguments: Sequence[str]) -> int:
    """Run one command, which has the terminal for itself, and return its exit code.

    :raises Sorry: if the portal's servers can't be used.
    """
    with portal_environment(arguments[0]) as env:
        if arguments[0] in OF_THE_OWNER:
            env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
        code = run_in_front([PYTHON, ROOT / "manage.py", *arguments], env=env, cwd=ROOT)
    return code if code >= 0 else 128 - code


@contextmanager
def portal_environment(command: str) -> Iterator[dict[str, str]]:
    """Yield the environment of the portal that runs on the data folder, or of its servers, started for a while."""
    folder = Folder(data_path())
    with redirect_stdout(sys.stderr):
        running = join(folder)
    if running is not None:
        yield {**os.environ, **mac_library_path(), **running}
        return
    supervisor = Supervisor(folder)
    try:
        with redirect_stdout(sys.stderr):
            servers = Servers(folder, supervisor)
            servers.start()
            env = environment(folder, servers, portal_url(folder))
            if servers.database and command not in WITHOUT_TABLES:
                make_tables(folder, servers, env)
        yield {**env, "DATABASE_OWNER_URL": servers.owner_url}
    finally:
        supervisor.stop()
        folder.release()


def join(folder: Folder) -> dict[str, str] | None:
    """Return the environment of the portal that runs on this folder; or take the folder and return None, if none does.

    A portal that is still starting, and another command that has started the servers for a while, are waited for.

    :raises Sorry: if that takes longer than ``WAIT_SECONDS``.
    """
    until, waited = time.monotonic() + WAIT_SECONDS, False
    while True:
        try:
            folder.take()
        except Taken as taken:
            if (env := environment_of(folder, taken.process)) is not None:
                return env
            if time.monotonic() > until:
                raise Sorry(
                    f"{shown(folder.path)} has been in use for {WAIT_SECONDS // 60} minutes by process {taken.process}, which "
                    "is neither ready nor at an end. Stop it, then try again."
                ) from None
            if not waited:
                say(f"Waiting for process {taken.process}, which is starting or stopping on {shown(folder.path)} …")
                waited = True
            pause(0.2)
        else:
            forget_environment(folder)
            return None
