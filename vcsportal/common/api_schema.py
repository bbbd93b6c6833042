"""What drf-spectacular can't read off the views by itself."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from vcsportal.common.api import ListDoor
from vcsportal.common.api_choices import INCLUDE, INCLUDED, choice_parameters
from vcsportal.common.api_csv import FORMAT
from vcsportal.common.api_pages import Pages
from vcsportal.common.api_problems import MEDIA_TYPE, MULTIPART

REFUSALS = {
    "400": "Something in the request can't be read, or is not valid: errors names the fields.",
    "401": "Nobody is signed in.",
    "403": "You are signed in, but you may not do this.",
    "404": "There is nothing there, or you do not have access to it.",
    "406": "The answer can’t be had in any format that Accept names.",
    "409": "It can't be done in its present state, or someone has changed it since you read it.",
    "413": "The body is too large.",
    "415": "The body has a content type that can’t be read. Send application/json.",
    "422": "The Idempotency-Key was used for another request.",
}
OF_READS = ("400", "401", "404", "406")
"""The refusals of a read; 401 where a token is sent that is not known."""
SEVERAL = "Several commitments have had this number: commitments has the key and the address of each."
OF_FORMS = {
    "413": "The file is larger than a file may be: the answer says how large that is.",
    "415": f"The body has a content type that can’t be read. Send {MULTIPART}.",
}
"""Refusals of what is sent in a form."""
TOO_OFTEN = "You have made too many requests in a minute. Retry-After says when to try again."
COMMITMENT_NAMES = frozenset({"key", "commitment"})
"""Parameters that take the number of a commitment in place of its key."""
LIMITS = {
    "RateLimit-Limit": "How often you may read in a minute. Absent where the portal sets no limit.",
    "RateLimit-Remaining": "How often you may read until the minute is over.",
    "RateLimit-Reset": "Seconds until the next minute begins.",
}
"""Headers of every read."""
NOT_NOW = {
    "description": "Try again later: someone else is saving the same thing, or the database is unavailable. Nothing is wrong with the request.",
    "headers": {
        "Retry-After": {"description": "In how many seconds to try again.", "schema": {"type": "integer", "minimum": 1}}
    },
}
REFUSAL = {
    "type": "object",
    "description": "A problem document (RFC 9457): what is wrong with this request.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "The kind of problem: an address that explains it."},
        "title": {"type": "string", "description": "The kind of problem in a few words, always the same."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {"type": "string", "description": "What is wrong, as a sentence."},
        "errors": {
            "type": "object",
            "additionalProperties": True,
            "description": "Sentences by field or parameter.",
        },
    },
}
AS_CSV = {
    "name": FORMAT, "in": "query", "required": False,
    "description": "The format, where Accept can’t be sent. CSV has all rows that the filters leave, and counts as ten reads.",
    "schema": {"type": "string", "enum": ["json", "csv"]},
}  # fmt: skip
OTHER_PROBLEM = "Anything else that went wrong, such as a method that the address does not take."


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library gives no types
    """A token that a person made for a program."""

    target_class = "vcsportal.common.api_access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class PortalSchema(AutoSchema):
    """Describes also what may be asked of every list and item: fewer fields, related things, what changed."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        view: Any = self.view
        if operation is None or not issubclass(type(view), ListDoor) or view.action not in {"list", "retrieve"}:
            return operation
        operation.setdefault("parameters", []).extend(choice_parameters(view))
        if view.action == "list":
            operation["parameters"].append(AS_CSV)
            operation["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
        if view.includes:
            component = self.resolve_serializer(view.serializer_class, "response")
            component.schema["properties"][INCLUDED] = {
                "type": "object",
                "description": f"What was asked for with {INCLUDE}; absent otherwise.",
                "properties": {
                    name: {
                        "type": "array",
                        "items": self.resolve_serializer(related.door.serializer_class, "response").ref,
                    }
                    for name, related in view.includes.items()
                },
            }
        return operation


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library gives no types
    """The portal's session cookie."""

    target_class = "vcsportal.common.api_access.PortalSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Sign in on the portal's pages. Writes also need its CSRF token in X-CSRFToken.",
        }


BOUNDS: dict[str, tuple[int, int]] = {
    "page": (1, Pages.last_page),
    "page_size": (1, Pages.max_page_size),
    "priority": (1, 1000),
    "lead": (1, 2**63 - 1),
}
"""The numbers that a parameter of this name may hold, where its operation does not say others."""


def say_who_may_read(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of every read that it needs no account, though it shows more to some who have one; and give numbers their bounds."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method == "get":
                operation["security"] = [{}, *filter(None, operation.get("security", []))]
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query" and parameter["schema"].get("type") == "integer":
                    least, most = BOUNDS[parameter["name"]]
                    parameter["schema"] = {"minimum": least, "maximum": most} | parameter["schema"]
    return result


def tell_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to every operation the refusals that it may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Refusal"] = REFUSAL
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for code in OF_READS if method == "get" else REFUSALS:
                operation["responses"].setdefault(code, {"description": REFUSALS[code]}).setdefault("content", content)
            if "{strategy}" in path and COMMITMENT_NAMES & {each["name"] for each in operation.get("parameters", [])}:
                operation["responses"]["300"] = {"description": SEVERAL, "content": content}
            if MULTIPART in operation.get("requestBody", {}).get("content", {}):
                operation["responses"] |= {
                    code: {"description": says, "content": content} for code, says in OF_FORMS.items()
                }
            if method == "get":
                _tell_limits(operation["responses"], content)
            operation["responses"]["503"] = NOT_NOW | {"content": content}
            operation["responses"]["default"] = {"description": OTHER_PROBLEM, "content": content}
            for code, answer in operation["responses"].items():
                if code.startswith("4"):  # also where the endpoint says in its own words when that is
                    answer.setdefault("content", content)
    return result


def _tell_limits(responses: dict[str, Any], content: dict[str, Any]) -> None:
    headers = {name: {"description": says, "schema": {"type": "integer"}} for name, says in LIMITS.items()}
    wait = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    responses["429"] = {"description": TOO_OFTEN, "content": content, "headers": wait | headers}
    if "200" in responses:
        responses["200"].setdefault("headers", {}).update(headers)
