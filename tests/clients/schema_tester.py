"""Schemathesis as a command, over a running portal: every operation of the description, with values that fit and that do not."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.stack import ROOT
from vcsportal.management.commands.draw_openapi import FILE

SEED: Final = 2022
CHECKS: Final = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance", "ignored_auth",
)  # fmt: skip
OF_READS: Final = "positive_data_acceptance"
"""Only of reads: what a change names has to exist, and its fields have rules among each other, which can’t be described."""
FIXED: Final = {
    "path.strategy": "oxfordshire-vcs-2022-27",  # else nearly every address is one of nothing
    "query.fields": "",  # chosen fields are fewer than the shape says are there
    "header.If-None-Match": '"another"',  # one that fits is answered with 304 before the parameters are read
}
"""Parameters that always have the same value, and why."""


@dataclass(frozen=True)
class Asker:
    """Who asks, what of the description (methods, or operations by their names), and how much."""

    who: str
    methods: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""
    examples: int = 2
    phases: tuple[str, ...] = ("examples", "fuzzing")

    def settings(self, url: str) -> str:
        """Return the settings file, as TOML. JSON’s strings, lists and words are TOML’s too."""
        lines = [
            f"seed = {SEED}",
            f"base-url = {_toml(url)}",
            f"hooks = {_toml(str(ROOT / 'tests/clients/tester_hooks.py'))}",
            "color = false",
            "continue-on-failure = true",
            "warnings = false",
            "request-timeout = 30",
            "[cache]",
            "enabled = false",
            "[generation]",
            f"max-examples = {self.examples}",
            'database = "none"',
            "no-shrink = true",
            f"with-security-parameters = {'false' if self.headers else 'true'}",  # a session and a token are not taken together
            "allow-x00 = false",  # refused in every text, which no description of one text says
            "[phases.coverage]",
            'unexpected-methods = ["DELETE"]',  # no address takes it; the others are answered in the same way
            "[parameters]",
            *(f"{_toml(name)} = {_toml(value)}" for name, value in FIXED.items()),
            "[headers]",
            *(f"{_toml(name)} = {_toml(value)}" for name, value in self.headers.items()),
        ]
        if self.token:
            lines += ["[auth.openapi.token]", f"bearer = {_toml(self.token)}"]
        return "\n".join(lines)


def _toml(value: str) -> str:
    return json.dumps(value)


def strict_description() -> dict[str, Any]:
    """Return the committed description without ``default``, which any answer would fit."""
    told: dict[str, Any] = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
    for operations in told["paths"].values():
        for operation in operations.values():
            del operation["responses"]["default"]
    return told


def run(asker: Asker, url: str, folder: Path) -> tuple[dict[str, Any], str]:
    """Return the report of a run, and what it printed."""
    described, settings, report = folder / "openapi.json", folder / "settings.toml", folder / "report.json"
    described.write_text(json.dumps(strict_description()), encoding="utf-8")
    settings.write_text(asker.settings(url), encoding="utf-8")
    chosen = [word for method in asker.methods for word in ("--include-method", method)]
    chosen += [word for name in asker.operations for word in ("--include-operation-id", name)]
    checks = (*CHECKS, OF_READS) if "GET" in asker.methods else CHECKS
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(described), *chosen,
        "--phases", ",".join(asker.phases), "--checks", ",".join(checks), "--report-json-path", str(report),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=3600)
    assert report.exists(), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return told, done.stdout
