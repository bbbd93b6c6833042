"""What a page asks about the session of the person who reads it, so that nobody is signed out in the middle of a sentence.

``static/src/session.js`` asks how long the session lasts, makes it last longer, and saves what is typed into forms that are
not saved as they are typed (those have :mod:`commitments.page_parts.autosave`).
"""

from typing import Final

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.services.working_copies import copy_of, drop_copy, keep_copy
from partners.models import User
from partners.sessions.ending import note_seen
from partners.sessions.limits import time_left
from vcsportal.common.pages import GET_OR_POST

UNSAVED: Final = frozenset({"csrfmiddlewaretoken", "act", "page"})
MAX_ADDRESS_CHARACTERS: Final = 250


@require_http_methods(GET_OR_POST)
def session(request: HttpRequest) -> JsonResponse:
    """Say how many seconds are left, 0 to somebody who is not signed in; on POST, stay, save what is typed, or give it back."""
    person = request.user
    if not isinstance(person, User):
        return JsonResponse({"left": 0})
    act, fields = request.POST.get("act", ""), dict[str, list[str]]()
    if act == "stay":
        note_seen(session=request.session)
    elif act == "keep":
        typed = {name: request.POST.getlist(name) for name in request.POST if name not in UNSAVED}
        keep_copy(by=person, at=timezone.now(), form=_form(request), fields=typed, seen=None)
    elif act == "restore":
        copy = copy_of(person, _form(request))
        fields = copy.fields if copy else {}
        drop_copy(by=person, form=_form(request))
    time = time_left(request.session, person, now=timezone.now(), used=act == "stay")
    return JsonResponse(
        {
            "left": time.left.total_seconds(),
            "warned": time.warned.total_seconds(),
            "can_stay": time.can_stay,
            "person": person.pk,
            "token": get_token(request),
            "fields": fields,
        }
    )


def _form(request: HttpRequest) -> str:
    return f"page:{request.POST.get('page', '')[:MAX_ADDRESS_CHARACTERS]}"
