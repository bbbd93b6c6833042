"""What the API's description says of every request besides its shape: headers, values left empty, and times of day.

Hooks of drf-spectacular. What other programs make of the description depends on it: a client that was generated from it
sends an ``Idempotency-Key`` only if the description has one, and a tester takes every answer that is not in it for a fault.
"""

import re
from typing import Any, Final

READS: Final = frozenset({"get"})
IF_NONE_MATCH: Final[dict[str, Any]] = {
    "name": "If-None-Match", "in": "header", "required": False,
    "description": "The ETag of an answer that you have. If it is still the same, the answer is 304 without a body.",
    "schema": {"type": "string"},
}  # fmt: skip
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "description": "Made up by you for this request. Sent again with the same key, it is carried out once and answered as it was first.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}  # fmt: skip
ETAG: Final = {"description": "Which version of the answer this is.", "schema": {"type": "string"}}
REPLAYED: Final = {
    "description": "true where the answer is that of an earlier request with the same Idempotency-Key; absent otherwise.",
    "schema": {"type": "string", "enum": ["true"]},
}
UNCHANGED: Final = {"description": "Nothing has changed since the answer with this ETag.", "headers": {"ETag": ETAG}}
NEVER_EMPTY: Final = frozenset({"format", "newer", "older", "preview"})
"""Parameters that are refused if they are empty. Any other is then ignored, because a form sends all its boxes."""
REQUEST: Final = "Request"
"""How the names of shapes of bodies end."""
DECIMAL_DIGITS: Final = re.compile(r"\\d\{0,")
TIME_OF_DAY: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"


def describe_headers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give reads ``If-None-Match``, ``ETag`` and 304, and changes ``Idempotency-Key``."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            parameters = operation.setdefault("parameters", [])
            if method in READS:
                parameters.append(IF_NONE_MATCH)
                operation["responses"]["304"] = UNCHANGED
                operation["responses"]["200"].setdefault("headers", {})["ETag"] = ETAG
            else:
                parameters.append(IDEMPOTENCY_KEY)
                for code, answer in operation["responses"].items():
                    if code.startswith("2"):
                        answer.setdefault("headers", {})["Idempotency-Replayed"] = REPLAYED
    return result


def say_what_may_be_empty(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say which parameters may be sent empty: all that are not needed, but for a few."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                needed = parameter.get("required") or parameter["name"] in NEVER_EMPTY
                if parameter["in"] == "query" and not needed:
                    parameter["allowEmptyValue"] = True
    return result


def say_what_a_body_takes(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say that a body takes no other fields, and that a decimal number has at least one digit."""
    for name, shape in result["components"]["schemas"].items():
        if name.endswith(REQUEST) and "properties" in shape:
            shape["additionalProperties"] = False
        for field in shape.get("properties", {}).values():
            if DECIMAL_DIGITS.search(field.get("pattern", "")):
                field["pattern"] = DECIMAL_DIGITS.sub(r"\\d{1,", field["pattern"])
    return result


def say_times_of_day(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Describe times of day as they are: of the place, while the format ``time`` of JSON Schema has an offset from UTC."""
    for shape in result["components"]["schemas"].values():
        for field in shape.get("properties", {}).values():
            if field.get("format") == "time":
                del field["format"]
                field["pattern"] = TIME_OF_DAY
    return result
