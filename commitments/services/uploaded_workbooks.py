"""Keeps an uploaded spreadsheet for its owner to look through, and forgets it."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

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


@transaction.atomic
def discard_workbook(*, by: User, at: datetime, workbook: UploadedWorkbook) -> None:
    """Forget an upload. What was saved of it stays.

    Raise :class:`Refused` for someone else's, and for one that is not there any more.
    """
    if workbook.owner_id != by.pk:
        raise NotAllowed("Only the person who uploaded a file can discard it.")
    if not UploadedWorkbook.objects.filter(pk=workbook.pk).delete()[0]:
        raise NotNow("This upload has been discarded already.")
