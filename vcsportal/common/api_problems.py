"""What the API says when it refuses or fails: a problem document, as RFC 9457 describes it.

``type`` is an address of the API's page that explains the problem; ``detail`` is the sentence for this request. What
else is known, such as ``errors`` by field, are further members. The table is also read by the API's page.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

MEDIA_TYPE: Final = "application/problem+json"
MULTIPART: Final = "multipart/form-data"
TOO_LARGE: Final = "The body is too large."
UNREADABLE: Final = "The request contains a value that can't be read."


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem. ``code`` is part of its address and never changes; ``meaning`` says what to do about it."""

    status: int
    code: str
    title: str
    meaning: str

    @property
    def anchor(self) -> str:
        """The place on the API's page that explains it."""
        return f"problem-{self.code}"

    @property
    def address(self) -> str:
        """Its ``type``. It comes from the settings, as every absolute address does."""
        return f"{settings.PORTAL_URL}{reverse('api:docs')}#{self.anchor}"


PROBLEMS: Final = (
    Problem(
        300, "several-commitments", "Several commitments have had this number",
        "Choose one of commitments by its dates, and use its key.",
    ),
    Problem(
        400, "not-valid", "The request is not valid",
        "A parameter, a field or the body is unknown, missing or can’t be read. Where the fields are known, errors has sentences for each.",
    ),
    Problem(401, "not-signed-in", "Sign in first", "Reading needs no account, but changing something does."),
    Problem(
        403, "not-allowed", "You may not do this",
        "Your role does not include it, or the session was sent without its CSRF token.",
    ),
    Problem(404, "not-found", "There is nothing here", "Nothing has this address, or you do not have access to it."),
    Problem(
        405, "wrong-method", "This address does not take this method", "The header Allow has the methods that it takes."
    ),
    Problem(
        406, "wrong-format", "There is no answer in this format",
        "Every address answers in JSON, and every list also in CSV (text/csv).",
    ),
    Problem(408, "too-slow", "The body arrived too slowly", "Nothing was saved. Check the connection, then try again."),
    Problem(
        409, "not-now", "This can’t be done now",
        "It can’t be done in its present state, or someone has changed it since you read it. Read it again, then decide.",
    ),
    Problem(413, "too-large", "The body is too large", "Send a smaller body, or a smaller file."),
    Problem(415, "wrong-content-type", "This content type can’t be read", "Send JSON, as application/json; a file in a form, as multipart/form-data."),
    Problem(
        422, "key-used-before", "The key was used for another request",
        "An Idempotency-Key stands for one request. Make a new key for each thing that you want to do.",
    ),
    Problem(
        429, "too-many-requests", "Too many requests", "Retry-After has the number of seconds until you can continue."
    ),
    Problem(500, "our-mistake", "Something went wrong on our side", "The mistake was recorded. Nothing was changed."),
    Problem(
        503, "not-available", "Not available at the moment",
        "Retry-After has the number of seconds to wait. Nothing is wrong with the request.",
    ),
)  # fmt: skip
BY_STATUS: Final = {problem.status: problem for problem in PROBLEMS}


def problem_members(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return the members of a problem document.

    :param more: further members, such as ``errors``.
    """
    kind = BY_STATUS.get(status) or BY_STATUS[400 if status < 500 else 500]
    return {"type": kind.address, "title": kind.title, "status": status, "detail": detail, **more}


def problem_response(status: int, detail: str) -> HttpResponse:
    """Return a problem document from outside the API's own views, such as from a middleware."""
    members = json.dumps(problem_members(status, detail), ensure_ascii=False)
    return HttpResponse(members, status=status, content_type=MEDIA_TYPE)
