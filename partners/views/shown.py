"""Forms about things that count no version: what the form showed travels with it, signed, and is compared when it is sent."""

from collections.abc import Mapping
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest

FIELD: Final = "form_shown"
_SALT: Final = "partners.views.shown"


def sealed(rows: Mapping[str, str]) -> str:
    """Return what the form carries in its hidden field ``form_shown``: what it shows, as texts by their labels."""
    return signing.dumps(dict(rows), salt=_SALT, compress=True)


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
        f"{who} changed this since you opened it, so nothing of yours was saved. Save again to put yours in its place.",
        *(
            f"{label}: it was “{was.get(label) or 'empty'}”, and is “{rows.get(label) or 'empty'}” now."
            for label in differing
        ),
    ]
