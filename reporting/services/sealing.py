"""Writes the seal and the withdrawal of an edition, which cannot be undone, and removes drafts."""

import logging
from datetime import datetime
from functools import partial
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction

from partners.models import User
from partners.security.events import record_event
from reporting.models import Edition, Withdrawal
from reporting.permissions import check_can_discard
from vcsportal.common.words import Invalid, NotNow

logger = logging.getLogger(__name__)
MAX_REASON_CHARACTERS: Final = 1000
NO_REASON: Final = "Say why it should be withdrawn. Everyone who looks for the report will see this."
TOO_LONG: Final = f"Use {MAX_REASON_CHARACTERS:,} characters or fewer."


@transaction.atomic
def discard_edition(*, by: User, at: datetime, edition: Edition) -> None:
    """Remove a draft edition with its files. What is published is never removed."""
    edition = held(edition)
    check_can_discard(by, edition)
    key = edition.pk
    files = remove_draft(edition)
    logger.info("Edition %s was removed by person %s at %s.", key, by.pk, at.isoformat())
    transaction.on_commit(partial(remove_files, files), robust=True)


def remove_draft(edition: Edition) -> list[str]:
    """Delete the rows of a draft that is held, and return the names of its files, to be removed after that."""
    files = [str(name) for name in edition.faces.values_list("content", flat=True)]
    edition.proposals.all().delete()
    edition.citations.all().delete()
    edition.consented.all().delete()
    edition.faces.all().delete()
    edition.delete()
    return files


def seal(*, by: User, at: datetime, edition: Edition) -> Edition:
    """Publish an edition that is held: from here on the database refuses every change of it.

    The database refuses it too unless ``by`` has just confirmed what another person proposed.
    """
    edition.published_at, edition.published_by = at, by
    edition.save(update_fields=["published_at", "published_by"])
    record_event("published", at=at, by=by, subject=in_words(edition))
    return edition


def withdraw(*, by: User, at: datetime, edition: Edition, reason: str) -> Withdrawal:
    """Record that a published edition is no longer offered, and why. It stays as it is, and stays listed."""
    record_event("withdrawn", at=at, by=by, subject=in_words(edition), detail=reason)
    return Withdrawal.objects.create(edition=edition, at=at, by=by, reason=reason)


def in_words(edition: Edition) -> str:
    """Return how the trail of security events names an edition."""
    return f"Report of {edition.round.label}, edition {edition.number}"


def tidy_reason(reason: str) -> str:
    """Return the reason of a withdrawal as it is kept. Raise :class:`Refused` where it is empty or too long."""
    reason = reason.strip()
    if not reason:
        raise Invalid(NO_REASON, field="reason")
    if len(reason) > MAX_REASON_CHARACTERS:
        raise Invalid(TOO_LONG, field="reason")
    return reason


def held(edition: Edition) -> Edition:
    """Lock the edition's row until the transaction ends, and return it as it is now."""
    locked = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if locked is None:
        raise NotNow("This edition was a draft, and someone has removed it.")
    return locked


def remove_files(files: list[str]) -> None:
    """Remove files by their stored names."""
    for name in files:
        default_storage.delete(name)
