"""Making a backup, and keeping the newest ones."""

import json
import os
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, cast

from django.conf import settings
from django.core.files.storage import default_storage

from vcsportal import settings as portal_settings
from vcsportal.backup import tables
from vcsportal.backup.archive import FILES, SETTINGS, Manifest, Pieces, Writer, check
from vcsportal.backup.encryption import BackupFault, Key, new_identity, opened, sealed
from vcsportal.common import stored_files
from vcsportal.common.atomic_files import UNFINISHED, settle

NAME: Final = re.compile(r"portal-(\d{8}T\d{6})Z\.backup")
NOT_BACKED_UP: Final = frozenset({"BACKUP_PASSPHRASE", "BACKUP_RECIPIENTS"})
"""Environment variables that would open the archive, or that the next server sets for itself."""


def key_of_settings(identities: tuple[str, ...] = ()) -> Key:
    """Return what the settings say backups are encrypted for."""
    return Key(tuple(settings.BACKUP_RECIPIENTS), identities, settings.BACKUP_PASSPHRASE)


def make_backup(folder: Path, *, at: datetime, key: Key) -> tuple[Path, Manifest]:
    """Write an archive of everything into the folder, read it back, and return its place and what it holds.

    It has its name only when it is whole. Raise :class:`BackupFault` for whatever stops it; nothing is left then.
    """
    place = folder / f"portal-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z.backup"
    unfinished = folder / f"{UNFINISHED}{place.name}"
    if place.exists():
        raise BackupFault(f"{place} is there already.")
    own = new_identity()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            written = _write(out, at=at, key=key, own=own)
            out.flush()
            os.fsync(out.fileno())
            with opened(out, key, own) as plain:
                if check(plain) != written:
                    raise BackupFault("The backup that was read back is not the one that was written.")
        os.replace(unfinished, place)
        settle(folder)
    except OSError as error:
        raise BackupFault(f"The backup could not be written to {folder}: {error.strerror or error}.") from error
    except stored_files.StoreUnavailable as error:
        raise BackupFault(f"The portal’s files could not be read: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return place, written


def _write(out: IO[bytes], *, at: datetime, key: Key, own: Any) -> Manifest:
    with sealed(out, key, own) as plain, tables.one_moment():
        manifest = Manifest(
            at.astimezone(UTC).isoformat(), _version(), [list(migration) for migration in tables.migrations()]
        )
        writer = Writer(plain, manifest)
        writer.add(SETTINGS, json.dumps(environment(), indent=1).encode())
        for name in tables.table_names():
            pieces = Pieces(writer, name)
            table = tables.read_table(name, pieces)
            manifest.tables.append({"name": table.name, "columns": list(table.columns), "rows": table.rows})
            pieces.close()
        manifest.sequences = {name: list(value) for name, value in tables.sequences().items()}
        for stored in stored_files.files_in():
            if stored.is_unfinished:
                continue
            try:
                file = default_storage.open(stored.name)
            except FileNotFoundError:
                continue  # removed since; the check after a restore names it if the database still knows it
            with file:
                writer.add_file(f"{FILES}{stored.name}", cast(IO[bytes], file))
        writer.close()
    return manifest


def environment() -> dict[str, str]:
    """Return what another server needs to be the same portal: every environment variable that the settings read."""
    read = "".join(file.read_text() for file in sorted(Path(portal_settings.__file__).parent.glob("settings*.py")))
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', read))
    found = {name: os.environ[name] for name in sorted(names - NOT_BACKED_UP) if name in os.environ}
    return {**found, "SECRET_KEY": settings.SECRET_KEY}


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Remove all but the newest so many backups; return those that were removed. Other files stay."""
    removed = sorted((file for file in folder.iterdir() if NAME.fullmatch(file.name)), reverse=True)[number:]
    for file in removed:
        file.unlink()
    return removed


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in the folder: when it was made, and its size in bytes."""

    at: datetime
    size: int


def backups(folder: Path) -> list[Backup]:
    """Return the backups in the folder, the newest first. Raise :class:`OSError` if it can't be read."""
    kept = [(_made_at(match[1]), file) for file in folder.iterdir() if (match := NAME.fullmatch(file.name))]
    return [Backup(at, file.stat().st_size) for at, file in sorted(kept, reverse=True)]


def newest(folder: Path) -> datetime | None:
    """Return when the newest backup in the folder was made; None if there is none."""
    names = [match[1] for file in folder.iterdir() if (match := NAME.fullmatch(file.name))] if folder.is_dir() else []
    return _made_at(max(names)) if names else None


def _made_at(name: str) -> datetime:
    return datetime.strptime(name, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])
