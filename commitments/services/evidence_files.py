"""Adds, describes and removes the photographs and documents of an item of evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from commitments.content.evidence import FileDescription
from commitments.files import stored
from commitments.files.uploads import CheckedFile
from commitments.models import Evidence, EvidenceFile
from commitments.permissions.evidence import check_can_edit_evidence
from commitments.services.evidence_transitions import check_version, history, lock_evidence, raise_version
from partners.models import User
from partners.security.events import record_event
from vcsportal.common.words import Conflict, NotNow

MAX_FILES = 10
NO_ROOM = f"An item of evidence can have up to {MAX_FILES} files. Remove one first."

DISK_FULL = (
    "It could not be saved, because the portal’s disk is full or can’t be written to. Nothing else has been lost. "
    f"Add it again later. If that does not work either, write to {settings.PORTAL_CONTACT_EMAIL}."
)


class NotStored(NotNow):
    """The disk does not take a file."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A checked file to be added, its caption, whether somebody can be recognised in it, and a photograph's description."""

    checked: CheckedFile
    caption: str = ""
    shows_people: bool = False
    description: str = ""


@transaction.atomic
def attach_file(
    *, by: User, at: datetime, evidence: Evidence, checked: CheckedFile, caption: str = "", shows_people: bool = False,
    description: str = "",
) -> EvidenceFile:  # fmt: skip
    """Add a file that :func:`commitments.files.uploads.check_upload` has looked into. The same bytes again are the same file.

    It changes nothing that is there, so it asks for no version; the item's version rises.

    :param shows_people: somebody can be recognised in the photograph; it is then shown only with their consent.
    :raises Refused: the person may not, there is no room for another, or the disk does not take it; nothing is left then.
    """
    evidence = lock_evidence(evidence)
    check_can_edit_evidence(by, evidence)
    new = add_files(by=by, at=at, evidence=evidence, new=[NewFile(checked, caption, shows_people, description)])
    if not new:
        return evidence.files.get(sha256=checked.sha256)
    raise_version(evidence)
    note_added(by=by, at=at, evidence=evidence, name=new[0].name)
    return new[0]


def note_refused(*, by: User, at: datetime, sentence: str) -> None:
    """Write in the trail of security events that a dangerous file was refused. ``sentence`` is what the person was told."""
    record_event("upload_refused", at=at, by=by, detail=sentence)


def note_added(*, by: User, at: datetime, evidence: Evidence, name: str) -> None:
    """Write in the history that a file has been added to an item that was there."""
    history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=f"Added the file {name}")


def add_file(*, by: User, at: datetime, evidence: Evidence, new: NewFile) -> EvidenceFile:
    """Add a file to an item that the caller holds and whose version the caller raises."""
    checked, caption, shows_people = new.checked, new.caption, new.shows_people
    if there := evidence.files.filter(sha256=checked.sha256).order_by("id").first():
        return there
    if evidence.files.count() >= MAX_FILES:
        raise NotNow(NO_ROOM)
    try:
        names = stored.store(evidence.pk, checked)
    except stored.DiskRefused:
        raise NotStored(DISK_FULL) from None
    small = checked.print_content
    try:
        return EvidenceFile.objects.create(
            evidence=evidence, kind=checked.kind, name=checked.name, caption=caption.strip(), content=names[0],
            print_content=names[1], media_type=checked.media_type, size=len(checked.content), sha256=checked.sha256,
            print_size=len(small) if small else None, print_sha256=sha256(small).hexdigest() if small else "",
            added_at=at, added_by=by, shows_people=shows_people and checked.kind == "photograph",
            description=new.description.strip() if checked.kind == "photograph" else "",
        )  # fmt: skip
    except BaseException:
        stored.remove(names)
        raise


def add_files(*, by: User, at: datetime, evidence: Evidence, new: Iterable[NewFile]) -> list[EvidenceFile]:
    """Add files to an item that the caller holds and whose version the caller raises; return those that were not there.

    All or none: the bytes of the first go again if a later one is refused.
    """
    there = set(evidence.files.values_list("sha256", flat=True))
    added: list[EvidenceFile] = []
    try:
        for new_file in new:
            if new_file.checked.sha256 not in there:
                added.append(add_file(by=by, at=at, evidence=evidence, new=new_file))
                there.add(new_file.checked.sha256)
    except BaseException:
        for file in added:
            stored.remove([str(field.name) for field in (file.content, file.print_content) if field])
        raise
    return added


