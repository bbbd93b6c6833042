"""Asking people to confirm who they are before an act that an open browser or a stolen session should not be enough for."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, overload

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.http import urlencode

from partners.sign_in.authentication_records import authenticated_recently
from partners.sign_in.second_step_guard import stopped

View = Callable[..., HttpResponseBase]
MAXIMUM_FORM_BYTES: Final = 64 * 1024
"""Bytes of a form that wait in the session while its sender confirms who they are. A larger one has to be sent again."""
FORM_LIFETIME_SECONDS: Final = 15 * 60
"""Seconds for which it waits."""
WAS_NOT_SENT: Final = "Your form was not saved while we asked you to confirm who you are. Please fill it in again."


@overload
def asks_again(view: View) -> View: ...


@overload
def asks_again(view: None = None, *, only: Callable[[HttpRequest], bool]) -> Callable[[View], View]: ...


def asks_again(
    view: View | None = None, *, only: Callable[[HttpRequest], bool] = lambda request: True
) -> View | Callable[[View], View]:
    """Let a signed-in person in who proved who they are within the last ten minutes; ask the others first.

    A page comes back at the same address. A form that was sent is kept in the session and carried out once the person has
    confirmed, so that nothing is typed twice. Use it below ``login_required``, on views without uploads.

    :param only: ask only where this is true of the request (a lead inviting a colleague, say, is not asked).
    """

    def decorate(wrapped: View) -> View:
        @wraps(wrapped)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or authenticated_recently(request) or not only(request):
                return wrapped(request, *args, **kwargs)
            return ask(request)

        return answer

    return decorate(view) if view is not None else decorate


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks, which leads back here."""
    request.session.pop(STATE_SESSION_KEY, None)  # an older form that somebody left is not carried out
    if request.method == "POST":
        typed = request.POST.urlencode()
        if len(typed) <= MAXIMUM_FORM_BYTES and not request.FILES:
            state = {"path": request.get_full_path(), "typed": typed, "at": time.time(), "person": request.user.pk}
            request.session[STATE_SESSION_KEY] = {"callback": f"{__name__}.carry_on", "state": state}
        else:
            messages.warning(request, WAS_NOT_SENT)
    where = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{where}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def carry_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Carry out the form that waited, if it is what the person came back for; the library calls this after the proof."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or state["path"]
    fresh = time.time() - state["at"] < FORM_LIFETIME_SECONDS
    if wanted != state["path"] or not fresh or state["person"] != request.user.pk:
        return redirect(get_adapter(request).get_login_redirect_url(request) if not wanted else _safe(request, wanted))
    path, _, query = state["path"].partition("?")
    request.method, request.path, request.path_info = "POST", path, path
    request.META = {**request.META, "QUERY_STRING": query, "PATH_INFO": path}
    request.GET = QueryDict(query)
    request.POST = QueryDict(state["typed"])
    found = resolve(path)
    request.resolver_match = found
    if answer := stopped(request, found.view_name):
        return answer
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return response


def _safe(request: HttpRequest, address: str) -> str:
    adapter = get_adapter(request)
    return address if adapter.is_safe_url(address) else str(adapter.get_login_redirect_url(request))
