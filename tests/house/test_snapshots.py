"""Daily copies of the data: one a day, whole, without what people may withdraw, kept for a year."""

import csv
import json
import os
from contextlib import nullcontext
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils import timezone

from reporting.models import DataSnapshot
from tests.house.test_open_data import fill, text_of
from tests.house.test_search_secrets import FOUND_ONCE_PUBLISHED
from tests.house.world import SECRET, World
from vcsportal.common.atomic_files import UNFINISHED
from vcsportal.open_data.catalogue import DATASETS
from vcsportal.open_data.services.snapshots import FOLDER, keep_snapshot
from vcsportal.privacy.retention_table import RULE

pytestmark = pytest.mark.django_db
RULE_OF_SNAPSHOTS = RULE["data_snapshots"]


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def keep(at: datetime | None = None) -> DataSnapshot | None:
    return keep_snapshot(at=at or timezone.now(), reading=nullcontext)


def download(world: World, day: Any) -> Any:
    return world.client("anonymous").get(f"/data/snapshots/{day}.zip")


def opened(world: World, kept: DataSnapshot) -> ZipFile:
    answer = download(world, kept.day)
    assert answer.status_code == 200
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_a_copy_has_every_dataset_with_its_rows_its_description_and_checksums(world: World):
    fill(world)
    kept = keep()
    assert kept is not None
    with opened(world, kept) as zip_:
        names = set(zip_.namelist())
        lines = [line.split("  ") for line in zip_.read("checksums.txt").decode().splitlines()]
        sums = {name: checksum for checksum, name in lines}
        assert names == {*sums, "checksums.txt"}
        for name, checksum in sums.items():
            assert sha256(zip_.read(name)).hexdigest() == checksum
        for dataset in DATASETS:
            assert (f"{dataset.slug}.csv" in names) == dataset.in_snapshots
            told = text_of(world, dataset.slug, "csv")
            assert kept.datasets[dataset.slug]["sha256"] == sha256(told.encode()).hexdigest()
            if dataset.in_snapshots:
                rows = list(csv.reader(StringIO(zip_.read(f"{dataset.slug}.csv").decode("utf-8-sig"), newline="")))
                described = json.loads(zip_.read(f"{dataset.slug}.csv-metadata.json"))
                assert [column["name"] for column in described["tableSchema"]["columns"]] == rows[0]
                assert len(json.loads(zip_.read(f"{dataset.slug}.json"))["rows"]) == len(rows) - 1
                assert kept.datasets[dataset.slug]["rows"] == len(rows) - 1 > 0


@pytest.mark.parametrize("kind", ["evidence", "case-studies", "points", "organisations"])
def test_what_people_may_withdraw_is_in_no_copy(kind: str, world: World):
    FOUND_ONCE_PUBLISHED[kind](world)
    kept = keep()
    assert kept is not None
    with opened(world, kept) as zip_:
        found = [name for name in zip_.namelist() if SECRET.casefold() in zip_.read(name).decode().casefold()]
    assert found == []


def test_there_is_one_copy_a_day(world: World, monkeypatch):
    now = timezone.now()
    assert keep(now) is not None
    assert keep(now + timedelta(seconds=1)) is None
    monkeypatch.setattr(DataSnapshot.objects, "create", _refuse)
    assert keep(now + timedelta(days=1)) is None
    assert len(list(Path(default_storage.path(FOLDER)).iterdir())) == 1


def _refuse(**row: object) -> None:
    raise IntegrityError


def test_a_copy_says_since_when_a_dataset_has_been_the_same(world: World):
    now = timezone.now()
    first = keep(now)
    FOUND_ONCE_PUBLISHED["evidence"](world)
    second = keep(now + timedelta(days=1))
    assert first is not None
    assert second is not None
    assert second.datasets["strategies"]["same_since"] == str(first.day)
    assert second.datasets["evidence"]["same_since"] == str(second.day)
    page = world.client("anonymous").get("/data/evidence/").content.decode()
    assert f"It has not changed since {second.day:%-d %B %Y}." in page
    assert f'"dateModified": "{second.day}"' in page


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_file_that_is_not_as_it_was_made_is_not_served(harm: str, world: World):
    kept = keep()
    assert kept is not None
    place = Path(default_storage.path(str(kept.content.name)))
    place.unlink() if harm == "missing" else place.write_bytes(place.read_bytes() + b" ")
    assert download(world, kept.day).status_code == 404


def test_copies_are_listed_by_month_and_other_days_are_not_there(world: World):
    before = world.client("anonymous").get("/data/").content.decode()
    assert "The first will be there within a day." in before
    kept = keep()
    assert kept is not None
    listed = world.client("anonymous").get("/data/snapshots/").content.decode()
    assert f"{kept.day:%B %Y}" in listed
    assert kept.sha256 in listed
    for day in ("2001-01-01", "yesterday", "2026-13-01"):
        assert download(world, day).status_code == 404
    assert f"/data/snapshots/{kept.day}.zip" in world.client("anonymous").get("/data/").content.decode()


def test_a_copy_is_kept_for_a_year_and_removed_with_its_file(world: World):
    kept = keep()
    assert kept is not None
    place = Path(default_storage.path(str(kept.content.name)))
    assert RULE_OF_SNAPSHOTS.kept_for == 365
    assert not RULE_OF_SNAPSHOTS.due_at(kept.made_at + timedelta(days=365)).exists()
    after = kept.made_at + timedelta(days=366)
    due = RULE_OF_SNAPSHOTS.due_at(after)
    assert list(due) == [kept]
    RULE_OF_SNAPSHOTS.remove(list(due), after)
    assert not DataSnapshot.objects.exists()
    assert not place.exists()


def test_what_killed_processes_left_is_cleared_away(world: World):
    kept = keep()
    assert kept is not None
    folder, at = Path(default_storage.path(FOLDER)), kept.made_at + timedelta(days=1)
    ages = {f"{UNFINISHED}a.zip": 2 / 24, f"{UNFINISHED}b.zip": 0, "2020-01-01-c.zip": 31, "2020-01-02-d.zip": 29}
    for name, days in ages.items():
        (folder / name).write_bytes(b"")
        os.utime(folder / name, ((at - timedelta(days=days)).timestamp(),) * 2)
    keep(at)
    left = {file.name for file in folder.iterdir()}
    assert left & set(ages) == {f"{UNFINISHED}b.zip", "2020-01-02-d.zip"}
    assert len(left) == 4
