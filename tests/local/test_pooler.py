"""The portal behind PgBouncer in transaction mode: what it must not rely on, and that pages, lists, jobs and commands do not."""

import csv
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any, Final

import psycopg2
import psycopg2.errors
import pytest

from tests.long import only_in_test_all
from tests.pooler import BEHIND_POOLER, only_with_pooler, pooler_before
from tests.small_portal import portal_with_report
from tests.stack import ROOT, Stack, fresh_database, started, static_files
from vcsportal.common.processes import dies_with_us

pytestmark = [only_in_test_all, only_with_pooler, pytest.mark.timeout(900)]
CONNECTIONS: Final = 4
AT_ONCE: Final = 12
PAGES: Final = ("/", "/evidence/", "/search/?q=food", "/data/", "/reports/", "/api/v1/organisations/", "/feed.atom")
CSV: Final = "/api/v1/evidence/?format=csv"
COMMANDS: Final = (("check_files",), ("check_security_events",), ("send_mails",), ("apply_retention",))


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[str]:
    with fresh_database(os.environ["DATABASE_URL"]) as url, pooler_before(url, tmp_path, connections=2) as found:
        yield found


def connected(url: str) -> Any:
    made = psycopg2.connect(url)
    made.autocommit = True
    return closing(made)


def asked(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_cursor_of_a_connection_is_left_with_a_stranger(pooled: str) -> None:
    with connected(pooled) as mine, connected(pooled) as stranger:
        asked(mine, "DECLARE rows_of_mine CURSOR WITH HOLD FOR SELECT 7")
        asked(stranger, "BEGIN")
        assert asked(stranger, "FETCH rows_of_mine") == 7
        with pytest.raises(psycopg2.errors.InvalidCursorName):
            asked(mine, "FETCH rows_of_mine")


def test_limits_that_come_with_a_connection_are_refused(pooled: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="unsupported startup parameter"):
        psycopg2.connect(pooled, options="-c statement_timeout=1")


def test_pages_lists_jobs_and_commands_work_with_few_connections(tmp_path: Path) -> None:
    with portal_with_report(tmp_path) as stack:
        direct = stack.env["DATABASE_URL"]
        with pooler_before(direct, tmp_path, connections=CONNECTIONS) as url:
            stack.env.update(BEHIND_POOLER, DATABASE_URL=url, DEBUG="0", STATIC_ROOT=str(static_files(stack)))
            stack.env.update(READS_A_MINUTE="0", BACKUP_PASSPHRASE="correct horse battery staple")
            with started(stack, workers=2):
                many_read_at_once(stack)
                for words in COMMANDS:
                    stack.manage(*words)
                a_backup_is_whole(stack, tmp_path)
                two_hold_one_lock(stack)
                a_report_is_made(stack)


def many_read_at_once(stack: Stack) -> None:
    """Pages and whole lists for more readers than there are connections."""

    def read(address: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"{stack.url}{address}", timeout=60) as answer:
            return answer.status, answer.read().decode()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(read, [*PAGES, CSV] * 6))
    assert {status for status, _text in answers} == {200}
    lists = {text for address, (_status, text) in zip([*PAGES, CSV] * 6, answers, strict=True) if address == CSV}
    [text] = lists
    count = json.loads(read("/api/v1/evidence/?page_size=1")[1])["count"]
    assert len(list(csv.reader(StringIO(text)))) == count + 1


def a_backup_is_whole(stack: Stack, folder: Path) -> None:
    backups = folder / "backups"
    backups.mkdir()
    assert "It has been read back and is complete." in stack.manage("backup", str(backups))


LOCK: Final = """
import sys
from vcsportal.common.held_locks import held
with held(77) as is_ours:
    print(is_ours, flush=True)
    sys.stdin.readline()
"""


def two_hold_one_lock(stack: Stack) -> None:
    """A lock is one process's, whatever connections are lent meanwhile; then it is the other's."""
    words = [sys.executable, "manage.py", "shell", "-v0", "-c", LOCK]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=stack.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=dies_with_us(signal.SIGKILL),
    ) as first:
        assert first.stdin
        assert first.stdout
        assert first.stdout.readline() == "True\n"
        assert stack.manage("shell", "-v0", "-c", LOCK) == "False\n"
        first.stdin.write("\n")
        first.stdin.close()
        first.wait(60)
    assert stack.manage("shell", "-v0", "-c", LOCK) == "True\n"


MADE: Final = """
import time
from django.utils import timezone
from reporting.models import Edition
from reporting.services.editions import request_edition
last = Edition.objects.order_by("-pk")[0]
asked = request_edition(by=last.requested_by, at=timezone.now(), round_=last.round)
for _ in range(1500):
    asked.refresh_from_db()
    if asked.state in {"ready", "failed"}:
        break
    time.sleep(0.2)
print(asked.state, asked.error, asked.faces.count())
"""


def a_report_is_made(stack: Stack) -> None:
    assert stack.manage("shell", "-v0", "-c", MADE, seconds=400).strip().startswith("ready  1")
