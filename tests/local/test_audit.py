"""An audit is clean only if everything was looked at and nothing was found."""

import json
import sys

import pytest

from vcsportal.local import audit

GOOD = {"name": "django", "version": "5.2.9", "vulns": []}
HOLE = {"name": "pillow", "version": "12.0.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["12.1.0"]}]}
SKIPPED = {"name": "celery", "skip_reason": "Dependency not found on PyPI and could not be audited: celery (5.6.0)"}


@pytest.mark.parametrize(
    ("packages", "counts", "clean"),
    [
        ([GOOD, GOOD], (2, 0, 0), True),
        ([GOOD, SKIPPED], (1, 1, 0), False),
        ([GOOD, HOLE], (2, 0, 1), False),
        ([SKIPPED], (0, 1, 0), False),
        ([], (0, 0, 0), False),
    ],
)
def test_what_was_skipped_is_not_clean_and_neither_is_nothing(packages, counts, clean):
    found = audit.of_pip_audit("requirements/run.txt", {"dependencies": packages})
    assert (found.looked_at, len(found.skipped), len(found.vulnerable)) == counts
    assert found.clean is clean


def test_a_hole_is_named_with_the_version_that_mends_it():
    [line] = audit.of_pip_audit("x", {"dependencies": [HOLE]}).vulnerable
    assert line == "pillow 12.0.0: CVE-2026-1, fixed in 12.1.0"


def test_npm_looks_at_all_or_says_why_not():
    clean = audit.of_npm("package-lock.json", {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 55}}})
    assert (clean.looked_at, clean.clean) == (55, True)
    found = {"esbuild": {"severity": "high", "range": "<1"}}
    hole = audit.of_npm("package-lock.json", {"vulnerabilities": found, "metadata": {"dependencies": {"total": 55}}})
    assert hole.vulnerable == ("esbuild: high, versions <1",)
    assert not hole.clean
    away = audit.of_npm("package-lock.json", {"error": {"summary": "405 Method Not Allowed"}})
    assert "405 Method Not Allowed" in away.problem
    assert not away.clean


def test_a_tool_that_fails_or_says_nothing_is_a_reason_and_no_clean_audit():
    answer, problem = audit._json([sys.executable, "-c", "import sys; sys.exit('no network')"])
    assert (answer, problem) == ({}, "The audit gave no answer that could be read: no network")
    assert "could not be made" in audit._json(["/no/such/program"])[1]
    told, problem = audit._json([sys.executable, "-c", "import sys; print('{}'); sys.exit(1)"])
    assert (told, problem) == ({}, ""), "pip-audit ends with 1 when it found something"


def test_the_result_says_how_many_were_looked_at_and_skipped(monkeypatch, capsys):
    findings = audit.of_pip_audit("requirements/run.txt", {"dependencies": [GOOD, SKIPPED]})
    monkeypatch.setattr(audit, "REQUIREMENTS", ("run",))
    monkeypatch.setattr(audit, "python", lambda name: findings)
    monkeypatch.setattr(
        audit,
        "front_end",
        lambda: audit.of_npm("package-lock.json", json.loads('{"metadata": {"dependencies": {"total": 9}}}')),
    )
    assert audit.audit() == 1
    said = capsys.readouterr().out
    assert "FAIL  requirements/run.txt: 1 checked, 1 skipped, 0 vulnerable" in said
    assert "could not be audited: celery" in said
    assert "ok    package-lock.json: 9 checked, 0 skipped, 0 vulnerable" in said
    assert "Not clean: requirements/run.txt." in said
