"""Publishing seals an edition; withdrawing says why it is offered no longer. Neither is ever undone. Drafts come and go."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from partners.models import User
from reporting.faces import FACES
from reporting.facts import checksum
from reporting.models import Edition, Withdrawal
from reporting.permissions import check_can_discard, check_can_publish, check_can_withdraw
from reporting.sealed.checking import find_taken_back, find_trouble, label
from vcsportal.common.words import Refused

logger = logging.getLogger(__name__)
LONGEST_REASON: Final = 1000
NO_REASON: Final = "Say why it is withdrawn. Everybody who looks for the report will read it."
TOO_LONG: Final = f"Say it in {LONGEST_REASON:,} characters at most."
AGAIN: Final = "Ask for a new edition, and publish that one."


@transaction.atomic
def publish_edition(*, by: User, at: datetime, edition: Edition) -> Edition:
    """Let everybody read a finished edition, for good. Publishing twice changes nothing.

    Everything is read back first: raise :class:`Refused` unless every face is there and is as its checksum says, and
    all that it tells may still be told: a consent may have been taken back since it was made.
    """
    edition = _held(edition)
    check_can_publish(by, edition)
    if edition.published_at is None:
        if wrong := find_wrong(edition):
            raise Refused(f"{wrong} {AGAIN}")
        if gone := find_taken_back(edition.facts, timezone.localdate(at)):
            raise Refused(f"It can’t be published. {gone} {AGAIN}")
        edition.published_at, edition.published_by = at, by
        edition.save(update_fields=["published_at", "published_by"])
    return edition


@transaction.atomic
def withdraw_edition(*, by: User, at: datetime, edition: Edition, reason: str) -> Withdrawal:
    """Say for good that a published edition is offered no longer, and why. It stays as it is, and stays listed."""
    edition = _held(edition)
    check_can_withdraw(by, edition)
    reason = reason.strip()
    if not reason:
        raise Refused(NO_REASON)
    if len(reason) > LONGEST_REASON:
        raise Refused(TOO_LONG)
    return Withdrawal.objects.create(edition=edition, at=at, by=by, reason=reason)


@transaction.atomic
def discard_edition(*, by: User, at: datetime, edition: Edition) -> None:
    """Remove a draft edition with its files. What is published is never removed."""
    edition = _held(edition)
    check_can_discard(by, edition)
    files = [str(name) for name in edition.faces.values_list("content", flat=True)]
    edition.citations.all().delete()
    edition.faces.all().delete()
    key = edition.pk
    edition.delete()
    logger.info("Edition %s was removed by person %s at %s.", key, by.pk, at.isoformat())
    transaction.on_commit(partial(_remove, files), robust=True)


def _held(edition: Edition) -> Edition:
    """Return the row as it is now; nobody else changes it before this transaction ends."""
    found = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if found is None:
        raise Refused("This edition was a draft, and somebody has removed it.")
    return found


def find_wrong(edition: Edition) -> str:
    """Say what keeps an edition from being sealed; "" where it is whole. Reads every file."""
    faces = {face.code: face for face in edition.faces.all()}
    if missing := [about.label for about in FACES if about.code not in faces]:
        which = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
        return f"It can’t be published, because it was made without {which}."
    if checksum(edition.facts) != edition.facts_sha256:
        return "It can’t be published, because its facts are not those that it was made from."
    for code, face in faces.items():
        if trouble := find_trouble(face):
            return f"It can’t be published: {label(code)} {trouble}."
    return ""


def _remove(files: list[str]) -> None:
    folders = set()
    for name in files:
        default_storage.delete(name)
        folders.add(Path(default_storage.path(name)).parent)
    for folder in folders:
        with suppress(OSError):  # somebody else keeps something there, or it is gone
            folder.rmdir()
