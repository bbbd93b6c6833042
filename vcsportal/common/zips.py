"""A zip file whose bytes depend only on its contents."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

LEVEL = 6
"""How hard files are packed."""


def zipped(parts: Iterable[tuple[str, bytes]], *, at: datetime, stored: str = "") -> bytes:
    """Return the parts, in their order, as a zip whose files all bear the moment ``at``.

    :param stored: the name of the part that is put in as it is.
    """
    out = BytesIO()
    with ZipFile(out, "w") as zip_:
        for name, content in parts:
            zip_.writestr(zip_entry(name, at, stored=name == stored), content, compresslevel=LEVEL)
    return out.getvalue()


def zip_entry(name: str, at: datetime, *, stored: bool = False) -> ZipInfo:
    """Return what a zip says of a file in it, besides its content.

    :param stored: whether it is put in as it is.
    """
    moment = at.astimezone(UTC)
    entry = ZipInfo(name, (max(moment.year, 1980), *moment.timetuple()[1:6]))  # a zip knows no year before 1980
    entry.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def write_pieces(zip_: ZipFile, name: str, pieces: Iterable[bytes], *, at: datetime) -> None:
    """Put a file into a zip that is open for writing, piece by piece, so that it never is in memory as a whole."""
    with zip_.open(zip_entry(name, at), "w") as file:
        for piece in pieces:
            file.write(piece)
