"""A whole portal whose files are in a bucket is lost, and comes back from its backup in an empty database and an empty bucket."""

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.files_server import ACCESS, client_of, files_server, new_bucket
from tests.long import only_in_test_all
from tests.small_portal import portal_with_report
from tests.stack import Stack, free_port, fresh_database, started

pytestmark = [only_in_test_all, pytest.mark.timeout(1200)]
PASSPHRASE = "correct horse battery staple"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
LAST_LOOKS = "reporting_integritycheck"
"""When each published file was last compared, and with which version: a restore ends with comparing all, in the new bucket."""
FACES = """
SELECT f.edition_id, f.code, f.sha256, f.content FROM reporting_face f JOIN reporting_edition e ON e.id = f.edition_id
WHERE e.published_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reporting_withdrawal w WHERE w.edition_id = e.id)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with files_server() as address:
        yield address


def in_bucket(stack: Stack, folder: Path, address: str, bucket: str, **more: str) -> Stack:
    """The same portal, with its files in this bucket and a folder of its own."""
    port = free_port()
    folder.mkdir()
    env = stack.env | {
        "FILES_BUCKET": bucket, "FILES_ENDPOINT_URL": address, "FILES_ACCESS_KEY": ACCESS["access_key"],
        "FILES_SECRET_KEY": ACCESS["secret_key"], "PORTAL_DATA": str(folder), "BACKUP_PASSPHRASE": PASSPHRASE,
        "PORTAL_URL": f"http://127.0.0.1:{port}", "QUEUE_PREFIX": f"bucket-{port}:", **more,
    }  # fmt: skip
    return Stack(env["PORTAL_URL"], folder, env)


def objects(client: Any, bucket: str) -> dict[str, str]:
    """The checksum of every object, by its name."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    return {key: sha256(client.get_object(Bucket=bucket, Key=key)["Body"].read()).hexdigest() for key in keys}


def asked(url: str, statement: str) -> list[Any]:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    return {
        name: [row for (row,) in asked(url, f'SELECT t::text FROM "{name}" t ORDER BY 1')]
        for (name,) in asked(url, TABLES)
        if name != LAST_LOOKS
    }


def fetched(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, b""


def test_a_whole_portal_comes_back_from_its_backup_into_an_empty_bucket(tmp_path: Path, server: str) -> None:
    client, backups = client_of(server), tmp_path / "backups"
    backups.mkdir()
    (tmp_path / "told").mkdir()
    with portal_with_report(tmp_path / "told") as told, fresh_database(os.environ["DATABASE_URL"]) as empty:
        lost = in_bucket(told, tmp_path / "lost", server, new_bucket(server))
        lost.manage("copy_files", str(tmp_path / "told" / "files"))
        lost.manage("check_files", seconds=600)
        lost.manage("backup", str(backups), seconds=600)
        [place] = backups.iterdir()

        back = in_bucket(told, tmp_path / "back", server, new_bucket(server), DATABASE_URL=empty)
        said = back.manage("restore", str(place), seconds=600)
        assert "Missing or changed: 0." in said
        assert "These settings are not what they were in the backup:" in said
        were, are = (objects(client, stack.env["FILES_BUCKET"]) for stack in (lost, back))
        assert len(were) >= 15
        assert are == were
        assert rows(empty) == rows(lost.env["DATABASE_URL"])
        assert not [file for file in back.data.rglob("files/**/*") if file.is_file()], "nothing is in the folder"
        assert ", 0 with something wrong." in back.manage("verify_edition", "--all", seconds=900)
        published_files_are_served_and_verified(back, client, asked(empty, FACES))


def published_files_are_served_and_verified(back: Stack, client: Any, faces: list[Any]) -> None:
    """Each is served as it was sealed; one that is changed in the bucket is not."""
    assert len(faces) >= 11
    with started(back, jobs=False):
        for edition, code, checksum, _name in faces:
            status, content = fetched(f"{back.url}/reports/{edition}/files/{code}/")
            assert (status, sha256(content).hexdigest()) == (200, checksum), (edition, code)
        edition, code, _checksum, name = faces[0]
        client.put_object(Bucket=back.env["FILES_BUCKET"], Key=name, Body=b"something else")
        assert fetched(f"{back.url}/reports/{edition}/files/{code}/")[0] == 503
