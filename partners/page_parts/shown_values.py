"""Forms about things that count no version: what the form showed travels with it, signed, and is compared when it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core import signing
from django.http import HttpRequest

FIELD: Final = "form_shown"
_SALT: Final = "partners.views.shown"


def sealed(rows: Mapping[str, str]) -> str:
    """Return what the form carries in its hidden field ``form_shown``: what it shows, as texts by their labels."""
    return signing.dumps(dict(rows), salt=_SALT, compress=True)


def carried(request: HttpRequest, rows: Mapping[str, str], stale: Sequence[str] = ()) -> str:
    """Return the hidden field's content for a page that is drawn now.

    A form that comes back to be corrected keeps what it showed first: nobody has compared it yet, and it still holds the
    old words. Once its reader has seen in ``stale`` what changed, or on a new page, it holds ``rows``.
    """
    sent = request.POST.get(FIELD, "")
    return sent if sent and not stale else sealed(rows)


def rows_of(form: forms.BaseForm) -> dict[str, str]:
    """Return what a form that nobody has filled in shows, as texts by their labels."""
    return {str(field.label).removesuffix(" (optional)"): _text(field) for field in form if not field.is_hidden}


def _text(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(value, bool):
        return "yes" if value else ""
    choices = {str(code): str(label) for code, label in getattr(field.field, "choices", ())}
    return "" if value is None else choices.get(str(value), str(value))


def changed(request: HttpRequest, rows: Mapping[str, str], history: Any) -> list[str]:
    """Return a sentence for each row that is no longer what the form showed, after one that says who changed it; else [].

    The caller holds what the rows were read from. A form without the field is not compared.

    :param history: entries with ``at`` and ``by``, of the thing.
    """
    token = request.POST.get(FIELD, "")
    if not token:
        return []
    try:
        was = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        was = {}
    differing = [label for label in {**was, **rows} if was.get(label, "") != rows.get(label, "")]
    if not differing:
        return []
    last = history.select_related("by").order_by("-at", "-id").first()
    who = "Somebody has" if last is None or last.by is None else f"{last.by.name} has"
    if last is not None and last.by_id == request.user.pk:
        who = "You have"
    return [
        f"{who} changed this since you opened it, so your changes were not saved. Save again to replace what is saved with yours.",
        *(
            f"{label}: it was “{was.get(label) or 'empty'}”, and is “{rows.get(label) or 'empty'}” now."
            for label in differing
        ),
    ]
