"""The files of editions. Each is written whole or not at all, and files that no row names are removed.

A file's name begins with the token of the attempt that wrote it. Tokens only grow, and an attempt whose token is no
longer the row's can't finish any more; so what is removed here can't belong to an edition that is or will be ready.
"""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage

from reporting.models import Edition, Face
from vcsportal.common.atomic_files import UNFINISHED, write

__all__ = ["UNFINISHED", "clear_leftovers", "forget", "name_of", "write"]

FOLDER: Final = "reports"
FILE_NAME: Final = re.compile(rf"(?:{re.escape(UNFINISHED)})?(\d{{1,9}})-[0-9a-f]{{16}}\.\w+")
HOUR_SECONDS: Final = 3600
MONTH_SECONDS: Final = 30 * 24 * HOUR_SECONDS
"""So long stay files of editions that the database does not know: it may have been put back from an older backup."""


def name_of(edition_id: int, token: int, sha256: str, extension: str) -> str:
    """Return the name of an attempt's file. Two attempts never meet."""
    return f"{FOLDER}/{edition_id}/{token}-{sha256[:16]}.{extension}"


def forget(edition_id: int, *, up_to: int) -> None:
    """Remove what attempts up to this token wrote. None of them may be able to finish any more, nor have finished."""
    folder = Path(default_storage.path(f"{FOLDER}/{edition_id}"))
    for file, token in _ours(folder):
        if token <= up_to:
            _remove(file)
    with suppress(OSError):  # files of a later attempt are there, or it never was
        folder.rmdir()


def clear_leftovers() -> int:
    """Remove old files that no row names and no attempt can still want; return how many.

    The row is read before its faces: an attempt that was over by then has either named its files or never will.
    """
    found: dict[int, list[tuple[Path, int]]] = {}
    for folder in Path(default_storage.path(FOLDER)).glob("*"):
        if folder.name.isdecimal() and (
            old := [(file, token) for file, token in _ours(folder) if _age(file) > HOUR_SECONDS]
        ):
            found[int(folder.name)] = old
    rows = {
        pk: attempts - (state == "running")
        for pk, state, attempts in Edition.objects.filter(pk__in=found).values_list("pk", "state", "attempts")
    }
    named = set(Face.objects.filter(edition__in=found).values_list("content", flat=True))
    removed = 0
    for pk, files in found.items():
        for file, token in files:
            over = token <= rows[pk] if pk in rows else _age(file) > MONTH_SECONDS
            if over and f"{FOLDER}/{pk}/{file.name}" not in named:
                removed += _remove(file)
        with suppress(OSError):
            files[0][0].parent.rmdir()
    return removed


def _ours(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files that carry a name of ours, with their tokens."""
    for file in list(folder.glob("*")):
        if match := FILE_NAME.fullmatch(file.name):
            yield file, int(match[1])


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except OSError:  # somebody else has removed it
        return 0


def _remove(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False
    return True
