"""The photographs and documents of an item of evidence: added, described, taken off again."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from commitments.files import stored
from commitments.files.uploads import CheckedFile
from commitments.models import Evidence, EvidenceFile
from commitments.permissions import check_can_edit
from commitments.services.evidence_acts import history, locked
from partners.models import User
from vcsportal.common.words import Refused

MAX_FILES = 10


@transaction.atomic
def attach_file(
    *, by: User, at: datetime, evidence: Evidence, checked: CheckedFile, caption: str = "", shows_people: bool = False
) -> EvidenceFile:
    """Add a file that :func:`commitments.files.uploads.check_upload` has looked into. The same bytes again are the same file.

    :raises Refused: the person may not, there is no room for another, or the disk does not take it; nothing is left then.
    :param shows_people: somebody can be recognised in the photograph; it is then shown only with their consent.
    """
    evidence = locked(evidence)
    check_can_edit(by, evidence)
    if there := evidence.files.filter(sha256=checked.sha256).order_by("id").first():
        return there
    if evidence.files.count() >= MAX_FILES:
        raise Refused(f"An item of evidence holds {MAX_FILES} files at most. Remove one first.")
    try:
        names = stored.store(evidence.pk, checked)
    except stored.NotStored:
        raise Refused(
            "It could not be saved, because the portal’s disk is full or can’t be written to. Nothing else has been lost. "
            f"Add it again later. If that does not work either, write to {settings.PORTAL_CONTACT_EMAIL}."
        ) from None
    small = checked.print_content
    try:
        return EvidenceFile.objects.create(
            evidence=evidence, kind=checked.kind, name=checked.name, caption=caption.strip(), content=names[0],
            print_content=names[1], media_type=checked.media_type, size=len(checked.content), sha256=checked.sha256,
            print_size=len(small) if small else None, print_sha256=sha256(small).hexdigest() if small else "",
            added_at=at, added_by=by, shows_people=shows_people and checked.kind == "photograph",
        )  # fmt: skip
    except BaseException:
        stored.remove(names)
        raise


@transaction.atomic
def describe_file(
    *, by: User, at: datetime, file: EvidenceFile, caption: str | None = None, page: str | None = None,
    shows_people: bool | None = None,
) -> EvidenceFile:  # fmt: skip
    """Say what a file shows, on which page, and whether somebody can be recognised in it. None leaves it as it is."""
    evidence = locked(file.evidence)
    check_can_edit(by, evidence)
    stored = EvidenceFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if stored is None:
        return file  # a colleague has removed it meanwhile
    file = stored
    was = (file.caption, file.page, file.shows_people)
    if caption is not None:
        file.caption = caption.strip()
    if page is not None and file.kind == "document":
        file.page = page.strip()
    if shows_people is not None and file.kind == "photograph":
        file.shows_people = shows_people
    if was != (file.caption, file.page, file.shows_people):
        file.save(update_fields=["caption", "page", "shows_people"])
        reason = f"Described the file {file.name}: {file.caption}"
        history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=reason)
    return file


@transaction.atomic
def remove_file(*, by: User, at: datetime, file: EvidenceFile) -> None:
    """Take a file off a draft or returned piece; the bytes go once the row has gone."""
    evidence = locked(file.evidence)
    check_can_edit(by, evidence)
    if file.consents.exists():
        raise Refused(
            f"Somebody’s consent is written down for “{file.name}”, so the record of it has to stay. Take the consent back "
            "instead: the photograph then goes from every page."
        )
    names = [str(field.name) for field in (file.content, file.print_content) if field]
    file.delete()
    history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=f"Removed the file {file.name}")
    transaction.on_commit(lambda: stored.remove(names))
