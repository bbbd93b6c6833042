"""The description of the API: OpenAPI 3.1, with examples that fit, and the committed file is the one that the code makes."""

import json

import pytest
from django.core.management import CommandError, call_command
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from tests.api.test_reading import closed
from vcsportal.api_docs import description
from vcsportal.management.commands import draw_openapi


def test_it_is_openapi_3_1():
    told = description()
    validate_schema(told)
    assert told["openapi"] == "3.1.0"
    assert '"nullable"' not in json.dumps(told)


def test_every_operation_has_an_example_that_fits_its_shape():
    told, looked_at = description(), 0
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            for code, answer in operation["responses"].items():
                if code.startswith("2"):
                    content = answer["content"]["application/json"]
                    shape = closed(content["schema"], told["components"]["schemas"])
                    for example in content["examples"].values():
                        looked_at += 1
                        faults = list(Draft202012Validator(shape).iter_errors(example["value"]))
                        assert faults == [], (method, path)
    assert looked_at >= 90


def test_the_committed_file_is_the_one_that_the_code_makes(capsys, monkeypatch):
    call_command("draw_openapi", "--check")
    assert "in step" in capsys.readouterr().out
    monkeypatch.setattr(draw_openapi, "FILE", "docs/api.md")
    with pytest.raises(CommandError, match="draw_openapi"):
        call_command("draw_openapi", "--check")


def test_the_committed_file_names_no_portal_of_ours():
    text = draw_openapi.document()
    assert "127.0.0.1" not in text
    assert "https://portal.example.org" in text
