"""The portal's files in a folder and in a bucket: the same answers from both, and a bucket that is away is not an empty one."""

import errno
import os
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.config import Config
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from reporting.sealed import comparing
from tests.files_server import client_of, files_server, new_bucket, storage_settings
from vcsportal.checks import bucket_is_named
from vcsportal.common import file_bucket, stored_files
from vcsportal.common.database_faults import FILES_AWAY, unavailable
from vcsportal.common.stored_files import StoreUnavailable

BODY = bytes(range(256)) * 64
LARGE = BODY * 512


@pytest.fixture(scope="module")
def server():
    with files_server() as address:
        yield address


@pytest.fixture
def bucket(server, settings):
    name = new_bucket(server)
    settings.STORAGES = settings.STORAGES | {"default": storage_settings(server, name)}
    return name


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(params=["folder", "bucket"])
def store(request):
    """Each kind of store in turn; only one is asked for, so that the other is not set."""
    return request.getfixturevalue(request.param)


def bucket_storage() -> Any:
    return cast(Any, default_storage)


def names(folder: str = "") -> list[str]:
    return [file.name for file in stored_files.files_in(folder)]


def test_what_was_written_is_read_back(store):
    before = time.time()
    stored_files.write("evidence/7/a.jpg", BODY)
    assert default_storage.exists("evidence/7/a.jpg")
    assert default_storage.size("evidence/7/a.jpg") == len(BODY)
    with default_storage.open("evidence/7/a.jpg") as file:
        assert file.read(100) == BODY[:100]
        assert file.read() == BODY[100:]
        file.seek(0)
        assert sha256(file.read()).digest() == sha256(BODY).digest()
    [found] = stored_files.files_in("evidence")
    assert (found.name, found.folder, found.last_name, found.size) == (
        "evidence/7/a.jpg", "evidence/7", "a.jpg", len(BODY),
    )  # fmt: skip
    assert before - 2 < found.changed < time.time() + 2


def test_a_file_that_is_larger_than_memory_takes_is_whole(store):
    with stored_files.writing("open-data/large.zip") as file:
        file.write(LARGE)
        file.write(b"end")
    with default_storage.open("open-data/large.zip") as file:
        assert file.read() == LARGE + b"end"


def test_a_name_is_used_once(store):
    stored_files.write("reports/1/1-aa.pdf", BODY)
    with pytest.raises(FileExistsError):
        stored_files.write("reports/1/1-aa.pdf", b"another")
    with default_storage.open("reports/1/1-aa.pdf") as file:
        assert file.read() == BODY


def test_what_is_not_finished_is_not_there(store):
    def fail() -> None:
        with stored_files.writing("reports/1/1-aa.pdf") as file:
            file.write(BODY)
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        fail()
    assert names() == []


def test_names_are_those_below_the_folder_and_no_other(store):
    for name in ("reports/1/a.pdf", "reports/12/b.pdf", "reports/12/c.pdf", "reports-old/d.pdf", "top.txt"):
        stored_files.write(name, b"x")
    assert names("reports/1") == ["reports/1/a.pdf"]
    assert names("reports") == ["reports/1/a.pdf", "reports/12/b.pdf", "reports/12/c.pdf"]
    assert sorted(names()) == sorted([*names("reports"), "reports-old/d.pdf", "top.txt"])
    assert names("nothing") == []


def test_removing_leaves_the_others_and_one_that_is_not_there_does_no_harm(store):
    for name in ("reports/1/a.pdf", "reports/1/b.pdf"):
        stored_files.write(name, b"x")
    default_storage.delete("reports/1/a.pdf")
    default_storage.delete("reports/1/a.pdf")
    assert names() == ["reports/1/b.pdf"]
    default_storage.delete("reports/1/b.pdf")
    assert names() == []


