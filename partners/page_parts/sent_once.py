"""Doors whose form makes something, once for each form that was drawn."""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from partners.models import User
from partners.services import submitted_forms

FIELD: Final = "form_once"
SENT_ALREADY: Final = "You have already sent this form, at {}. It was not sent again."
_NOT_CONTENT: Final = ("csrfmiddlewaretoken", FIELD)
View = Callable[..., HttpResponse]


def sent_once(view: View) -> View:
    """Let the same form, filled in the same way, act once; lead whoever sends it again to where the first sending led.

    It stands right at the view, inside the decorators that may send somebody elsewhere first. The form holds the tag
    ``{% sent_once %}``; one without it acts as often as it is sent. The record is written in the transaction of the act, so
    that two sendings at the same moment make one thing too.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = _token(request)
        if request.method != "POST" or token is None:
            return view(request, *args, **kwargs)
        person = request.user if isinstance(request.user, User) else None
        with transaction.atomic():
            form, first = submitted_forms.begin(
                token=token, digest=_digest(request, person), person=person, at=timezone.now()
            )
            if not first:
                local = timezone.localtime(form.at)
                time = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
                messages.info(request, SENT_ALREADY.format(time))
                return redirect(form.result)
            response = view(request, *args, **kwargs)
            if 300 <= response.status_code < 400:
                submitted_forms.accepted(form, result=response["Location"])
            else:
                submitted_forms.not_accepted(form)
            return response

    door.is_sent_once = True  # type: ignore[attr-defined]  # a mark for the tests of doors
    return door


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _digest(request: HttpRequest, person: User | None) -> str:
    """Return what makes two sendings the same: who, to which address, and what was filled in, files by name and size."""
    content = {name: texts for name, texts in sorted(request.POST.lists()) if name not in _NOT_CONTENT}
    files = {name: [(file.name, file.size) for file in some] for name, some in sorted(request.FILES.lists())}
    whole = [person.pk if person else None, request.get_full_path(), content, files]
    return sha256(json.dumps(whole).encode("utf-8", "surrogatepass")).hexdigest()
