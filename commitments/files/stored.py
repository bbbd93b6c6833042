"""Stores the files of evidence: writes them completely or not at all, removes them, and clears files that no row names.

A file has a name of its own each time it is stored, so that removing one never removes another with the same content.
"""

import logging
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from django.core.files.storage import default_storage

from commitments.files.uploads import CheckedFile
from commitments.models import EvidenceFile
from vcsportal.common.stored_files import files_in, write

logger = logging.getLogger(__name__)

FOLDER: Final = "evidence"
HOUR_SECONDS: Final = 3600
MONTH_SECONDS: Final = 30 * 24 * HOUR_SECONDS
"""How long a complete file that no row names is kept: the database may have been restored from an older backup."""


class DiskRefused(Exception):
    """The disk did not take a file. Nothing of it is left."""


def store(evidence: int, checked: CheckedFile) -> tuple[str, str]:
    """Write a checked file, and the photograph for print if there is one; return both names ("" for none).

    :param evidence: the key of the item of evidence.
    :raises NotStored: the disk is full, read-only or broken. Nothing is left behind.
    """
    stem = f"{FOLDER}/{evidence}/{checked.sha256[:20]}-{secrets.token_hex(4)}"
    name = f"{stem}{checked.suffix}"
    small = f"{stem}-print.jpg" if checked.print_content else ""
    try:
        write(name, checked.content)
        if small:
            write(small, checked.print_content)
    except OSError as error:
        logger.error("A file of evidence %s could not be stored: %s", evidence, error)
        remove((name, small))
        raise DiskRefused from error
    return name, small


def remove(names: Iterable[str]) -> None:
    """Remove stored files. One that is not there, or can't be removed, does no harm: it is cleared later."""
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except OSError as error:
            logger.warning("The stored file %s could not be removed: %s", name, error)


def clear_leftovers() -> int:
    """Remove what killed processes left: unfinished files after an hour, complete ones without a row after a month.

    Return how many were removed.
    """
    now = time.time()
    old = {file.name: file for file in files_in(FOLDER) if now - file.changed > HOUR_SECONDS}
    named: set[str] = set()
    for column in ("content", "print_content"):
        named.update(EvidenceFile.objects.filter(**{f"{column}__in": list(old)}).values_list(column, flat=True))
    removed = 0
    for name, file in old.items():
        if name not in named and (file.is_unfinished or now - file.changed > MONTH_SECONDS):
            with suppress(OSError):
                default_storage.delete(name)
                removed += 1
    return removed
