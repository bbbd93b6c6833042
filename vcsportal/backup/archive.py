"""The contents of an archive, in the order in which they are read back: settings, rows of each table, files, and the
manifest.

A tar file. ``settings.json``; ``rows/<table>/<number>``, each at most :data:`PIECE_BYTES` bytes of ``COPY``'s text; ``files/<name>``;
at the end ``manifest.json`` with the sizes and checksums of everything before it.
"""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import SEEK_END
from pathlib import PurePosixPath
from typing import IO, Any, Final

from vcsportal.backup.encryption import BackupFault
from vcsportal.backup.tables import BackedUpTable

PIECE_BYTES: Final = 4 << 20
READ_BYTES: Final = 1 << 20
ROWS, FILES, SETTINGS, MANIFEST = "rows/", "files/", "settings.json", "manifest.json"


@dataclass(slots=True)
class ArchivePart:
    """What one part of the archive must be: bytes, and their SHA-256."""

    size: int = 0
    sha256: str = ""


@dataclass(slots=True)
class Manifest:
    """What the archive holds. ``made_at`` is ISO 8601; ``migrations`` are app and name."""

    made_at: str
    version: str
    migrations: list[list[str]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, list[Any]] = field(default_factory=dict)
    parts: dict[str, ArchivePart] = field(default_factory=dict)

    @property
    def applied(self) -> list[tuple[str, str]]:
        return [(app, name) for app, name in self.migrations]

    @property
    def rows(self) -> int:
        return sum(entry["rows"] for entry in self.tables)

    @property
    def files(self) -> int:
        return sum(name.startswith(FILES) for name in self.parts)

    def table(self, name: str) -> BackedUpTable:
        entry = next(entry for entry in self.tables if entry["name"] == name)
        return BackedUpTable(entry["name"], tuple(entry["columns"]), entry["rows"])

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def manifest_of(content: bytes) -> Manifest:
    """Return the manifest. Raise :class:`BackupFault` if the bytes are not a manifest."""
    try:
        said = json.loads(content)
        parts = {name: ArchivePart(**part) for name, part in said.pop("parts").items()}
        return Manifest(**said, parts=parts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupFault("The archive’s list of contents can’t be read.") from error


class Writer:
    """Writes parts, and records their sizes and checksums."""

    def __init__(self, out: IO[bytes], manifest: Manifest) -> None:
        self.tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115, closed by close()
        self.manifest = manifest

    def add(self, name: str, content: bytes) -> None:
        self.manifest.parts[name] = ArchivePart(len(content), sha256(content).hexdigest())
        self._entry(name, len(content), io.BytesIO(content))

    def add_file(self, name: str, file: IO[bytes]) -> None:
        """Add a file as it is; raise :class:`BackupFault` if it becomes shorter while it is read."""
        size = file.seek(0, SEEK_END)
        file.seek(0)
        hashed = _Hashed(file)
        try:
            self._entry(name, size, hashed)
        except OSError as error:
            raise BackupFault(f"{name} changed or could not be read: {error}.") from error
        self.manifest.parts[name] = ArchivePart(size, hashed.sha.hexdigest())

    def close(self) -> None:
        content = self.manifest.to_json()
        self._entry(MANIFEST, len(content), io.BytesIO(content))
        self.tar.close()

    def _entry(self, name: str, size: int, file: Any) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self.tar.addfile(entry, file)


class Pieces:
    """Takes the rows of a table as ``COPY`` writes them, and adds them in pieces."""

    def __init__(self, writer: Writer, table: str) -> None:
        self.writer, self.table = writer, table
        self._held, self._number = bytearray(), 0

    def write(self, text: bytes) -> int:
        self._held += text
        if len(self._held) >= PIECE_BYTES:
            self.close()
        return len(text)

    def close(self) -> None:
        if self._held:
            self.writer.add(f"{ROWS}{self.table}/{self._number:08}", bytes(self._held))
            self._held, self._number = bytearray(), self._number + 1


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha = file, sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.sha.update(content)
        return content


class TableRows:
    """The rows of one table, read from one piece after another."""

    def __init__(self, reader: "ArchiveReader", table: str) -> None:
        self.reader, self.table = reader, table
        self._file: IO[bytes] | None = None

    def read(self, size: int = -1) -> bytes:
        while True:
            if self._file is not None and (content := self._file.read(size)):
                return content
            entry = self.reader.peek()
            if entry is None or entry.name.rsplit("/", 1)[0] != f"{ROWS}{self.table}":
                return b""
            self._file = self.reader.take()


class ArchiveReader:
    """Reads the parts in their order."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self.tar = tarfile.open(fileobj=file, mode="r|")  # noqa: SIM115, it owns nothing
        except tarfile.TarError as error:
            raise BackupFault("The archive contains nothing that can be read.") from error
        self._next: tarfile.TarInfo | None = None

    def peek(self) -> tarfile.TarInfo | None:
        """Return the next part without moving to it; None at the end."""
        if self._next is None:
            try:
                self._next = self.tar.next()
            except tarfile.TarError as error:
                raise BackupFault("The archive is cut off or damaged.") from error
        return self._next

    def take(self) -> IO[bytes]:
        """Move to the next part and return its content."""
        entry, self._next = self.peek(), None
        file = self.tar.extractfile(entry) if entry is not None and entry.isreg() else None
        if file is None:
            raise BackupFault("The archive contains something that does not belong in a backup.")
        return file

    def names(self) -> Iterator[str]:
        """Go through the parts; each is passed over unless it is taken."""
        while (entry := self.peek()) is not None:
            yield entry.name
            if self._next is entry:
                self._next = None


def check(file: IO[bytes]) -> Manifest:
    """Read an archive's content whole, compare it with its manifest and return that. Raise :class:`BackupFault`."""
    reader, seen, manifest = ArchiveReader(file), {}, None
    for name in reader.names():
        if manifest is not None:
            raise BackupFault("There is something after the end of the archive.")
        content, sha, size = reader.take(), sha256(), 0
        if name == MANIFEST:
            manifest = manifest_of(content.read())
            continue
        while piece := content.read(READ_BYTES):
            sha.update(piece)
            size += len(piece)
        if name in seen:
            raise BackupFault(f"The archive contains {name} twice.")
        seen[name] = ArchivePart(size, sha.hexdigest())
    if manifest is None:
        raise BackupFault("The archive is incomplete: its list of contents is missing.")
    if wrong := sorted({*seen, *manifest.parts} - {name for name in seen if manifest.parts.get(name) == seen[name]}):
        raise BackupFault(f"{wrong[0]} is missing from the archive, or is not what was backed up.")
    for name in seen:
        safe_name(name)
    return manifest


def safe_name(name: str) -> str:
    """Return it if it stays inside its folder; raise :class:`BackupFault` if not."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or str(path) != name:
        raise BackupFault(f"The archive contains a file called {name!r}, which does not belong in a backup.")
    return name
