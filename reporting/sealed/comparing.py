"""Compares a stored file with its row, by the storage's own marker (fast) or by reading the whole file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.core.files.storage import default_storage

from reporting.models import Face
from vcsportal.common.stored_files import CHUNK_BYTES, ObjectFile

SETTLED_AFTER: Final = timedelta(seconds=2)
"""Clocks of disks tick every few milliseconds, those of some as slowly as every other second."""
NOT_THERE: Final = "is missing"
NOT_THE_FILE: Final = "has changed since it was made"


class AlteredFile(Exception):
    """A part of an edition is not as it was made. ``trouble`` is the end of a sentence that says what is wrong."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def marker(file: Any, at: datetime) -> str:
    """Return what the storage says of an open file without reading it; it changes whenever the file is written or replaced.

    A local file is asked by its handle, and an object of a bucket brings the answer with it, so that it is about the very
    bytes that are read afterwards. ""
    means that the answer can't be relied on: a file that changed just before ``at`` may change again within the same tick
    of the disk's clock, and would look the same.
    """
    if isinstance(file, ObjectFile):
        return "" if file.changed > at - SETTLED_AFTER else file.version
    status = os.fstat(file.fileno())
    if max(status.st_mtime, status.st_ctime) > (at - SETTLED_AFTER).timestamp():
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


@contextmanager
def readable() -> Iterator[None]:
    """Turn what a storage raises while a file is opened and read into :class:`AlteredFile`."""
    try:
        yield
    except FileNotFoundError as error:
        raise AlteredFile(NOT_THERE) from error
    except OSError as error:
        raise AlteredFile(f"can’t be read from the disk ({error.strerror or 'no reason given'})") from error


def compare(face: Face, file: Any) -> None:
    """Read an open file from its beginning to its end; raise :class:`AlteredFile` unless size and checksum are the face's."""
    checksum, size = sha256(), 0
    with readable():
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            checksum.update(chunk)
            size += len(chunk)
        file.seek(0)
    if (size, checksum.hexdigest()) != (face.size, face.sha256):
        raise AlteredFile(NOT_THE_FILE)


def open_face(face: Face) -> Any:
    """Open a face's file. Raise :class:`AlteredFile` where it can't be opened."""
    with readable():
        return default_storage.open(str(face.content.name))
