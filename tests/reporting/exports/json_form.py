"""Holds a JSON file against the published schema, as a stranger's program would."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from reporting.exports import json_schema


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(
        json_schema.kept(json_schema.VERSION, "https://p.example"), format_checker=FormatChecker()
    )


def faults(content: bytes) -> list[str]:
    """What is wrong with the file, each with its place."""
    found = validator().iter_errors(json.loads(content))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def check(content: bytes) -> dict[str, Any]:
    """Return the file's content, which follows the schema."""
    assert faults(content) == []
    data: dict[str, Any] = json.loads(content)
    return data
