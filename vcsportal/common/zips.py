"""A zip file whose bytes depend only on its contents."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


def zipped(parts: Iterable[tuple[str, bytes]], *, at: datetime, stored: str = "") -> bytes:
    """Return the parts, in their order, as a zip whose files all bear the moment ``at``.

    :param stored: the name of the part that is put in as it is.
    """
    out, moment = BytesIO(), at.astimezone(UTC)
    with ZipFile(out, "w") as zip_:
        for name, content in parts:
            entry = ZipInfo(name, (max(moment.year, 1980), *moment.timetuple()[1:6]))  # a zip knows no year before 1980
            entry.compress_type = ZIP_STORED if name == stored else ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            zip_.writestr(entry, content, compresslevel=6)
    return out.getvalue()
