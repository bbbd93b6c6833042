"""Writes files completely or not at all, even if the disk fails or the process is killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings

UNFINISHED: Final = ".unfinished-"
"""The beginning of a file's name until all of it is on the disk."""


def write(place: Path, content: bytes) -> None:
    """Write the whole file durably to its place, or nothing at all.

    :raises OSError: what the disk said; nothing is left behind then.
    """
    with writing(place) as file:
        file.write(content)


@contextmanager
def writing(place: Path) -> Iterator[IO[bytes]]:
    """Open a file to be written piece by piece. It comes to its place whole, at the end of the block, or not at all.

    :raises OSError: what the disk said; nothing is left behind then.
    """
    unfinished = place.with_name(f"{UNFINISHED}{place.name}")
    try:
        with _open(unfinished) as file:
            os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    settle(place.parent)


def _open(place: Path) -> IO[bytes]:
    """Open it for writing; an empty folder may be cleared away at any moment, and is made again."""
    for again in (True, True, False):
        if not place.parent.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            settle(place.parent.parent)
        try:
            return place.open("wb")
        except FileNotFoundError:
            if not again:
                raise
    raise AssertionError("not reached")


def settle(path: Path) -> None:
    """Make sure that a new name in the folder survives a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
