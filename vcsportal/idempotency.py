"""Carries out a request of a program once, however often it is sent: the header ``Idempotency-Key``."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve

from partners.models import RepeatedRequest, User
from partners.services import repeated_requests
from vcsportal.common import clock
from vcsportal.common.api_problems import MULTIPART, TOO_LARGE, UNREADABLE, problem_response
from vcsportal.common.even_if_refused import wait_for_the_end

API: Final = "/api/"
HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
MAX_KEY_CHARACTERS: Final = 200
CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NO_KEY: Final = f"{HEADER} needs 1 to {MAX_KEY_CHARACTERS} printable ASCII characters."
ANOTHER: Final = f"This {HEADER} was used for another request. Make a new key for each thing that you want to do."


class IdempotencyMiddleware:
    """Answers the same request again as it was answered first, with ``Idempotency-Replayed: true``.

    The record is written in the transaction of what the request changes: both are there or neither is, and a second sending
    at the same moment waits for the first. What was refused is not kept: it changed nothing, and may be sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method not in CHANGING or not request.path_info.startswith(API):
            return self.get_response(request)
        if not _is_taken(request):
            return self.get_response(request)
        if not (key.isascii() and key.isprintable() and key.strip() and len(key) <= MAX_KEY_CHARACTERS):
            return problem_response(400, NO_KEY)
        if not isinstance(request.user, User):
            return self.get_response(request)
        try:
            digest = _digest(request)
        except RequestDataTooBig:
            return problem_response(413, TOO_LARGE)
        except (MultiPartParserError, TooManyFieldsSent):
            return problem_response(400, UNREADABLE)
        later = wait_for_the_end(request)
        response = self._once(request, request.user, key, digest)
        for write in later:
            write()
        return response

    def _once(self, request: HttpRequest, person: User, key: str, digest: str) -> HttpResponse:
        with transaction.atomic():
            record, first = repeated_requests.begin(person=person, key=key, digest=digest, at=clock.now())
            if not first:
                return _again(record) if record.digest == digest else problem_response(422, ANOTHER)
            response = self.get_response(request)
            if response.status_code >= 300 or response.streaming:
                transaction.set_rollback(True)
            else:
                location = response.headers.get("Location", "")
                answer = response.content.decode()
                repeated_requests.answered(record, status=response.status_code, answer=answer, location=location)
        return response


def _is_taken(request: HttpRequest) -> bool:
    """Whether there is such an address, and it takes the method; if not, the answer says so, whatever the key is."""
    try:
        view: Any = resolve(request.path_info).func
    except Resolver404:
        return False
    method = str(request.method).lower()
    return method in getattr(view, "actions", ()) or hasattr(getattr(view, "cls", None), method)


def _again(record: RepeatedRequest) -> HttpResponse:
    response = HttpResponse(record.answer, status=record.status, content_type="application/json")
    response[REPLAYED] = "true"
    if record.location:
        response["Location"] = record.location
    return response


def _digest(request: HttpRequest) -> str:
    """Return what makes two requests the same: method, address and body.

    A form with files is read as the view will read it, with the limits on files, and a part of a file at a time: it never is in
    memory as a whole. Its boundary, which many programs make up anew each time, does not count.
    """
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != MULTIPART or request.method != "POST":
        digest.update(request.body)
        return digest.hexdigest()
    for name, texts in sorted(request.POST.lists()):
        digest.update(json.dumps([name, texts]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            whole = sha256()
            for part in file.chunks():
                whole.update(part)
            file.seek(0)
            digest.update(json.dumps([name, file.name, whole.hexdigest()]).encode())
    return digest.hexdigest()
