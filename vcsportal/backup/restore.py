"""Restores a backup: checks everything first, and changes something only after that."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj
from typing import Any

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
)
from vcsportal.backup.encryption import BackupFault, Key, opened
from vcsportal.common import stored_files

Say = Callable[[str], None]


def restore(place: Path, *, key: Key, say: Say) -> tuple[Manifest, dict[str, str]]:
    """Restore an archive into an empty database and an empty folder or bucket. Return what it holds and the settings in it.

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
        _check_no_files()
        say("Recreating the tables.")
        tables.make_tables(manifest.applied)
        with tables.refilled(), opened(archive, key) as plain:
            said = _put_back(ArchiveReader(plain), manifest)
            tables.set_sequences({name: (value, called) for name, (value, called) in manifest.sequences.items()})
    tables.to_newest(say)
    return manifest, said


def _check_no_files() -> None:
    """Raise :class:`BackupFault` if there is any whole file, or if that can't be found out."""
    try:
        if any(not file.is_unfinished for file in stored_files.files_in()):
            raise BackupFault(f"There are files in {stored_files.described()} already. Restore into an empty one.")
    except stored_files.StoreUnavailable as error:
        raise BackupFault(str(error)) from error


def _put_back(reader: ArchiveReader, manifest: Manifest) -> dict[str, str]:
    said: dict[str, str] = {}
    for name in reader.names():
        if name == SETTINGS:
            said = json.loads(reader.take().read())
        elif name.startswith(ROWS):
            table = name.split("/")[1]
            tables.write_table(manifest.table(table), TableRows(reader, table))
        elif name.startswith(FILES):
            with stored_files.writing(name.removeprefix(FILES)) as out:
                copyfileobj(reader.take(), out, READ_BYTES)
        elif name != MANIFEST:
            raise BackupFault(f"The archive contains {name}, which does not belong in a backup.")
    return said


def differing(said: dict[str, str], now: dict[str, Any]) -> list[str]:
    """Return the names of settings that are not now what they were in the backup."""
    return sorted(name for name, value in said.items() if now.get(name) != value)
