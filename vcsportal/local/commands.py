"""The commands behind ``make``: what each needs installed, then what it does."""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from vcsportal.local import prepare
from vcsportal.local.places import PYTHON, ROOT, data_path, in_venv, shown
from vcsportal.local.programs import wish
from vcsportal.local.say import Sorry, Stopped, elapsed, fail, plain, say

NEEDS = {
    "run": "run",
    "manage": "run",
    "test": "test",
    "check": "test",
    "with-servers": "test",
    "with-lasting-servers": "test",
    "prepare": "test",
    "front-end": "run",
    "audit": "test",
}


def command(arguments: Sequence[str]) -> int:
    """Carry out one command; every refusal is a sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="python -m vcsportal.local", description=__doc__)
    parser.add_argument("name", choices=[*NEEDS, "lock", "reset"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="for the command")
    asked = parser.parse_args(arguments)
    elapsed()
    os.umask(0o077)
    os.chdir(ROOT)
    wish.listen()
    try:
        return carry_out(asked.name, [part for part in asked.rest if part != "--"])
    except Sorry as sorry:
        fail(str(sorry))
        return 1
    except Stopped:
        say("Stopped.")
        return 130


def carry_out(name: str, rest: list[str]) -> int:
    if name == "lock":
        from vcsportal.local.lock import lock

        return lock(rest)
    if name == "reset":
        return reset()
    if name == "run":
        refuse_early()
    if name == "manage":
        return manage(rest)
    prepare.install_packages(NEEDS[name])
    if not in_venv():
        os.execv(PYTHON, [str(PYTHON), "-m", "vcsportal.local", name, *rest])
    prepare.install_libraries()
    if name == "prepare":
        return 0
    from vcsportal.local import frontend

    frontend.build_front_end()
    if name == "front-end":
        return 0
    if name == "run":
        return run()
    if name == "audit":
        from vcsportal.local.audit import audit

        return audit()
    from vcsportal.local import testing

    if name in {"with-servers", "with-lasting-servers"}:
        return testing.with_servers(rest, carefree=name == "with-servers")
    if name == "check":
        return testing.check()
    return testing.test(shlex.split(os.environ.get("ARGS", "")) + rest)


def manage(rest: list[str]) -> int:
    """Run a management command. Its output alone goes to stdout; what we say ourselves goes to stderr."""
    try:
        arguments = shlex.split(os.environ.get("ARGS", "")) + rest
    except ValueError as error:
        raise Sorry(
            f"ARGS could not be read ({error}). Put words with spaces in quotes: ARGS=\"load_strategy 'my file.toml'\""
        ) from error
    if not arguments:
        raise Sorry('Say which command to run, for example: make manage ARGS="load_strategy my.toml", or ARGS=help')
    with redirect_stdout(sys.stderr):
        prepare.install_packages(NEEDS["manage"])
        if not in_venv():
            os.execv(PYTHON, [str(PYTHON), "-m", "vcsportal.local", "manage", *rest])
        prepare.install_libraries()
        from vcsportal.local import frontend

        frontend.build_front_end()
    from vcsportal.local.manage import run_command

    return run_command(arguments)


def refuse_early() -> None:
    """Find out what would stop the command before spending minutes on installing."""
    from vcsportal.local.portal import port, take_port

    take_port(port()).close()


def run() -> int:
    from vcsportal.local.folder import Folder
    from vcsportal.local.portal import run_portal

    folder = Folder(data_path())
    folder.take()
    try:
        run_portal(folder)
    finally:
        folder.release()
    return 0


def reset() -> int:
    """Remove the data folder, after asking."""
    import shutil

    from vcsportal.local.folder import Folder

    path = data_path()
    if not path.exists():
        plain(f"There is no data folder {shown(path)}.")
        return 0
    plain(f"This removes {shown(path)}: database, queue, uploaded files, emails, secrets. You cannot undo this.")
    if os.environ.get("YES") != "1":
        answer = input("Type yes to continue: ") if sys.stdin.isatty() else ""
        if answer.strip() != "yes":
            plain("Nothing was removed. (Without a terminal: make reset YES=1)")
            return 1
    folder = Folder(path)
    folder.take()
    folder.release()
    shutil.rmtree(path)
    plain("Removed.")
    return 0