def room_for(evidence: Evidence | None, files: Iterable[CheckedFile]) -> tuple[list[CheckedFile], list[CheckedFile]]:
    """Return the new files that the item has room for, and those that it has none for. One that is there is in neither.

    :param evidence: the item; None if it is not there yet.
    """
    there = set(evidence.files.values_list("sha256", flat=True)) if evidence else set()
    fit: list[CheckedFile] = []
    left: list[CheckedFile] = []
    for checked in files:
        if checked.sha256 in there:
            continue
        if len(there) < MAX_FILES:
            there.add(checked.sha256)
            fit.append(checked)
        else:
            left.append(checked)
    return fit, left


@transaction.atomic
def describe_file(
    *, by: User, at: datetime, file: EvidenceFile, version: int | None, caption: str | None = None,
    page: str | None = None, shows_people: bool | None = None, description: str | None = None,
) -> EvidenceFile:  # fmt: skip
    """Say what a file shows, also in words for people who can't see it, on which page, and whether somebody can be recognised in it. None leaves it as it is.

    :param version: the item's version that the person read. None is for setting the tick alone, which may be done at any
        time: it keeps a photograph back.
    Raise :class:`Conflict` if the item has changed since.
    """
    evidence = lock_evidence(file.evidence)
    check_can_edit_evidence(by, evidence)
    if version is None and (caption, page, shows_people, description) != (None, None, True, None):
        raise Conflict("Open the evidence again and read it before you change what is written about its files.")
    check_version(evidence, version)
    said = FileDescription(file.pk, caption, page, shows_people, description)
    if describe(by=by, at=at, evidence=evidence, said=said):
        raise_version(evidence)
    return EvidenceFile.objects.filter(pk=file.pk).first() or file  # a colleague may have removed it meanwhile


def describe(*, by: User, at: datetime, evidence: Evidence, said: FileDescription) -> bool:
    """Describe a file of an item that the caller holds. Return whether something changed; a removed file is passed over."""
    file = EvidenceFile.objects.select_for_update(of=("self",)).filter(pk=said.pk, evidence=evidence).first()
    if file is None:
        return False
    was = (file.caption, file.page, file.shows_people, file.description)
    if said.caption is not None:
        file.caption = said.caption.strip()
    if said.page is not None and file.kind == "document":
        file.page = said.page.strip()
    if said.shows_people is not None and file.kind == "photograph":
        file.shows_people = said.shows_people
    if said.description is not None and file.kind == "photograph":
        file.description = said.description.strip()
    if was == (file.caption, file.page, file.shows_people, file.description):
        return False
    file.save(update_fields=["caption", "page", "shows_people", "description"])
    words = file.caption if file.description == was[-1] else file.description
    reason = f"Described the file {file.name}: {words}"
    history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=reason)
    return True


@transaction.atomic
def remove_file(*, by: User, at: datetime, file: EvidenceFile, version: int | None = None) -> None:
    """Take a file off a draft or returned piece; the bytes go once the row has gone.

    Raise :class:`Conflict` if the item has changed since ``version``; None skips the comparison.
    """
    evidence = lock_evidence(file.evidence)
    check_can_edit_evidence(by, evidence)
    check_version(evidence, version)
    if file.consents.exists():
        raise NotNow(
            f"Someone’s consent is recorded for “{file.name}”, so the record of it has to stay. Withdraw the consent "
            f"instead: the photograph is then removed from every page."
        )
    names = [str(field.name) for field in (file.content, file.print_content) if field]
    file.delete()
    raise_version(evidence)
    history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=f"Removed the file {file.name}")
    transaction.on_commit(lambda: stored.remove(names))


def note_download(*, by: Any, at: datetime, file: EvidenceFile) -> None:
    """Record in the trail of security events that a person opened a file which the public can't see."""
    record_event("downloaded", at=at, by=by, subject=f"Evidence {file.evidence_id}, file {file.pk}: {file.name}")
