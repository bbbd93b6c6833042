"""Reads back every stored file and compares it with its row: evidence, editions, drafts too, and the daily data.

It is what shows after a restore whether database and files belong together.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction

from commitments.models import EvidenceFile
from reporting.models import DataSnapshot, Edition, Face
from reporting.sealed.comparing import NOT_THE_FILE, AlteredFile, readable
from reporting.services.integrity import check_edition
from vcsportal.common import plurals
from vcsportal.common.stored_files import CHUNK_BYTES, files_in

HOUR_SECONDS: Final = 3600
NAMES_AT_ONCE: Final = 500
FOLDERS: Final = ("evidence", "reports", "open-data")


@dataclass(slots=True)
class StoredFiles:
    """What was found.

    :ivar evidence: how many files of evidence were read; a photograph has two.
    :ivar editions: how many editions were checked, and ``published`` how many of them are published or withdrawn.
    :ivar faces: how many files of editions were read.
    :ivar snapshots: how many daily copies of the published data were read.
    :ivar wrong: what is missing or changed, a sentence each.
    :ivar not_recorded: names of files without a recorded checksum, as they were stored before checksums were recorded.
    :ivar recorded: how many checksums were recorded now.
    :ivar without_row: names of files that no row of the database names. They are harmless, and nobody can see them.
    """

    evidence: int = 0
    editions: int = 0
    published: int = 0
    faces: int = 0
    snapshots: int = 0
    wrong: list[str] = field(default_factory=list)
    not_recorded: list[str] = field(default_factory=list)
    recorded: int = 0
    without_row: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return the counts as sentences."""
        parts = [
            f"{plurals.counted(self.evidence, 'file')} of evidence, and {plurals.counted(self.faces, 'file')} and the facts of "
            f"{plurals.counted(self.editions, 'edition')} ({self.published} published) were read.",
            f"{plurals.counted(self.snapshots, 'daily copy', 'daily copies')} of the published data {plurals.was(self.snapshots)} read.",
            f"Missing or changed: {len(self.wrong)}.",
            f"Without a recorded checksum: {len(self.not_recorded)}.",
            f"Stored, but in no row of the database: {len(self.without_row)}.",
        ]
        if self.recorded:
            parts.insert(3, f"Checksums recorded now: {self.recorded}.")
        return " ".join(parts)


def check_stored_files(
    *, at: datetime, record: bool = False, progress: Callable[[str], None] = lambda line: None
) -> StoredFiles:
    """Read every stored file whole; return what was found. Never raises for what is wrong with a file.

    What is found wrong in an edition is noted as the daily check notes it, so administrators are told of published ones.

    :param record: record checksums of files that have none yet, as the files are now.
    :param progress: is given each sentence on what is wrong as it is found.
    :raises StoreUnavailable: the bucket does not answer, so that nothing is known.
    """
    tally = StoredFiles()
    for file in EvidenceFile.objects.filter(erased_at__isnull=True).order_by("id").iterator(chunk_size=500):
        _check_evidence(tally, file, progress, record=record)
    for pk in list(Edition.objects.order_by("id").values_list("pk", flat=True)):  # one at a time: facts are large
        _check_edition(tally, at, pk, progress)
    for snapshot in DataSnapshot.objects.order_by("id").iterator(chunk_size=500):
        _check_snapshot(tally, snapshot, progress)
    for name in _erased():
        if default_storage.exists(name):
            tally.wrong.append(f"{name} was erased because a consent had ended, and is there again. Remove it.")
            progress(tally.wrong[-1])
    tally.without_row = sorted(_without_row())
    return tally


def _check_evidence(tally: StoredFiles, file: EvidenceFile, progress: Callable[[str], None], *, record: bool) -> None:
    recorded: list[tuple[str, int | None, str]] = [("content", file.size, file.sha256)]
    if file.print_content:
        recorded.append(("print_content", file.print_size, file.print_sha256))
    for column, size, checksum in recorded:
        name = str(getattr(file, column).name)
        tally.evidence += 1
        seen: tuple[int, str] | None = None
        try:
            seen = _read(name)
            if checksum and seen != (size, checksum):
                raise AlteredFile(NOT_THE_FILE)
        except AlteredFile as altered:
            there = {"pk": file.pk, "erased_at": None, column: name}
            if not EvidenceFile.objects.filter(**there).exists():  # removed or erased meanwhile
                continue
            which = f"{name} (“{file.name}”, evidence {file.evidence_id})"
            tally.wrong.append(f"{which} {altered.trouble}.")
            progress(tally.wrong[-1])
        if seen is not None and not checksum:
            if record:
                _record(file, *seen)
                tally.recorded += 1
            else:
                tally.not_recorded.append(name)


@transaction.atomic
def _record(file: EvidenceFile, size: int, checksum: str) -> None:
    rows = EvidenceFile.objects.filter(pk=file.pk, print_sha256="", print_content=file.print_content.name)
    rows.update(print_size=size, print_sha256=checksum)


def _read(name: str) -> tuple[int, str]:
    digest, size = sha256(), 0
    with readable(), default_storage.open(name) as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _check_edition(tally: StoredFiles, at: datetime, pk: int, progress: Callable[[str], None]) -> None:
    edition = Edition.objects.select_related("round").prefetch_related("faces").filter(pk=pk, state="ready").first()
    if edition is None:  # not made, or removed meanwhile: it has no files
        return
    tally.editions += 1
    tally.published += edition.is_sealed
    tally.faces += edition.faces.filter(erasure__isnull=True).count()
    kind = "published" if edition.is_sealed else "draft"
    for trouble in check_edition(at=at, edition=edition):
        tally.wrong.append(f"{edition} ({kind}): {trouble}")
        progress(tally.wrong[-1])


def _check_snapshot(tally: StoredFiles, snapshot: DataSnapshot, progress: Callable[[str], None]) -> None:
    tally.snapshots += 1
    name = str(snapshot.content.name)
    try:
        if _read(name) != (snapshot.size, snapshot.sha256):
            raise AlteredFile(NOT_THE_FILE)
    except AlteredFile as altered:
        if DataSnapshot.objects.filter(pk=snapshot.pk).exists():  # else it was old enough to be removed meanwhile
            tally.wrong.append(f"{name} (the published data of {snapshot.day}) {altered.trouble}.")
            progress(tally.wrong[-1])


def _erased() -> Iterator[str]:
    """Yield the names of files that were erased; putting back a backup may have brought them back."""
    files = EvidenceFile.objects.filter(erased_at__isnull=False)
    for names in files.order_by("id").values_list("content", "print_content"):
        yield from filter(None, names)
    yield from Face.objects.filter(erasure__isnull=False).order_by("id").values_list("content", flat=True)


def _without_row() -> Iterator[str]:
    """Yield the names of files that have been there for an hour and are in no row: until then one may be being written."""
    settled = time.time() - HOUR_SECONDS
    for folder in FOLDERS:
        names = (file.name for file in files_in(folder) if file.changed < settled)
        while some := list(islice(names, NAMES_AT_ONCE)):
            yield from _unnamed(some)


def _unnamed(names: list[str]) -> Iterator[str]:
    rows: tuple[tuple[Any, str], ...] = (
        (EvidenceFile, "content"), (EvidenceFile, "print_content"), (Face, "content"), (DataSnapshot, "content"),
    )  # fmt: skip
    named: set[str] = set()
    for model, column in rows:
        named.update(model.objects.filter(**{f"{column}__in": names}).values_list(column, flat=True))
    yield from (name for name in names if name not in named)
