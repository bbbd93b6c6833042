"""Every stored file is read back: evidence, drafts and published editions."""

import os
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from commitments.models import EvidenceFile
from reporting.models import DataSnapshot, Face, IntegrityCheck
from reporting.services.stored_files import check_stored_files
from tests.factories import make_edition
from vcsportal.common import stored_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock(year, now):
    """Two photographs of two sizes, a draft and a published edition."""
    draft = make_edition(round_=year.round, by=year.officer, at=now)
    published = make_edition(round_=year.rounds[0], by=year.officer, at=now, published=True)
    for file in Path(default_storage.path("")).rglob("*.*"):
        os.utime(file, (0, 0))
    return draft, published


def run(*args: str) -> tuple[str, bool]:
    out = StringIO()
    try:
        call_command("check_files", *args, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def test_whole_files_are_counted_and_nothing_is_wrong(stock, now):
    found = check_stored_files(at=now)
    faces = stock[0].faces.count()
    photographs = EvidenceFile.objects.exclude(print_content="").count()
    assert photographs == 2
    assert (found.evidence, found.editions, found.published, found.faces) == (2 * photographs, 2, 1, 2 * faces)
    assert (found.wrong, found.not_recorded, found.recorded, found.without_row) == ([], [], 0, [])
    out, well = run()
    assert well
    assert f"4 files of evidence, and {2 * faces} files and the facts of 2 editions (1 published) were read." in out
    assert "Missing or changed: 0." in out


@pytest.mark.parametrize("column", ["content", "print_content"])
@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda place: place.unlink(), "is missing"),
        (lambda place: place.write_bytes(place.read_bytes()[:-1]), "has changed since it was made"),
        (lambda place: place.write_bytes(b"\0" + place.read_bytes()[1:]), "has changed since it was made"),
    ],
    ids=["missing", "shorter", "one byte"],
)
def test_each_size_of_a_photograph_is_compared(stock, column, change, trouble):
    file = EvidenceFile.objects.order_by("id")[0]
    change(Path(default_storage.path(getattr(file, column).name)))
    out, well = run()
    assert not well
    assert (
        f"WRONG {getattr(file, column).name} (“{file.name}”, evidence {file.evidence_id}) {trouble}."
        in out.splitlines()
    )
    assert "Missing or changed: 1." in out


@pytest.mark.parametrize("which", [0, 1], ids=["draft", "published"])
def test_editions_are_compared_drafts_too(stock, which):
    face = stock[which].faces.get(code="docx")
    Path(default_storage.path(str(face.content))).write_bytes(b"another")
    out, well = run()
    assert not well
    assert f"WRONG {stock[which]} ({('draft', 'published')[which]}): " in out
    assert IntegrityCheck.objects.exclude(trouble="").get().edition_id == stock[which].pk


def test_a_checksum_that_was_never_recorded_is_counted_and_can_be_recorded(stock):
    old = EvidenceFile.objects.order_by("id")[0]
    EvidenceFile.objects.filter(pk=old.pk).update(print_size=None, print_sha256="")
    out, well = run()
    assert well
    assert f"NO CHECKSUM {old.print_content.name}: " in out
    assert "Without a recorded checksum: 1." in out
    out, well = run("--record")
    assert well
    assert "Checksums recorded now: 1." in out
    recorded = EvidenceFile.objects.get(pk=old.pk)
    assert (recorded.print_size, recorded.print_sha256) == (old.print_size, old.print_sha256)
    Path(default_storage.path(str(old.print_content))).unlink()
    assert not run()[1]


def test_a_missing_file_without_a_checksum_is_wrong_and_never_recorded(stock):
    old = EvidenceFile.objects.order_by("id")[0]
    EvidenceFile.objects.filter(pk=old.pk).update(print_size=None, print_sha256="")
    Path(default_storage.path(str(old.print_content))).unlink()
    out, well = run("--record")
    assert not well
    assert f"WRONG {old.print_content.name} " in out
    assert EvidenceFile.objects.get(pk=old.pk).print_sha256 == ""


def test_a_file_that_no_row_names_is_named_and_does_no_harm(stock):
    for name in ("evidence/7/old.jpg", "reports/9/old.pdf"):
        place = Path(default_storage.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
        os.utime(place, (0, 0))
    (Path(default_storage.path("evidence/7")) / ".unfinished-new.jpg").write_bytes(b"being written")
    out, well = run()
    assert well
    assert "NO ROW evidence/7/old.jpg" in out
    assert "NO ROW reports/9/old.pdf" in out
    assert "in no row of the database: 2." in out


def test_the_daily_data_is_compared_too(stock, now):
    content = b"PK the data of a day"
    stored_files.write("open-data/2026-03-12-aa.zip", content)
    DataSnapshot.objects.create(
        day=now.date(), content="open-data/2026-03-12-aa.zip", size=len(content), made_at=now, datasets={},
        sha256=sha256(content).hexdigest(),
    )  # fmt: skip
    os.utime(default_storage.path("open-data/2026-03-12-aa.zip"), (0, 0))
    out, well = run()
    assert well
    assert "1 daily copy of the published data was read." in out
    assert "in no row of the database: 0." in out
    default_storage.delete("open-data/2026-03-12-aa.zip")
    stored_files.write("open-data/2026-03-12-aa.zip", content[:-1] + b"Y")
    out, well = run()
    assert not well
    assert f"WRONG open-data/2026-03-12-aa.zip (the published data of {now.date()}) has changed" in out


def test_a_store_that_is_away_is_said_and_nothing_is_called_missing(stock, monkeypatch):
    def away(name, mode="rb"):
        raise stored_files.StoreUnavailable("The store of the files does not answer.")

    monkeypatch.setattr(stored_files.FileFolder, "open", away)
    out = StringIO()
    with pytest.raises(CommandError, match=r"does not answer\. The check is not complete"):
        call_command("check_files", stdout=out)
    assert "WRONG" not in out.getvalue()
    assert not IntegrityCheck.objects.exclude(trouble="").exists()


def test_an_empty_portal_has_nothing_wrong(now, data_folder):
    found = check_stored_files(at=now)
    assert (found.evidence, found.faces, found.wrong, found.without_row) == (0, 0, [], [])
    assert not Face.objects.exists()
