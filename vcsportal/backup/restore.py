"""Restores a backup: checks everything first, and changes something only after that."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings

from vcsportal.backup import tables
from vcsportal.backup.archive import (
    FILES,
    MANIFEST,
    READ_BYTES,
    ROWS,
    SETTINGS,
    ArchiveReader,
    Manifest,
    TableRows,
    check,
    stored_files,
)
from vcsportal.backup.create import settle
from vcsportal.backup.encryption import BackupFault, Key, opened
from vcsportal.common.atomic_files import UNFINISHED

Say = Callable[[str], None]
FILE_MODE: Final = 0o600


def restore(place: Path, *, key: Key, say: Say) -> tuple[Manifest, dict[str, str]]:
    """Restore an archive into an empty database and an empty folder. Return what it holds and the settings in it.

    Raise :class:`BackupFault` before anything is touched if the archive is cut off, changed, for another key or of a newer
    version, or if the portal is not empty. A fault of the database or the disk later undoes what was put into the tables.
    """
    try:
        archive = place.open("rb")
    except OSError as error:
        raise BackupFault(f"{place} could not be opened: {error.strerror}.") from error
    with archive:
        with opened(archive, key) as plain:
            manifest = check(plain)
        say(f"The backup of {manifest.made_at} is whole: {manifest.rows:,} rows and {manifest.files:,} files.")
        tables.check_known(manifest.applied)
        tables.check_empty()
        folder = Path(settings.MEDIA_ROOT)
        if next(stored_files(folder), None) is not None:
            raise BackupFault(f"There are files in {folder} already. Restore into an empty folder.")
        say("Recreating the tables.")
        tables.make_tables(manifest.applied)
        with tables.refilled(), opened(archive, key) as plain:
            said = _put_back(ArchiveReader(plain), manifest, folder)
            tables.set_sequences({name: (value, called) for name, (value, called) in manifest.sequences.items()})
    tables.to_newest(say)
    return manifest, said


def _put_back(reader: ArchiveReader, manifest: Manifest, folder: Path) -> dict[str, str]:
    said: dict[str, str] = {}
    for name in reader.names():
        if name == SETTINGS:
            said = json.loads(reader.take().read())
        elif name.startswith(ROWS):
            table = name.split("/")[1]
            tables.write_table(manifest.table(table), TableRows(reader, table))
        elif name.startswith(FILES):
            _store(folder / name.removeprefix(FILES), reader.take())
        elif name != MANIFEST:
            raise BackupFault(f"The archive contains {name}, which does not belong in a backup.")
    return said


def _store(place: Path, content: IO[bytes]) -> None:
    """Write one file whole, as it was."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{UNFINISHED}{place.name}")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as out:
            while piece := content.read(READ_BYTES):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    settle(place.parent)


def differing(said: dict[str, str], now: dict[str, Any]) -> list[str]:
    """Return the names of settings that are not now what they were in the backup."""
    return sorted(name for name, value in said.items() if now.get(name) != value)
