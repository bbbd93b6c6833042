"""What the views of forms that are saved as people type share: keeping, giving back, and a session that ended
meanwhile.

A form that wants this carries the hidden fields of :func:`hidden` and ``data-keep``; its view stands behind
:func:`autosaved` instead of ``login_required`` and answers ``act=keep`` with :func:`keep`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, Final, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.dateformat import format as written

from commitments.models import WorkingCopy
from commitments.services.working_copies import keep_copy, opened
from partners.models import User
from partners.signed_in import signed_in_person
from vcsportal.common.words import Refused

UNSAVED_FIELDS: Final = ("csrfmiddlewaretoken", "act", "opened", "whose")
HELD_SESSION_KEY: Final = "words_held"
MAX_HELD_CHARACTERS: Final = 100_000
SIGNED_FIELD_LASTS: Final = timedelta(days=7)
SIGNED_OUT: Final = "You were signed out. What you typed has been saved. Sign in again to carry on."
_WHOSE: Final = "commitments.typed.whose"
View = Callable[..., HttpResponse]


def hidden(person: User) -> dict[str, str]:
    """Return the hidden fields: when the form was opened, and whose form it is, both signed."""
    return {"opened": opened(timezone.now()), "whose": signing.dumps(person.pk, salt=_WHOSE)}


def fields_of(data: QueryDict) -> dict[str, list[str]]:
    """Return what was typed, without what only serves the form."""
    return {name: data.getlist(name) for name in data if name not in UNSAVED_FIELDS}


def copy_as_data(copy: WorkingCopy) -> QueryDict:
    """Return what was kept in the shape in which a form takes it."""
    data = QueryDict(mutable=True)
    for name, value in copy.fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def keep(request: HttpRequest, form: str, seen: int | None, fields: Mapping[str, Any] | None = None) -> HttpResponse:
    """Keep what is being typed; 204 with the time in ``Kept-At``, for the line under the form.

    :param fields: what to keep of it; None for all that was typed.
    """
    now, fields = timezone.now(), fields_of(request.POST) if fields is None else fields
    try:
        keep_copy(by=signed_in_person(request), at=now, form=form, fields=fields, seen=seen)
    except Refused as refused:
        return HttpResponse(refused.sentence, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"Kept-At": written(timezone.localtime(now), "H:i")})


def autosaved(view: View) -> View:
    """Let in who has signed in. Of somebody whose session ended while they wrote, hold the words until they are back."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        whose = _read(request.POST.get("whose", ""))
        fields = fields_of(request.POST)
        if whose is not None and len(str(fields)) <= MAX_HELD_CHARACTERS:
            request.session[HELD_SESSION_KEY] = {"path": request.path, "whose": whose, "fields": fields}
            if request.POST.get("act") != "keep":  # somebody who pressed a button will see the next page
                messages.info(request, SIGNED_OUT)
        return redirect_to_login(request.path)

    return door


def held(request: HttpRequest) -> dict[str, list[str]]:
    """Return, once, what this person sent to this address after their session had ended; {} if nothing."""
    kept = request.session.get(HELD_SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[HELD_SESSION_KEY]
    return cast(dict[str, list[str]], kept["fields"]) if kept["whose"] == signed_in_person(request).pk else {}


def _read(token: str) -> int | None:
    try:
        return int(signing.loads(token, salt=_WHOSE, max_age=SIGNED_FIELD_LASTS))
    except signing.BadSignature:
        return None
