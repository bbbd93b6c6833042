"""Serves and checks an edition's files and facts. What has changed is not served, and administrators are alerted."""

import logging
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from partners import roles
from partners.emails.outbox import put_mail
from partners.people_with_permission import people_who_may
from reporting.facts import checksum
from reporting.models import Edition, Face, IntegrityCheck
from reporting.models.integrity import FACTS
from reporting.sealed.checking import label
from reporting.sealed.comparing import AlteredFile, compare, marker, open_face

logger = logging.getLogger(__name__)
FACTS_ALTERED: Final = "have changed since the edition was made"


def open_for_reader(*, at: datetime, face: Face) -> Any:
    """Return a face's open file after making sure that it is the one that was made. Raise :class:`AlteredFile` where it is not.

    While the storage's marker is the one of the last comparison that answer stands; else the whole file is read. One query,
    and two more where something new is noted.
    """
    known = IntegrityCheck.objects.filter(edition=face.edition_id, part=face.code).first()
    file = None
    try:
        file = open_face(face)
        found = marker(file, at)
        if known is not None and found and known.marker == found:
            if known.trouble:
                raise AlteredFile(known.trouble)
            return file
        compare(face, file)
    except AlteredFile as altered:
        if file is not None:
            file.close()
        _note(at=at, edition=face.edition_id, part=face.code, found=found if file else "", trouble=altered.trouble)
        raise
    _note(at=at, edition=face.edition_id, part=face.code, found=found, trouble="")
    return file


def check_edition(*, at: datetime, edition: Edition) -> list[str]:
    """Compare every file of an edition, read whole, and its facts; return what is wrong, a sentence each."""
    there = edition.faces.filter(erasure__isnull=True)  # an erased file is not missing
    parts = {face.code: _trouble_of(face, at) for face in there}
    IntegrityCheck.objects.filter(
        edition=edition, part__in=edition.faces.filter(erasure__isnull=False).values("code")
    ).delete()
    found = ("", FACTS_ALTERED)[checksum(edition.facts) != edition.facts_sha256]
    parts[FACTS] = ("", found)
    for part, (seen, trouble) in parts.items():
        _note(at=at, edition=edition.pk, part=part, found=seen, trouble=trouble)
    return [f"{name_of(part)} {trouble}." for part, (_seen, trouble) in parts.items() if trouble]


def note_facts_altered(*, at: datetime, edition: Edition) -> None:
    """Note that an edition's facts were found not to be those that were made."""
    _note(at=at, edition=edition.pk, part=FACTS, found="", trouble=FACTS_ALTERED)


def check_published(*, at: datetime) -> int:
    """Compare everything that is published, withdrawn editions too, those first that were not looked at for longest.

    Return how many editions have something wrong. One edition at a time, as facts are large and files are read whole.
    """
    editions = Edition.objects.filter(published_at__isnull=False).prefetch_related("integrity_checks")
    seen = {
        edition.pk: min((check.checked_at for check in edition.integrity_checks.all()), default=None)
        for edition in editions.defer("facts")
    }
    order = sorted(seen, key=lambda pk: (seen[pk] is not None, seen[pk] or at, pk))
    return sum(bool(check_edition(at=at, edition=Edition.objects.prefetch_related("faces").get(pk=pk))) for pk in order)


def name_of(part: str) -> str:
    """Return what a part is called at the beginning of a sentence."""
    return "Its contents (the facts)" if part == FACTS else label(part)


def _trouble_of(face: Face, at: datetime) -> tuple[str, str]:
    """Return a file's marker and what is wrong with it."""
    seen = ""
    try:
        with open_face(face) as file:
            seen = marker(file, at)
            compare(face, file)
    except AlteredFile as altered:
        return seen, altered.trouble
    return seen, ""


@transaction.atomic
def _note(*, at: datetime, edition: int, part: str, found: str, trouble: str) -> None:
    """Keep the outcome. A trouble that is new on a published edition is reported to the administrators, once."""
    IntegrityCheck.objects.bulk_create(
        [IntegrityCheck(edition_id=edition, part=part, checked_at=at)], ignore_conflicts=True
    )
    known = IntegrityCheck.objects.select_for_update().get(edition=edition, part=part)
    began = bool(trouble) and not known.trouble
    known.marker, known.checked_at, known.trouble = found, at, trouble
    known.trouble_since = (known.trouble_since or at) if trouble else None
    known.save(update_fields=["marker", "checked_at", "trouble", "trouble_since"])
    if began:
        _report(at=at, check=known)


def _report(*, at: datetime, check: IntegrityCheck) -> None:
    edition = Edition.objects.select_related("round__strategy").defer("facts").get(pk=check.edition_id)
    logger.error("Edition %s: %s %s.", edition.pk, name_of(check.part), check.trouble)
    if not edition.is_sealed:
        return
    for person in people_who_may(roles.MANAGE_PEOPLE):
        put_mail(
            key=f"integrity:{edition.pk}:{check.part}:{at.isoformat()}:{person.pk}", kind="report:altered", to=person,
            template="file_altered", at=at, about=f"integrity:{edition.pk}",
            values={
                "edition": edition, "round": edition.round, "what": f"{name_of(check.part)} {check.trouble}",
                "page_url": f"{settings.PORTAL_URL.rstrip('/')}{reverse('reporting:published-files')}",
            },
        )  # fmt: skip
