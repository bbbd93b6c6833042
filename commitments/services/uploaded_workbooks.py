"""Keeps an uploaded spreadsheet for its owner to look through, and forgets it."""

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.models import Round, Strategy, UploadedWorkbook
from partners.models import User
from vcsportal.common.words import NotAllowed, NotNow

MAX_KEPT: Final = 20
"""How many uploads of one person are kept; the oldest give way."""


@transaction.atomic
def keep_workbook(
    *,
    by: User,
    at: datetime,
    kind: str,
    strategy: Strategy | None,
    round_: Round | None,
    file_name: str,
    table: dict[str, Any],
) -> UploadedWorkbook:
    """Keep what was read of a spreadsheet for ``by`` alone. Whether they may save it was asked by the caller, and is asked
    again for each row.
    """
    kept = UploadedWorkbook.objects.create(
        owner=by, kind=kind, strategy=strategy, round=round_, file_name=file_name, table=table, uploaded_at=at
    )
    old = UploadedWorkbook.objects.filter(owner=by).order_by("-uploaded_at", "-id").values_list("pk", flat=True)
    UploadedWorkbook.objects.filter(pk__in=list(old[MAX_KEPT:])).delete()
    return kept


def saved_rows(workbook: UploadedWorkbook) -> dict[int, date]:
    """Return the rows of an upload that have been saved, by their numbers, with the day."""
    return {int(row): date.fromisoformat(day) for row, (_seen, day) in workbook.saved.items()}


def hold_row(*, by: User, workbook: UploadedWorkbook, row: int, seen: str) -> bool:
    """Say whether a row of an upload has still to be saved. Part of the transaction that saves it, until whose end nobody else
    saves a row of this upload: of two clicks at once, the second finds what the first has done.

    :param seen: the checksum of what the person agreed to. A row that has been saved can be saved again only to do something else.

    Raise :class:`Refused` for someone else's upload, and for one that is not there any more.
    """
    held = UploadedWorkbook.objects.select_for_update().only("owner", "saved").filter(pk=workbook.pk).first()
    if held is None:
        raise NotNow("This upload has been discarded already.")
    if held.owner_id != by.pk:
        raise NotAllowed("Only the person who uploaded a file can save it.")
    workbook.saved = held.saved
    return bool(workbook.saved.get(str(row), ("",))[0] != seen)


def note_saved_row(*, at: datetime, workbook: UploadedWorkbook, row: int, seen: str) -> None:
    """Note that a row of an upload has been saved. Part of the transaction that saves it, after :func:`hold_row`."""
    workbook.saved[str(row)] = [seen, timezone.localdate(at).isoformat()]
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
