"""Carries out a request of a program once, however often it is sent: the header ``Idempotency-Key``."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from partners.models import RepeatedRequest, User
from partners.services import repeated_requests
from vcsportal.common import clock
from vcsportal.common.api_problems import problem_response

API: Final = "/api/"
HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
MAX_KEY_CHARACTERS: Final = 200
CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NO_KEY: Final = f"{HEADER} needs 1 to {MAX_KEY_CHARACTERS} printable ASCII characters."
ANOTHER: Final = f"This {HEADER} was used for another request. Make a new key for each thing that you want to do."
TOO_LARGE: Final = "The body is too large."


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
        if not (key.isascii() and key.isprintable() and key.strip() and len(key) <= MAX_KEY_CHARACTERS):
            return problem_response(400, NO_KEY)
        if not isinstance(request.user, User):
            return self.get_response(request)
        try:
            digest = _digest(request)
        except RequestDataTooBig:
            return problem_response(413, TOO_LARGE)
        with transaction.atomic():
            record, first = repeated_requests.begin(person=request.user, key=key, digest=digest, at=clock.now())
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


def _again(record: RepeatedRequest) -> HttpResponse:
    response = HttpResponse(record.answer, status=record.status, content_type="application/json")
    response[REPLAYED] = "true"
    if record.location:
        response["Location"] = record.location
    return response


def _digest(request: HttpRequest) -> str:
    """Return what makes two requests the same: method, address and body."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return sha256(head + request.body).hexdigest()
