"""What several machines need of every module: files behind one door, and nothing of the database that outlasts a transaction.

A pooler that lends out connections by the transaction gives the next one to somebody else: a lock, a setting or a table that
belongs to the session would stay with a stranger (docs/scaling.md).
"""

import re
from typing import Final

import pytest

from tests.house.source_rules import ROOT, module_paths

FILES: Final = re.compile(
    r"default_storage\.path|\bMEDIA_ROOT\b|\bFileSystemStorage\b|atomic_files\.writ|"
    r"atomic_files import .*\bwrit|content\.(?:path|url)\b"
)
OWN_FILES: Final = {
    "vcsportal/common/stored_files.py": "the one door",
    "vcsportal/settings.py": "says where the folder is",
    "vcsportal/development_email.py": "emails that a developer looks at, on their own machine",
    "vcsportal/local/": "runs a portal on one machine",
}
SESSION: Final = re.compile(
    r"pg_(?:try_)?advisory_(?:lock|unlock)|\bLISTEN\s+\w|\bNOTIFY\s+\w|\bpg_notify\b|"
    r"\bTEMP(?:ORARY)?\s+(?:TABLE|VIEW)|\bSET\s+SESSION\b|[\"';]\s*SET\s+(?!LOCAL|TRANSACTION|CONSTRAINTS)\w+|"
    r"\bWITH\s+HOLD\b|\bDISCARD\s|set_config\([^)]*,\s*false\s*\)|\bPREPARE\s+\w+\s+AS\b"
)


def _texts() -> dict[str, str]:
    return {str(path): (ROOT / path).read_text() for path in module_paths()}


def _migrations() -> dict[str, str]:
    files = (
        file
        for floor in ("partners", "commitments", "reporting")
        for file in (ROOT / floor / "migrations").glob("*.py")
    )
    return {str(file.relative_to(ROOT)): file.read_text() for file in files}


def _breaches(rule: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if rule.search(line)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Path(default_storage.path(name))", "folder = Path(settings.MEDIA_ROOT)", "open(file.content.path)",
        "from vcsportal.common.atomic_files import UNFINISHED, write", "class Mine(FileSystemStorage):",
    ],
)  # fmt: skip
def test_a_module_that_reaches_for_the_folder_is_found(text):
    assert _breaches(FILES, {"a.py": text})


def test_only_one_module_knows_that_files_may_be_in_a_folder():
    others = {name: text for name, text in _texts().items() if not name.startswith(tuple(OWN_FILES))}
    assert len(others) > 300
    assert _breaches(FILES, others) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT pg_advisory_lock(%s)", "SELECT pg_try_advisory_lock(%s)", "LISTEN news", "CREATE TEMP TABLE a",
        "create temporary table a".upper(), "SET SESSION work_mem = '1MB'", "SET statement_timeout = 0", "SET search_path TO x",
        "SELECT set_config('a', 'b', false)", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "PREPARE p AS SELECT 1",
    ],
)  # fmt: skip
def test_what_outlasts_a_transaction_is_found(text):
    assert _breaches(SESSION, {"a.py": f'cursor.execute("{text}")'})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT pg_advisory_xact_lock(%s)", "SELECT pg_try_advisory_xact_lock(1)", "SET LOCAL work_mem = '1MB'",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET CONSTRAINTS ALL DEFERRED",
        "SELECT set_config('a', 'b', true)",
    ],
)  # fmt: skip
def test_what_ends_with_its_transaction_is_allowed(text):
    assert not _breaches(SESSION, {"a.py": f'cursor.execute("{text}")'})


def test_nothing_of_the_database_outlasts_a_transaction():
    others = {
        name: text for name, text in (_texts() | _migrations()).items() if not name.startswith("vcsportal/local/")
    }
    assert _breaches(SESSION, others) == []
