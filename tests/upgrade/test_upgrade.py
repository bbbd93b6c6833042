"""A portal that was filled by version 0.3.0 and is brought up to today's tables: nothing that was kept or sealed is lost.

``from_0_3_0/`` holds the demonstration's database as that version's own commands left it (`pg_dump`, the session settings
and comments left out), with one published edition and one still to be made, and those files of the published edition
that are small enough to keep.
"""

import json
import lzma
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg2
import pytest

from reporting import rendering
from reporting.facts import checksum, from_json
from reporting.formats import FORMATS
from tests.commands import Commands, commands
from tests.stack import Stack, empty_portal, started

KEPT = Path(__file__).parent / "from_0_3_0"
SEALED_TABLES = ("reporting_edition", "reporting_face", "reporting_citation", "reporting_withdrawal")


@dataclass(frozen=True)
class Upgraded:
    """The portal after the upgrade, and what its tables held before."""

    stack: Stack
    commands: Commands
    counts: dict[str, int]
    sealed: dict[str, list[dict[str, Any]]]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        return ask(self.stack, statement)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urlopen(f"{self.stack.url}{path}", timeout=60) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()


def ask(stack: Stack, statement: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(stack.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def rows(stack: Stack, table: str) -> list[dict[str, Any]]:
    return [row for (row,) in ask(stack, f"SELECT to_jsonb(t) FROM {table} t ORDER BY id")]


def restore(stack: Stack) -> None:
    with (
        closing(psycopg2.connect(stack.env["DATABASE_URL"])) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(lzma.decompress((KEPT / "portal.sql.xz").read_bytes()).decode())
    shutil.copytree(KEPT / "files", stack.data / "files")


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    with empty_portal(tmp_path_factory.mktemp("upgrade")) as stack:
        restore(stack)
        tables = ask(stack, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        counts = {name: int(ask(stack, f'SELECT count(*) FROM "{name}"')[0][0]) for (name,) in tables}
        sealed = {name: rows(stack, name) for name in SEALED_TABLES}
        with commands(stack.env) as running:
            running.done("migrate", "-v0")
            with started(stack):
                yield Upgraded(stack, running, counts, sealed)


def published(upgraded: Upgraded) -> dict[str, Any]:
    [edition] = [row for row in upgraded.sealed["reporting_edition"] if row["published_at"]]
    return edition


def test_no_row_is_lost(upgraded):
    assert len(upgraded.counts) > 50
    assert upgraded.counts["commitments_evidence"] == 324
    passing = {"django_migrations", "django_content_type", "auth_permission", "django_session"}
    for table, before in upgraded.counts.items():
        if table not in passing:
            [(after,)] = upgraded.ask(f'SELECT count(*) FROM "{table}"')
            assert after >= before, table


def test_what_was_sealed_is_as_it_was(upgraded):
    assert [len(upgraded.sealed[name]) for name in SEALED_TABLES[:3]] == [2, 9, 54]
    edition = published(upgraded)
    for table in SEALED_TABLES:
        now = {row["id"]: row for row in rows(upgraded.stack, table)}
        for was in upgraded.sealed[table]:
            if was.get("edition_id", was["id"]) == edition["id"]:
                assert {name: now[was["id"]][name] for name in was} == was
    assert checksum(edition["facts"]) == edition["facts_sha256"]


def test_its_files_are_served_byte_for_byte(upgraded):
    codes = []
    for face in upgraded.sealed["reporting_face"]:
        file = KEPT / "files" / face["content"]
        if file.exists():
            status, content = upgraded.get(f"/reports/{face['edition_id']}/files/{face['code']}/")
            assert (status, sha256(content).hexdigest()) == (200, face["sha256"]), face["code"]
            codes.append(face["code"])
    assert len(codes) == 7


def test_its_facts_load_and_are_drawn(upgraded):
    edition = published(upgraded)
    assert edition["facts"]["schema"] == 3
    report = from_json(json.loads(json.dumps(edition["facts"])))
    assert len(report.commitments()) == 32
    assert "Promote and champion the work of the VCS" in rendering.to_html(report)


def test_it_is_read_and_verified_by_anybody(upgraded):
    edition = published(upgraded)
    status, page = upgraded.get("/reports/of/oxfordshire-vcs-2022-27/2023-24/")
    assert status == 200
    assert b"Promote and champion the work of the VCS" in page
    total = edition["facts_sha256"]
    printed = "".join(
        page.decode().split("proof__sum")[1].split("</p>")[0].replace("<span>", "").replace("</span>", "").split()
    )
    assert total in printed
    for known in (total, *(face["sha256"] for face in upgraded.sealed["reporting_face"])):
        status, _page = upgraded.get(f"/reports/verify/{known}/")
        assert status == 200, known
    assert upgraded.get(f"/reports/verify/{'0' * 64}/")[0] == 404


@pytest.mark.parametrize(
    "path", ["/", "/strategies/oxfordshire-vcs-2022-27/", "/evidence/", "/organisations/", "/reports/"]
)
def test_its_pages_open(upgraded, path):
    assert upgraded.get(path)[0] == 200


def test_every_organisation_takes_part_as_it_did(upgraded):
    [(standing, count)] = upgraded.ask("SELECT standing, count(*) FROM partners_organisation GROUP BY standing")
    assert standing == "takes_part"
    assert count >= upgraded.counts["partners_organisation"] > 20, "a group that steers may have been added"
    assert upgraded.ask(
        "SELECT count(*) FROM partners_organisation WHERE removed_at IS NOT NULL OR ended_on IS NOT NULL"
    ) == [(0,)]


def test_every_commitment_keeps_its_page_status_and_history(upgraded):
    addresses = upgraded.ask(
        "SELECT s.slug, c.reference FROM commitments_commitment c JOIN commitments_strategy s ON s.id = c.strategy_id"
    )
    assert len(addresses) == 52
    for slug, reference in addresses:
        status, page = upgraded.get(f"/strategies/{slug}/commitments/{reference}/")
        assert (status, reference.encode() in page) == (200, True), (slug, reference)


def test_loading_todays_file_moves_no_status(upgraded):
    standing = "SELECT wording, status, status_reason, version FROM commitments_commitment ORDER BY id"
    before = upgraded.ask(standing)
    upgraded.commands.done("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
    assert upgraded.ask(standing) == before
    again = upgraded.commands.done("load_strategy", "commitments/strategies/oxfordshire-vcs-2022-27.toml")
    assert "Nothing changed" in again


def test_what_was_waiting_is_made(upgraded):
    until = time.monotonic() + 120
    # its photographs are not kept beside the test, so a sentence says that they are left out
    while (found := upgraded.ask("SELECT state, error FROM reporting_edition WHERE id = 2"))[0][0] != "ready":
        assert time.monotonic() < until, found
        time.sleep(0.5)
    [(schema, faces)] = upgraded.ask(
        "SELECT facts->>'schema', (SELECT count(*) FROM reporting_face f WHERE f.edition_id = e.id)"
        " FROM reporting_edition e WHERE id = 2"
    )
    assert (int(schema), faces) == (5, len(FORMATS))
