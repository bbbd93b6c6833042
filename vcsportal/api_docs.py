"""The API's description: once for machines (OpenAPI), once for people, both drawn from the views.

The ready-made documentation pages need styles that the portal's Content-Security-Policy refuses, and are not
accessible. Ours is a page like any other: no script, and it can be read aloud and printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from vcsportal.api_tokens import CHANGES
from vcsportal.common.api_filters import check_names
from vcsportal.common.api_problems import PROBLEMS

BY_PROGRAMS: Final = "token"
"""How the description calls the way in of programs."""
PART_OF_PATH: Final = re.compile(r"\{[^}]*\}")
NULLABLE: Final = "x-or-null"
"""Says of a shape whose reference was followed that it may be null."""


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter, or one field of a body."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``body_type`` is the content type in which its body is sent, "" where it has none."""

    key: str
    method: str
    path: str
    text: str
    parameters: list[Field]
    body: list[Field]
    body_type: str
    answer: list[Field]
    answers: list[tuple[str, str]]


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description. It depends on the code alone, so it is made once."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the library gives no types
    return made


def say_what_tokens_change(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of each change whether a token may make it, and which scope it needs; a hook of drf-spectacular."""
    for path, operations in result["paths"].items():
        scope = CHANGES.get(resolve(PART_OF_PATH.sub("1", path)).view_name)
        for method, operation in operations.items():
            if method != "get":
                tokens = [{BY_PROGRAMS: [scope]}] if scope else []
                operation["security"] = [*tokens, *(way for way in operation["security"] if BY_PROGRAMS not in way)]
    return result


class Schema(APIView):
    """The description for machines."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        check_names(request, set())
        return Response(description())


@cache
def _groups() -> list[tuple[str, list[Operation]]]:
    told = description()
    found: dict[str, list[Operation]] = {}
    for path, operations in told["paths"].items():
        parts = path.removeprefix("/api/v1/").split("/")
        name = parts[2] if len(parts) > 4 else parts[0]
        name = "updates" if "updates" in parts else name
        for method, operation in operations.items():
            found.setdefault(name, []).append(_operation(path, method, operation, told["components"]["schemas"]))
    return sorted((name.capitalize(), operations) for name, operations in found.items())


def _operation(path: str, method: str, operation: dict[str, Any], shapes: dict[str, Any]) -> Operation:
    where = {"path": "in the address", "query": ""}
    parameters = [
        Field(p["name"], " ".join(filter(None, [_kind(p["schema"]), where[p["in"]]])), p.get("required", False), p.get("description", ""))
        for p in operation.get("parameters", [])
        if p["in"] in where  # headers are the same everywhere, and explained once
    ]  # fmt: skip
    sent = operation.get("requestBody", {}).get("content", {})
    body_type = "application/json" if "application/json" in sent else next(iter(sent), "")
    good = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
    answer = good["content"]["application/json"]["schema"]
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        text=operation.get("description", ""),
        parameters=parameters,
        body=list(_fields(sent[body_type]["schema"], shapes)) if sent else [],
        body_type=body_type,
        answer=list(_fields(answer, shapes)),
        answers=[
            (code, told["description"])
            for code, told in operation["responses"].items()
            if told.get("description") and code != "default"  # the list of problems has it
        ],
    )


def _whole(shape: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        whole: dict[str, Any] = shapes[shape["$ref"].rsplit("/", 1)[1]]
        return whole
    if "oneOf" in shape and {"type": "null"} in shape["oneOf"]:
        [inner] = [each for each in shape["oneOf"] if each != {"type": "null"}]
        return {
            **_whole(inner, shapes),
            **{key: value for key, value in shape.items() if key != "oneOf"},
            NULLABLE: True,
        }
    if "allOf" in shape:
        return {**_whole(shape["allOf"][0], shapes), **{key: value for key, value in shape.items() if key != "allOf"}}
    return shape


def _fields(shape: dict[str, Any], shapes: dict[str, Any], before: str = "") -> Iterator[Field]:
    shape = _whole(shape, shapes)
    if shape.get("type") == "array":
        yield from _fields(shape["items"], shapes, before)
    for name, inner in shape.get("properties", {}).items():
        whole = _whole(inner, shapes)
        text = whole.get("description", "") if inner is not whole or "$ref" not in inner else ""
        yield Field(f"{before}{name}", _kind(whole), name in shape.get("required", []), text)
        yield from _fields(whole, shapes, f"{before}{name}.")


def _kind(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return " or ".join(_kind(each) for each in shape["anyOf"])
    types = shape.get("type", "")
    nullable = NULLABLE in shape or "null" in types
    kind = next((name for name in types if name != "null"), "") if isinstance(types, list) else types
    if "enum" in shape:
        words = f"one of: {', '.join(str(word) for word in shape['enum'] if word not in (None, ''))}"
    elif kind == "array":
        words = f"list, each {_kind(shape['items'])}" if "$ref" not in shape["items"] else "list"
    else:
        words = {"date": "date", "date-time": "date and time", "uri": "address", "uuid": "UUID", "binary": "file"}.get(
            shape.get("format", ""), {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
                kind, "object"
            )
        )  # fmt: skip
    return f"{words}, or null" if nullable else words


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    site = settings.PORTAL_URL
    values = {"groups": _groups(), "problems": PROBLEMS, "root": f"{site}/api/v1/", "site": site}
    return render(request, "pages/api.html", values)
