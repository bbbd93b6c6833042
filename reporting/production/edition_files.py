"""The files of editions. Each is written whole or not at all, and files that no row names are removed.

A file's name begins with the token of the attempt that wrote it. Tokens only grow, and an attempt whose token is no
longer the row's can't finish any more; so what is removed here can't belong to an edition that is or will be ready.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.core.files.storage import default_storage

from reporting.models import Edition, Face
from vcsportal.common.atomic_files import UNFINISHED
from vcsportal.common.stored_files import StoredFile, StoreUnavailable, files_in, write

__all__ = ["clear_leftovers", "forget", "name_of", "write"]

logger = logging.getLogger(__name__)
FOLDER: Final = "reports"
FILE_NAME: Final = re.compile(rf"(?:{re.escape(UNFINISHED)})?(\d{{1,9}})-[0-9a-f]{{16}}\.\w+")
HOUR_SECONDS: Final = 3600
MONTH_SECONDS: Final = 30 * 24 * HOUR_SECONDS
"""So long stay files of editions that the database does not know: it may have been put back from an older backup."""


def name_of(edition_id: int, token: int, sha256: str, extension: str) -> str:
    """Return the name of an attempt's file. Two attempts never meet."""
    return f"{FOLDER}/{edition_id}/{token}-{sha256[:16]}.{extension}"


def forget(edition_id: int, *, up_to: int) -> None:
    """Remove what attempts up to this token wrote. None of them may be able to finish any more, nor have finished.

    A bucket that is away stops nobody: :func:`clear_leftovers` finds them later.
    """
    try:
        for file, token in _ours(f"{FOLDER}/{edition_id}"):
            if token <= up_to:
                _remove(file)
    except StoreUnavailable as error:
        logger.warning("What earlier attempts at edition %s left is cleared later: %s", edition_id, error)


def clear_leftovers() -> int:
    """Remove old files that no row names and no attempt can still want; return how many.

    The row is read before its faces: an attempt that was over by then has either named its files or never will.
    """
    now = time.time()
    old: dict[int, list[tuple[StoredFile, int]]] = defaultdict(list)
    for file, token in _ours(FOLDER):
        edition = file.folder.removeprefix(f"{FOLDER}/")
        if edition.isdecimal() and now - file.changed > HOUR_SECONDS:
            old[int(edition)].append((file, token))
    rows = {
        pk: attempts - (state == "running")
        for pk, state, attempts in Edition.objects.filter(pk__in=old).values_list("pk", "state", "attempts")
    }
    named = set(Face.objects.filter(edition__in=old).values_list("content", flat=True))
    removed = 0
    for pk, files in old.items():
        for file, token in files:
            over = token <= rows[pk] if pk in rows else now - file.changed > MONTH_SECONDS
            if over and file.name not in named:
                removed += _remove(file)
    return removed


def _ours(folder: str) -> Iterator[tuple[StoredFile, int]]:
    """Yield the files that carry a name of ours, with their tokens."""
    for file in list(files_in(folder)):
        if match := FILE_NAME.fullmatch(file.last_name):
            yield file, int(match[1])


def _remove(file: StoredFile) -> bool:
    try:
        default_storage.delete(file.name)
    except OSError:
        return False
    return True
