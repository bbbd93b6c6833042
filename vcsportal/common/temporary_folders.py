"""Gives each process a folder for temporary files, so that what a killed process leaves behind can be found and
removed.

Drawing a report makes a folder of fonts that the process removes at its end; a worker's process that is replaced or killed has no such end.
"""

import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "portal-process-"
NAME: Final = re.compile(rf"{PREFIX}(\d+)-\w+")


def own_folder() -> Path:
    """Let this process keep its temporary files in a folder of its own, and remove those of processes that have ended."""
    base = Path(tempfile.gettempdir())
    if NAME.fullmatch(base.name):  # forked from a process that has one
        base = base.parent
    remove_leftovers(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    tempfile.tempdir = str(folder)
    return folder


def remove_leftovers(base: Path) -> list[Path]:
    """Remove what processes of ours that no longer run have left in ``base``; return what was removed."""
    removed = []
    for folder in base.glob(f"{PREFIX}*"):
        match = NAME.fullmatch(folder.name)
        if match and _is_ours(folder) and not _runs_beside_us(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def remove_own() -> None:
    """Remove this process's folder, at its end."""
    folder = Path(tempfile.tempdir or "")
    match = NAME.fullmatch(folder.name)
    if match and int(match[1]) == os.getpid():
        shutil.rmtree(folder, ignore_errors=True)
        tempfile.tempdir = str(folder.parent)


def _is_ours(folder: Path) -> bool:
    with suppress(OSError):
        state = folder.lstat()
        return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid()
    return False


def _runs_beside_us(pid: int) -> bool:
    if (
        pid == os.getpid()
    ):  # we have none yet: it was an earlier process with our number, as in a container started again
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