def test_a_missing_file_says_so(store):
    assert not default_storage.exists("reports/1/gone.pdf")
    for ask in (default_storage.open, default_storage.size, default_storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("reports/1/gone.pdf")


def test_the_folder_of_the_last_file_goes_with_it_and_is_made_again(folder):
    stored_files.write("evidence/7/a.jpg", BODY)
    default_storage.delete("evidence/7/a.jpg")
    assert list((folder / "evidence").iterdir()) == []
    stored_files.write("evidence/7/b.jpg", BODY)
    assert names() == ["evidence/7/b.jpg"]


def test_links_and_unfinished_files_of_a_folder_are_told_apart(folder):
    stored_files.write("evidence/7/a.jpg", BODY)
    (folder / "evidence/7/.unfinished-b.jpg").write_bytes(b"half")
    (folder / "evidence/7/c.jpg").symlink_to("/etc/hostname")
    assert {file.name: file.is_unfinished for file in stored_files.files_in()} == {
        "evidence/7/a.jpg": False, "evidence/7/.unfinished-b.jpg": True,
    }  # fmt: skip


def test_no_address_of_an_object_is_given_out_and_no_object_is_public(bucket, server):
    stored_files.write("evidence/7/a.jpg", BODY)
    for ask in (default_storage.url, default_storage.path):
        with pytest.raises(NotImplementedError):
            ask("evidence/7/a.jpg")
    rights = client_of(server).get_object_acl(Bucket=bucket, Key="evidence/7/a.jpg")["Grants"]
    assert [right["Grantee"]["Type"] for right in rights] == ["CanonicalUser"]


def test_more_files_than_one_answer_holds_are_all_named(bucket, monkeypatch):
    monkeypatch.setattr(file_bucket, "NAMES_AT_ONCE", 2)
    for number in range(5):
        stored_files.write(f"evidence/{number}/a.jpg", b"x")
    assert names("evidence") == [f"evidence/{number}/a.jpg" for number in range(5)]


def test_an_object_is_known_by_the_version_whose_bytes_are_read(bucket, server, monkeypatch):
    stored_files.write("reports/1/a.pdf", BODY)
    later = datetime.now(UTC) + timedelta(minutes=1)
    with default_storage.open("reports/1/a.pdf") as file:
        first = comparing.marker(file, later)
        assert comparing.marker(file, datetime.now(UTC)) == "", "it may change again within the same second"
    with default_storage.open("reports/1/a.pdf") as file:
        assert comparing.marker(file, later) == first != ""
    client_of(server).put_object(Bucket=bucket, Key="reports/1/a.pdf", Body=b"X" + BODY[1:])
    with default_storage.open("reports/1/a.pdf") as file:
        assert comparing.marker(file, later) != first


@pytest.fixture
def away(settings):
    """A bucket on a server that is not running."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.STORAGES = settings.STORAGES | {"default": storage_settings(f"http://127.0.0.1:{port}", "files")}


@pytest.fixture
def no_bucket(server, settings):
    settings.STORAGES = settings.STORAGES | {"default": storage_settings(server, "no-such-bucket")}


@pytest.mark.parametrize("how", ["away", "no_bucket"])
def test_a_store_that_is_away_is_never_taken_for_a_missing_file(request, how):
    request.getfixturevalue(how)
    asked = (
        lambda: default_storage.exists("evidence/7/a.jpg"),
        lambda: default_storage.open("evidence/7/a.jpg"),
        lambda: default_storage.size("evidence/7/a.jpg"),
        lambda: list(stored_files.files_in("evidence")),
    )
    for ask in asked:
        with pytest.raises(StoreUnavailable) as raised:
            ask()
        assert not isinstance(raised.value, OSError)
        assert unavailable(raised.value) is FILES_AWAY
        with pytest.raises(StoreUnavailable), comparing.readable():
            ask()
    assert not stored_files.answers()
    for change in (lambda: stored_files.write("a/b.jpg", BODY), lambda: default_storage.delete("a/b.jpg")):
        with pytest.raises(OSError, match="store of the files"):
            change()


def test_a_silent_store_holds_one_request_and_not_those_after_it(settings, monkeypatch):
    monkeypatch.setattr(file_bucket, "CONFIG", file_bucket.CONFIG.merge(_impatient()))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.STORAGES = settings.STORAGES | {"default": storage_settings(address, "files")}
        with pytest.raises(StoreUnavailable):
            default_storage.exists("a/b.jpg")
        asked: list[str] = []
        with pytest.raises(StoreUnavailable):
            bucket_storage()._asked(lambda: asked.append("again"), "a/b.jpg")
        assert asked == []
        bucket_storage()._away_until = 0.0
        bucket_storage()._asked(lambda: asked.append("later"), "a/b.jpg")
        assert asked == ["later"]


def _impatient():
    return Config(connect_timeout=0.2, read_timeout=0.2, retries={"total_max_attempts": 1})


def test_fewer_bytes_than_were_announced_are_no_file(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"

        def answer() -> None:
            for _ in range(file_bucket.TRIES):
                peer, _address = server.accept()
                with peer:
                    peer.recv(65536)
                    peer.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nETag: \"a\"\r\nConnection: close\r\n"
                        b"Last-Modified: Tue, 01 Dec 2026 09:00:00 GMT\r\n\r\nhalf"
                    )  # fmt: skip

        threading.Thread(target=answer, daemon=True).start()
        settings.STORAGES = settings.STORAGES | {"default": storage_settings(address, "files")}
        with pytest.raises(StoreUnavailable):
            default_storage.open("a/b.jpg")


def test_a_process_that_was_forked_has_connections_of_its_own(bucket):
    stored_files.write("a/b.jpg", BODY)
    mine = bucket_storage().client
    assert bucket_storage().client is mine
    child = os.fork()
    if not child:
        os._exit(0 if bucket_storage().client is not mine and default_storage.exists("a/b.jpg") else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_full_disk_of_a_folder_is_an_error_of_the_system(folder):
    (folder / ".unfinished-a.jpg").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as raised:
        stored_files.write("a.jpg", BODY)
    assert raised.value.errno == errno.ENOSPC


def copied(source: Path) -> tuple[str, str]:
    out, trouble = StringIO(), ""
    try:
        call_command("copy_files", str(source), stdout=out)
    except CommandError as error:
        trouble = str(error)
    return out.getvalue(), trouble


def test_a_folder_s_files_are_copied_into_the_bucket_once(bucket, server, tmp_path):
    (tmp_path / "evidence/7").mkdir(parents=True)
    (tmp_path / "evidence/7/a.jpg").write_bytes(BODY)
    (tmp_path / "evidence/7/.unfinished-b.jpg").write_bytes(b"half")
    (tmp_path / "top.txt").write_bytes(b"")
    assert copied(tmp_path) == (
        f"Copied: 2. There already, and the same: 0. {len(BODY):,} bytes in the bucket {bucket} were read back.\n", "",
    )  # fmt: skip
    assert names() == ["evidence/7/a.jpg", "top.txt"]
    assert "Copied: 0. There already, and the same: 2." in copied(tmp_path)[0]
    client_of(server).put_object(Bucket=bucket, Key="evidence/7/a.jpg", Body=b"another")
    said, trouble = copied(tmp_path)
    assert "WRONG evidence/7/a.jpg: another file of this name is there." in said
    assert trouble.startswith("1 file is not the same.")
    with default_storage.open("evidence/7/a.jpg") as file:
        assert file.read() == b"another", "nothing is written over"


def test_files_are_not_copied_onto_themselves_nor_from_nowhere(folder):
    assert "Set FILES_BUCKET" in copied(folder)[1]
    assert "There is no folder" in copied(folder / "none")[1]


@pytest.mark.usefixtures("away")
def test_a_bucket_that_is_away_while_files_are_copied_is_said(tmp_path):
    (tmp_path / "a.jpg").write_bytes(BODY)
    assert "Run the command again for the rest." in copied(tmp_path)[1]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, []),
        ({"FILES_BUCKET": "files"}, []),
        ({"FILES_BUCKET": "files", "FILES_ACCESS_KEY": "a", "FILES_SECRET_KEY": "b"}, []),
        ({"FILES_ENDPOINT_URL": "https://objects.example.org"}, ["FILES_BUCKET"]),
        ({"FILES_BUCKET": "files", "FILES_ACCESS_KEY": "a"}, ["FILES_SECRET_KEY"]),
        ({"FILES_BUCKET": "files", "FILES_SECRET_KEY": "b"}, ["FILES_ACCESS_KEY"]),
    ],
)
def test_half_of_a_bucket_s_settings_is_refused_at_start_up(settings, given, missing):
    for name in ("FILES_BUCKET", "FILES_ENDPOINT_URL", "FILES_ACCESS_KEY", "FILES_SECRET_KEY"):
        setattr(settings, name, given.get(name, ""))
    assert [error.msg.split()[0] for error in bucket_is_named(None)] == missing
