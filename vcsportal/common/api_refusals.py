"""What an endpoint answers where it refuses or fails: a sentence, and the sentences by field where the fields are known.

Django REST framework answers 500 to some of what it can't read. Here each of those is 400 with a sentence.
"""

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from vcsportal.common.api_problems import MEDIA_TYPE, MULTIPART, TOO_LARGE, UNREADABLE, problem_members
from vcsportal.common.database_faults import unavailable
from vcsportal.common.words import AlreadyDone, Invalid, Refused

logger = logging.getLogger(__name__)
NOT_FOUND = "There is nothing at this address, or you do not have access to it."
SIGN_IN = "Sign in to the portal first. You need to be signed in to change something."
JSON = "Send JSON, with the content type application/json."
FORM = f"Send the file in a form, with the content type {MULTIPART}."


def answer_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with a problem document, which has ``errors`` by field where something was not valid."""
    response = _answer_plainly(exc, context)
    if response is not None:
        response.data = problem_members(response.status_code, **response.data)
        response.content_type = MEDIA_TYPE
        request = context["request"]  # also where a list was asked for as CSV, or in a format that there is not
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return response


def _answer_plainly(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, Refused):
        again = exc.again(context["request"].user) if isinstance(exc, AlreadyDone) else ""
        errors = {"errors": {exc.field: [exc.sentence]}} if isinstance(exc, Invalid) and exc.field else {}
        return Response({"detail": again or exc.sentence, **errors}, status=exc.api_status)
    if why := unavailable(exc):
        logger.warning("Answered with 503: %s", exc)
        return Response({"detail": why.sentence}, status=503, headers={"Retry-After": str(why.retry_after)})
    if isinstance(exc, RequestDataTooBig):
        return Response({"detail": TOO_LARGE}, status=413)
    if isinstance(exc, SuspiciousOperation | BadRequest | DataError | MultiPartParserError):
        return Response({"detail": UNREADABLE}, status=400)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(NOT_FOUND)
    elif isinstance(exc, exceptions.NotAuthenticated):
        exc = _with_header(exceptions.NotAuthenticated(SIGN_IN), exc)
    elif sentence := _own_sentence(exc, context):
        exc.detail = sentence  # type: ignore[attr-defined]  # it is one of the framework’s exceptions
    response = exception_handler(exc, context)
    if response is not None and isinstance(exc, exceptions.ValidationError):
        response.data = _faults(exc.detail)
    return response


def _own_sentence(exc: Exception, context: dict[str, Any]) -> str:
    """Return what to say instead of the framework's own words; "" where these will do."""
    if isinstance(exc, exceptions.MethodNotAllowed):
        takes = ", ".join(context["view"].allowed_methods)
        return f"This address does not take {str(context['request'].method)[:20]}. It takes: {takes}."
    if isinstance(exc, exceptions.UnsupportedMediaType):
        types = [parser.media_type for parser in context["request"].parsers]
        if len(types) > 1:
            return f"Send one of these, and say which in Content-Type: {', '.join(types)}."
        return FORM if types == [MULTIPART] else JSON
    if isinstance(exc, exceptions.NotAcceptable):
        return "The answer can be had as application/json, and a list also as text/csv."
    return ""


def _with_header(new: exceptions.NotAuthenticated, old: exceptions.NotAuthenticated) -> exceptions.NotAuthenticated:
    new.__dict__["auth_header"] = getattr(old, "auth_header", None)
    return new


def _faults(detail: Any) -> dict[str, Any]:
    """Return in one sentence what is wrong, and by field where the fields are known."""
    if isinstance(detail, list):
        return {"detail": " ".join(str(sentence) for sentence in detail)}
    general = detail.pop("non_field_errors", [])
    if not detail:
        return {"detail": " ".join(str(sentence) for sentence in general)}
    names = ", ".join(detail)
    return {"detail": " ".join([*map(str, general), f"Look again at: {names}."]), "errors": detail}


def bad(field: str, sentence: str) -> exceptions.ValidationError:
    """Return the refusal of one field or parameter."""
    return exceptions.ValidationError({field: [sentence]})
