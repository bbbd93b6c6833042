"""Keeps an uploaded spreadsheet for its owner to look through, and forgets it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from commitments.models import UploadedWorkbook
from partners.models import User
from vcsportal.common.words import NotAllowed, NotNow

MAX_KEPT: Final = 20
"""How many uploads of one person are kept; the oldest give way."""


@transaction.atomic
def keep_workbook(*, by: User, at: datetime, workbook: UploadedWorkbook, passing: bool = False) -> UploadedWorkbook:
    """Keep what was read of a spreadsheet for ``by`` alone. Whether they may save it was asked by the caller, and is asked
    again for each row.

    :param passing: the caller discards it as soon as its rows are saved, so no other gives way.
    """
    workbook.owner, workbook.uploaded_at = by, at
    workbook.save(force_insert=True)
    if passing:
        return workbook
    old = UploadedWorkbook.objects.filter(owner=by).order_by("-uploaded_at", "-id").values_list("pk", flat=True)
    UploadedWorkbook.objects.filter(pk__in=list(old[MAX_KEPT:])).delete()
    return workbook


def saved_rows(workbook: UploadedWorkbook) -> dict[int, date]:
    """Return the rows of an upload that have been saved, by their numbers, with the day."""
    return {int(row): date.fromisoformat(day) for row, (_seen, day) in workbook.saved.items()}


def hold_workbook(*, by: User, workbook: UploadedWorkbook) -> None:
    """Read again which rows of an upload have been saved. Part of the transaction that saves more of them, until whose end nobody
    else saves a row of this upload: of two clicks at once, the second finds what the first has done.

    Raise :class:`Refused` for someone else's upload, and for one that is not there any more.
    """
    held = UploadedWorkbook.objects.select_for_update().only("owner", "saved").filter(pk=workbook.pk).first()
    if held is None:
        raise NotNow("This upload has been discarded already.")
    if held.owner_id != by.pk:
        raise NotAllowed("Only the person who uploaded a file can save it.")
    workbook.saved = held.saved


def is_saved(workbook: UploadedWorkbook, row: int, seen: str) -> bool:
    """Whether a row of an upload has been saved as the person agreed to. It can be saved again only to do something else.

    :param seen: the checksum of what the person agreed to.
    """
    return bool(workbook.saved.get(str(row), ("",))[0] == seen)


def note_saved_rows(*, at: datetime, workbook: UploadedWorkbook, seen: Mapping[int, str]) -> None:
    """Note that rows of an upload have been saved. Part of the transaction that saves them, after :func:`hold_workbook`.

    :param seen: the checksum of what the person agreed to, by the number of the row.
    """
    day = timezone.localdate(at).isoformat()
    workbook.saved.update({str(row): [checksum, day] for row, checksum in seen.items()})
    workbook.save(update_fields=["saved"])


@transaction.atomic
def discard_workbook(*, by: User, at: datetime, workbook: UploadedWorkbook) -> None:
    """Forget an upload. What was saved of it stays.

    Raise :class:`Refused` for someone else's, and for one that is not there any more.
    """
    if workbook.owner_id != by.pk:
        raise NotAllowed("Only the person who uploaded a file can discard it.")
    if not UploadedWorkbook.objects.filter(pk=workbook.pk).delete()[0]:
        raise NotNow("This upload has been discarded already.")
