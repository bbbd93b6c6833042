"""The files that the portal keeps, by name: uploads, reports, daily data. They are in a folder or, on several machines, in a bucket.

Reading, asking and removing go by Django's own ``default_storage``. What Django has no words for is here: writing a file whole
or not at all, and going through what is there. Nothing else knows whether it is a folder or a bucket.

Errors are the same for both. A file that is missing is :class:`FileNotFoundError`; what can't be written is :class:`OSError`;
a bucket that does not answer while something is read is :class:`StoreUnavailable`, so that it is never taken for a missing file.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from vcsportal.common import atomic_files
from vcsportal.common.atomic_files import UNFINISHED

CHUNK_BYTES: Final = 1 << 20
if TYPE_CHECKING:
    BytesFile = File[bytes]
else:
    BytesFile = File


class StoreUnavailable(Exception):
    """The store of the files does not answer, or refuses to: nothing is known about the file that was asked for."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there. ``size`` is in bytes, ``changed`` in seconds since 1970."""

    name: str
    size: int
    changed: float

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def last_name(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def is_unfinished(self) -> bool:
        """Whether it is what a process was writing when it was killed, or is writing now."""
        return self.last_name.startswith(UNFINISHED)


class ObjectFile(BytesFile):
    """An object of a bucket that has been fetched whole. Its bytes are those of ``version`` and no other.

    :ivar changed: when the bucket took it, to the second.
    :ivar version: changes whenever the object is written or replaced.
    """

    def __init__(self, file: IO[bytes], name: str, *, changed: datetime, version: str) -> None:
        super().__init__(file, name)
        self.changed, self.version = changed, version


class FileStore(Protocol):
    """What a store of files does besides what Django asks of it."""

    def write(self, name: str, content: bytes) -> None: ...

    def writing(self, name: str) -> AbstractContextManager[IO[bytes]]: ...

    def files_in(self, folder: str) -> Iterator[StoredFile]: ...

    def answers(self) -> bool: ...

    def local_folder(self) -> Path | None: ...

    def described(self) -> str: ...


class FileFolder(FileSystemStorage):
    """Files in a folder of this machine, or of one that several machines share."""

    def write(self, name: str, content: bytes) -> None:
        with self.writing(name) as file:
            file.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        place = Path(self.path(name))
        if place.exists():
            raise FileExistsError(f"{name} is there already.")
        with atomic_files.writing(place) as file:
            yield file

    def delete(self, name: str) -> None:
        """Remove a file, and its folder if it is empty then. One that is not there does no harm."""
        super().delete(name)
        if "/" in name:
            with suppress(OSError):  # something else is in it, or it is gone
                Path(self.path(name)).parent.rmdir()

    def files_in(self, folder: str) -> Iterator[StoredFile]:
        base = Path(self.path(""))
        for place, folders, names in os.walk(base / folder):
            folders.sort()
            for name in sorted(names):
                file = Path(place) / name
                with suppress(FileNotFoundError):  # somebody else has removed it
                    state = file.lstat()
                    if file.is_file() and not file.is_symlink():
                        yield StoredFile(file.relative_to(base).as_posix(), state.st_size, state.st_mtime)

    def answers(self) -> bool:
        """Whether it can be asked; whether there is room is asked of the disk itself."""
        return True

    def local_folder(self) -> Path:
        return Path(self.location)

    def described(self) -> str:
        return f"the folder {self.location}"


def write(name: str, content: bytes) -> None:
    """Write a whole file durably under a name that no file has, or nothing at all.

    :raises OSError: the disk or the bucket did not take it, or the name is taken; nothing is left behind then.
    """
    _store().write(name, content)


def writing(name: str) -> AbstractContextManager[IO[bytes]]:
    """Open a new file to be written piece by piece. It has its name once it is whole, at the end of the block, or never.

    :raises OSError: as :func:`write`.
    """
    return _store().writing(name)


def files_in(folder: str = "") -> Iterator[StoredFile]:
    """Go through the files below a folder, by name, unfinished ones too.

    :raises StoreUnavailable: the bucket does not answer.
    """
    return _store().files_in(folder)


def answers() -> bool:
    """Return whether the store can be reached."""
    return _store().answers()


def local_folder() -> Path | None:
    """Return the folder that the files are in; None if they are in a bucket."""
    return _store().local_folder()


def described() -> str:
    """Return what the store is, in words for whoever runs the portal."""
    return _store().described()


def _store() -> FileStore:
    return cast(FileStore, default_storage)
