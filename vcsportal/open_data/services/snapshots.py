"""The daily snapshot of the published data: one zip a day, without what people may withdraw."""

import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime
from hashlib import file_digest
from typing import IO, Any, Final, cast

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from reporting.models import DataSnapshot
from vcsportal.backup.tables import one_moment
from vcsportal.common.stored_files import files_in, writing
from vcsportal.open_data.services.snapshot_files import write_snapshot

logger = logging.getLogger(__name__)
FOLDER: Final = "open-data"
HOUR_SECONDS: Final = 3600
MONTH_SECONDS: Final = 30 * 24 * HOUR_SECONDS
"""How long a complete file that no row names is kept: the database may have been restored from an older backup."""


def keep_snapshot(
    *, at: datetime, reading: Callable[[], AbstractContextManager[None]] = one_moment
) -> DataSnapshot | None:
    """Keep the snapshot of the day, unless there is one. Two at once do no harm: the second gives up its own.

    :param reading: what all datasets are read within, so that they agree with each other.
    :raises OSError: the disk did not take the file; nothing of it is left.
    """
    day = timezone.localdate(at)
    if DataSnapshot.objects.filter(day=day).exists():
        return None
    _clear_leftovers(at)
    name = f"{FOLDER}/{day}-{secrets.token_hex(4)}.zip"
    with reading(), writing(name) as file:
        datasets = write_snapshot(file, day, at=at)
    with default_storage.open(name) as kept:
        checksum, size = file_digest(cast(Any, kept), "sha256").hexdigest(), kept.tell()
    try:
        with transaction.atomic():
            return DataSnapshot.objects.create(
                day=day,
                content=name,
                size=size,
                sha256=checksum,
                made_at=at,
                datasets=_with_days(datasets, day),
            )
    except IntegrityError:
        logger.info("Another worker has kept the data of %s meanwhile.", day)
        default_storage.delete(name)
        return None


def _with_days(datasets: dict[str, dict[str, Any]], day: date) -> dict[str, dict[str, Any]]:
    """Add to each dataset since when it has been the same: the day of an earlier snapshot, or today."""
    before = DataSnapshot.objects.filter(day__lt=day).order_by("-day").first()
    known = before.datasets if before else {}
    for slug, found in datasets.items():
        was = known.get(slug, {})
        same = was.get("sha256") == found["sha256"]
        found["same_since"] = was["same_since"] if same else day.isoformat()
    return datasets


def as_made(snapshot: DataSnapshot) -> IO[bytes] | None:
    """Return the file of a snapshot, open at its beginning; None if it is missing or not as it was made, which is logged."""
    try:
        file = cast(IO[bytes], default_storage.open(str(snapshot.content.name)))
    except OSError:
        logger.error("The file of the data of %s is missing.", snapshot.day)
        return None
    if file_digest(cast(Any, file), "sha256").hexdigest() != snapshot.sha256:
        logger.error("The file of the data of %s is not as it was made.", snapshot.day)
        file.close()
        return None
    file.seek(0)
    return file


def _clear_leftovers(at: datetime) -> None:
    """Remove what killed processes left: unfinished files after an hour, complete ones without a row after a month."""
    named = set(DataSnapshot.objects.values_list("content", flat=True))
    for file in list(files_in(FOLDER)):
        old = at.timestamp() - file.changed > (HOUR_SECONDS if file.is_unfinished else MONTH_SECONDS)
        if old and file.name not in named:
            with suppress(OSError):
                default_storage.delete(file.name)
