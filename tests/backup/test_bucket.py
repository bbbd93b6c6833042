"""A backup of a portal whose files are in a bucket, and files put back into another one."""

from datetime import UTC, datetime

import pyrage
import pytest
from django.core.files.storage import default_storage

from tests.files_server import files_server, new_bucket, storage_settings
from vcsportal.backup import create, restore, tables
from vcsportal.backup.archive import FILES, ArchiveReader, check
from vcsportal.backup.encryption import BackupFault, Key, opened
from vcsportal.common import stored_files
from vcsportal.common.file_bucket import FileBucket
from vcsportal.common.stored_files import StoreUnavailable

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 12, 1, 1, 10, tzinfo=UTC)
KEPT = {"evidence/7/a.jpg": b"\xff\xd8" * 9_000, "reports/1/1-aa.pdf": b"%PDF" * 2_000_000, "top.txt": b""}


@pytest.fixture
def buckets(settings):
    """Name the bucket that the portal's files are in from now on; the first has files."""
    with files_server() as address:

        def use_another() -> None:
            settings.STORAGES = settings.STORAGES | {"default": storage_settings(address, new_bucket(address))}

        use_another()
        for name, content in KEPT.items():
            stored_files.write(name, content)
        yield use_another


def test_files_of_a_bucket_are_backed_up_and_put_back_into_another(buckets, tmp_path, monkeypatch):
    own = pyrage.x25519.Identity.generate()
    key = Key((str(own.to_public()),), (str(own),))
    place, manifest = create.make_backup(tmp_path, at=AT, key=key)
    assert {name.removeprefix(FILES) for name in manifest.parts if name.startswith(FILES)} == KEPT.keys()
    with pytest.raises(BackupFault, match="There are files in the bucket portal-"):
        restore._check_no_files()
    buckets()
    restore._check_no_files()
    monkeypatch.setattr(tables, "write_table", lambda table, rows: None)  # rows have tests of their own
    with place.open("rb") as archive:
        with opened(archive, key) as plain:
            assert check(plain) == manifest
        with opened(archive, key) as plain:
            restore._put_back(ArchiveReader(plain), manifest)
    found = {file.name: default_storage.open(file.name).read() for file in stored_files.files_in()}
    assert found == KEPT


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the half archive can't be ended
def test_a_bucket_that_goes_away_leaves_no_half_of_a_backup(buckets, tmp_path, monkeypatch):
    whole = FileBucket._open

    def away(storage, name, mode="rb"):
        if name == "top.txt":
            raise StoreUnavailable("The store of the files does not answer.")
        return whole(storage, name, mode)

    monkeypatch.setattr(FileBucket, "_open", away)
    own = pyrage.x25519.Identity.generate()
    with pytest.raises(BackupFault, match="files could not be read: The store of the files does not answer"):
        create.make_backup(tmp_path, at=AT, key=Key((str(own.to_public()),)))
    assert list(tmp_path.glob("*.backup*")) == list(tmp_path.glob(".unfinished*")) == []
