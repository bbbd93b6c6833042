"""A refusal raised anywhere below becomes a page with its sentence, never a 500."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vcsportal.common.words import AlreadyDone, Conflict, Refused


class RefusedMiddleware:
    """Answer :class:`Refused` with 403, :class:`Conflict` with 409, and the sentence. The second of two clicks is led to the
    thing, with who did it and when.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info and not request.path_info.startswith("/api/"):  # the API says it in JSON
            raise Http404("No address holds this character, and the database can't be asked for it.")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        sentence = exception.again(request.user) if isinstance(exception, AlreadyDone) else ""
        if isinstance(exception, AlreadyDone) and sentence and request.method == "POST":
            messages.info(request, f"{sentence} Nothing more was changed.")
            return redirect(exception.thing)
        status = 409 if isinstance(exception, Conflict) else 403
        return render(request, "403.html", {"sentence": exception.sentence}, status=status)
