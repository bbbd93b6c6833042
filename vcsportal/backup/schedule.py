"""The scheduled backup, and the warning if there is none."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from partners import roles
from partners.emails.outbox import put_mail
from partners.people_with_permission import people_who_may
from partners.security.events import record_event
from vcsportal.backup.create import keep_newest, key_of_settings, make_backup, newest
from vcsportal.backup.encryption import BackupFault
from vcsportal.common.held_locks import held
from vcsportal.templatetags.portal import moment

logger = logging.getLogger(__name__)
FAILED: Final = "backup_failed"
"""The kind of security event."""
TOO_OLD: Final = timedelta(hours=26)
"""A day, and time enough for a long backup."""
TOO_SOON: Final = timedelta(hours=1)
"""After another: two schedules ask within minutes of each other."""
LOCK_NUMBER: Final = 4203 << 40
"""The name of the backup's lock in the database."""


def back_up(at: datetime) -> Path | None:
    """Make the day's backup and remove the oldest. If it fails, log why, tell the administrators by email, and return None.

    The older ones are removed only after a new one is whole. Asked twice, by two schedules or by a message that comes again
    while a long backup is being made, it is made once.
    """
    folder = Path(settings.BACKUP_FOLDER)
    with held(LOCK_NUMBER) as is_ours:
        if not is_ours:
            logger.info("The backup is being made by another worker.")
            return None
        last = newest(folder)
        if last is not None and timedelta(0) <= at - last < TOO_SOON:
            logger.info("There is a backup of %s already.", last)
            return None
        return _make(folder, at)


def _make(folder: Path, at: datetime) -> Path | None:
    try:
        place, _manifest = make_backup(folder, at=at, key=key_of_settings())
        keep_newest(folder, settings.BACKUP_KEEP)
    except (BackupFault, OSError) as fault:
        logger.error("The backup failed: %s", fault)
        record_event(FAILED, at=at, subject="Backup", detail=str(fault)[:500])
        for person in people_who_may(roles.MANAGE_PEOPLE):
            put_mail(
                key=f"backup:{at.isoformat()}:{person.pk}", kind="backup:failed", to=person, template="backup_failed",
                at=at, about="backup", values={"what": str(fault), "newest": newest(folder)},
            )  # fmt: skip
        return None
    logger.info("Backed up to %s.", place)
    return place


def alarm(at: datetime) -> str:
    """Return a sentence if a backup is missing; "" if the newest is recent enough, or none is scheduled."""
    if not settings.BACKUP_FOLDER:
        return ""
    try:
        last = newest(Path(settings.BACKUP_FOLDER))
    except OSError:
        return "The folder of the backups can’t be read."
    if last is None:
        return "There is no backup yet."
    return f"The newest backup was made on {moment(last)}." if at - last > TOO_OLD else ""
