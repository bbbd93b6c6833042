"""Working copies, saved as people type; and how long forms really take, without recording whose."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from commitments.models import TimeTaken, WorkingCopy
from partners.models import User
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.words import Invalid

MAX_COPY_CHARACTERS: Final = 200_000
MAX_FORM_TIME: Final = timedelta(hours=24)
_OPENED: Final = "commitments.writing.opened"


@transaction.atomic
def keep_copy(*, by: User, at: datetime, form: str, fields: Mapping[str, Any], seen: int | None) -> WorkingCopy:
    """Keep what this person has typed into a form and not sent. What was kept of the same form before gives way.

    :param form: names the form and the thing it is about, for example ``update:our-strategy:1.4:2024-25``.
    :param fields: each field's text, or a list of texts where it may hold several.
    :param seen: the version of the thing when the writing began.
    """
    tidy = {
        name: [_plain(item) for item in value] if isinstance(value, list) else _plain(value)
        for name, value in fields.items()
    }
    if sum(len(name) + len(str(value)) for name, value in tidy.items()) > MAX_COPY_CHARACTERS:
        raise Invalid("This is more than the portal can keep as you type. Shorten it, or save it in parts.", field="")
    copy, _new = WorkingCopy.objects.update_or_create(
        person=by, form=form, defaults={"fields": tidy, "seen": seen, "kept_at": at}
    )
    return copy


def copy_of(person: User, form: str) -> WorkingCopy | None:
    """Return what this person had typed into the form, or None."""
    return next(iter(_KEPT(person=person.pk, form=form)), None)


_KEPT: Final = PreparedQuery(
    lambda person, form: WorkingCopy.objects.filter(person=person, form=form).order_by("id")[:1]
)


def drop_copy(*, by: User, form: str) -> None:
    """Forget what was kept: it has been sent or saved, or the person does not want it."""
    drop_copies(by=by, forms=[form])


def drop_copies(*, by: User, forms: Collection[str]) -> None:
    """Forget what was kept of several forms."""
    WorkingCopy.objects.filter(person=by, form__in=forms).delete()


def opened(now: datetime) -> str:
    """Return what a form's hidden field ``opened`` holds: a signed note of when it was opened."""
    return signing.dumps(int(now.timestamp()), salt=_OPENED)


def note_time(*, form_kind: str, token: str, at: datetime) -> None:
    """Note how long a form took from opening to sending. A token that is not ours, or is over a day old, is passed over.

    :param form_kind: a code of :data:`commitments.models.working_copies.FORM_KINDS`.
    """
    try:
        began = signing.loads(token, salt=_OPENED)
    except signing.BadSignature:
        return
    seconds = int(at.timestamp()) - int(began)
    if 0 <= seconds <= MAX_FORM_TIME.total_seconds():
        TimeTaken.objects.create(form=form_kind, seconds=seconds, sent_on=timezone.localdate(at))


def _plain(text: Any) -> str:
    """Without the two things that the database can't keep in JSON: NUL, and half a character."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode()
