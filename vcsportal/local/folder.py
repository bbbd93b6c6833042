"""The one folder with all state: its lock, its secrets, and short paths for sockets."""

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from vcsportal.local.places import shown
from vcsportal.local.programs import birthmark
from vcsportal.local.say import Sorry, say

MAX_SOCKET_BYTES = 90
"""Bytes; the smallest system limit is 104, and names are added behind."""
PLAIN_PATH = re.compile(r"[\w./-]+", re.ASCII)


class Taken(Sorry):
    """Another process has the folder: ``process`` is its number, or None for a moment before it has written it down."""

    def __init__(self, text: str, process: int | None) -> None:
        super().__init__(text)
        self.process = process


class Folder:
    """A locked data folder: no other process may use it until :meth:`release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run, self.logs = path / "run", path / "logs"
        self._lock: int | None = None
        self._companion: Path | None = None
        self._companion_lock = -1

    def take(self) -> None:
        """Make the folder and lock it, or say who has it."""
        try:
            for folder in (self.path, self.run, self.logs):
                folder.mkdir(mode=0o700, parents=folder is self.path, exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Sorry(
                f"The data folder {shown(self.path)} can't be used: {error.strerror}. It may belong to another user. "
                "Choose another one: make run PORTAL_DATA=/path/to/folder"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            who = os.read(self._lock, 20).decode(errors="replace").strip()
            os.close(self._lock)
            self._lock = None
            raise Taken(
                f"A portal already runs on the folder {shown(self.path)}{f' (process {who})' if who else ''}. "
                "Stop it with Ctrl-C where it runs, or start a second one beside it: make run PORT=8001 PORTAL_DATA=.data2",
                int(who) if who.isdecimal() else None,
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        self._end_leftovers()

    def release(self) -> None:
        """Unlock the folder."""
        if self._lock is None:
            return
        if self._companion:
            shutil.rmtree(self._companion, ignore_errors=True)
            (self.run / "companion").unlink(missing_ok=True)
            os.close(self._companion_lock)
        (self.run / "children.json").unlink(missing_ok=True)
        os.ftruncate(self._lock, 0)
        os.close(self._lock)
        self._lock = None

    # Secrets -----------------------------------------------------------------------------------------------------------

    def secret(self, name: str) -> str:
        """Return a secret that was made once and is kept for this folder."""
        file = self.path / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(48)
            write_private(file, json.dumps(known, indent=1))
        return known[name]

    # Notes: what has been done to this folder --------------------------------------------------------------------------

    def note(self, name: str) -> str:
        """Return a note written earlier, or nothing."""
        file = self.run / f"{name}.note"
        return file.read_text() if file.exists() else ""

    def write_note(self, name: str, text: str) -> None:
        write_private(self.run / f"{name}.note", text)

    # A private folder with a short name ----------------------------------------------------------------------------------

    def companion(self) -> Path:
        """Return a folder of ours under the system's temporary one; it is gone after the stop."""
        if self._companion is None:
            link = self.run / "companion"
            if link.is_symlink():
                old = Path(os.readlink(link))
                if _is_ours(old):
                    shutil.rmtree(old, ignore_errors=True)
                link.unlink()
            self._companion, self._companion_lock = private_temporary_folder()
            link.symlink_to(self._companion)
        return self._companion

    def short(self, folder: Path, socket: str) -> Path:
        """Return a path to the folder that is short and plain enough for the address of a socket in it."""
        if len(os.fsencode(folder / socket)) <= MAX_SOCKET_BYTES and PLAIN_PATH.fullmatch(str(folder)):
            return folder
        link = self.companion() / folder.name
        if not link.is_symlink():
            link.symlink_to(folder)
        return link

    # Children of an earlier start that was killed -----------------------------------------------------------------------

    def remember_children(self, pids: list[int]) -> None:
        """Write down what runs, in stop order, for a later start to find should we be killed."""
        write_private(self.run / "children.json", json.dumps([[pid, birthmark(pid)] for pid in pids]))

    def _end_leftovers(self) -> None:
        file = self.run / "children.json"
        if not file.exists():
            return
        with suppress(ValueError):
            for pid, born in json.loads(file.read_text()):
                _end_leftover(pid, born)
        file.unlink(missing_ok=True)


def _end_leftover(pid: int, born: str) -> None:
    """End one process of an earlier start, if it is still that process."""
    for number, seconds in ((signal.SIGINT, 10), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        if not born or birthmark(pid) != born:
            return
        say(f"Ending process {pid}, left behind by an earlier start …")
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until and birthmark(pid) == born:
            time.sleep(0.05)


def _is_ours(folder: Path) -> bool:
    """Tell whether a recorded temporary folder is still the one that we made."""
    try:
        state = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and folder.name.startswith("vcsportal-")


def private_temporary_folder() -> tuple[Path, int]:
    """Make a folder of ours with a short name; it stays while the returned lock is held.

    Those of ours whose holder was killed are removed on the way.
    """
    base = Path("/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir())  # noqa: S108 - mkdtemp makes it private
    for old in base.glob("vcsportal-*"):
        if _is_ours(old) and (old / "held").is_file():
            with suppress(OSError), (old / "held").open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix="vcsportal-", dir=base))
    held = os.open(path / ".held", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    (path / ".held").rename(path / "held")
    return path, held


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    new = file.with_name(file.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)
    new.replace(file)
