"""The photographs and documents of an item of evidence: added, described, taken off again."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

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

    :param shows_people: somebody can be recognised in the photograph; it is then shown only with their consent.
    """
    evidence = locked(evidence)
    check_can_edit(by, evidence)
    if there := evidence.files.filter(sha256=checked.sha256).order_by("id").first():
        return there
    if evidence.files.count() >= MAX_FILES:
        raise Refused(f"An item of evidence holds {MAX_FILES} files at most. Remove one first.")
    kept = EvidenceFile(
        evidence=evidence, kind=checked.kind, name=checked.name, caption=caption.strip(), media_type=checked.media_type,
        size=len(checked.content), sha256=checked.sha256, added_at=at, added_by=by,
        shows_people=shows_people and checked.kind == "photograph",
    )  # fmt: skip
    stem = f"evidence/{evidence.pk}/{checked.sha256[:20]}"
    kept.content.save(f"{stem}{checked.suffix}", ContentFile(checked.content), save=False)
    if checked.print_content:
        kept.print_content.save(f"{stem}-print.jpg", ContentFile(checked.print_content), save=False)
    kept.save()
    return kept


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
    storage = file.content.storage
    file.delete()
    history(by=by, at=at, evidence=evidence, act="edit", was=evidence.state, reason=f"Removed the file {file.name}")

    def delete_bytes() -> None:
        for name in names:
            storage.delete(name)

    transaction.on_commit(delete_bytes)
