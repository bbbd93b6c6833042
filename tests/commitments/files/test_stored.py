"""Files of evidence on the disk: whole or not at all, and nothing left that no row names."""

import errno
import os
import time
from hashlib import sha256
from io import FileIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from commitments.files import stored
from commitments.files.uploads import check_upload
from commitments.models import Evidence, EvidenceFile
from commitments.services import evidence as services
from commitments.tasks import clear_leftovers
from tests.commitments import sample_files
from tests.factories import make_evidence
from vcsportal.common import atomic_files
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
FULL = "It could not be saved, because the portal’s disk is full or can’t be written to."


@pytest.fixture
def piece(partner, commitment):
    return make_evidence(partner, commitment)


class FullDisk(FileIO):
    """A file on a disk that has room for 40 bytes more."""

    def write(self, content):
        super().write(content[:40])
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(monkeypatch):
    def open_there(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        return FullDisk(place, "w")

    monkeypatch.setattr(atomic_files, "_open", open_there)


def on_disk() -> list[str]:
    return sorted(str(one) for one in Path(default_storage.path("")).rglob("*") if one.is_file())


def attach(by, piece, data=None, name="Walk.jpg"):
    checked = check_upload(name, sample_files.photograph() if data is None else data)
    return services.attach_file(by=by, at=timezone.now(), evidence=piece, checked=checked)


def test_both_sizes_of_a_photograph_have_their_checksums_recorded(partner, piece):
    file = attach(partner, piece)
    small = Path(file.print_content.path).read_bytes()
    assert (file.print_size, file.print_sha256) == (len(small), sha256(small).hexdigest())
    whole = Path(file.content.path).read_bytes()
    assert (file.size, file.sha256) == (len(whole), sha256(whole).hexdigest())
    assert len(on_disk()) == 2
    assert all(os.stat(one).st_mode & 0o777 == 0o600 for one in on_disk())


def test_a_document_has_no_second_size(partner, piece):
    file = attach(partner, piece, b"words", "a.txt")
    assert (file.print_size, file.print_sha256, str(file.print_content)) == (None, "", "")


def test_a_full_disk_is_a_sentence_and_leaves_no_file_and_no_row(partner, piece, full_disk):
    with pytest.raises(Refused, match=FULL):
        attach(partner, piece)
    assert on_disk() == []
    assert not EvidenceFile.objects.exists()


def test_a_disk_that_fills_up_after_the_first_size_leaves_neither(partner, piece, monkeypatch):
    written = []

    def write(name, content):
        written.append(name)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        default_storage.save(name, ContentFile(content))

    monkeypatch.setattr(stored, "write", write)
    with pytest.raises(Refused, match=FULL):
        attach(partner, piece)
    assert len(written) == 2
    assert on_disk() == []


def test_a_row_that_cannot_be_written_takes_its_files_with_it(partner, piece, monkeypatch):
    def fail(**values):
        assert len(on_disk()) == 2
        raise RuntimeError("the database has gone")

    monkeypatch.setattr(EvidenceFile.objects, "create", fail)
    with pytest.raises(RuntimeError):
        attach(partner, piece)
    assert on_disk() == []


@pytest.mark.parametrize("page", ["evidence-new", "evidence-steps"])
def test_a_full_disk_keeps_the_draft_and_says_so(partner, strategy, signed_in, monkeypatch, page):
    def full(name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stored, "write", full)
    answer = signed_in(partner).post(
        reverse(f"commitments:{page}"),
        {
            "title": "Ran a drop-in",
            "happened_from": "12 March 2026",
            "commitments": ["1.1"],
            "shows_people": "no",
            "then": "save",
            "uploads": [SimpleUploadedFile("Walk.jpg", sample_files.photograph())],
        },
    )
    assert answer.status_code == 422
    told = " ".join(answer.context["form"].errors["uploads"])
    assert f"“Walk.jpg” was left out. {FULL} Nothing else has been lost." in told
    assert settings.PORTAL_CONTACT_EMAIL in told
    draft = Evidence.objects.get()
    assert f"/evidence/{draft.pk}/" in answer.content.decode(), "the page goes on with the draft that was made"
    if page == "evidence-new":
        assert draft.title == "Ran a drop-in"
    assert not draft.files.exists()


@pytest.mark.parametrize("when", ["open", "write"])
def test_a_full_disk_for_temporary_files_costs_no_word(partner, strategy, signed_in, monkeypatch, when):
    """A file that is larger than memory takes goes to a temporary one first, before any view is asked."""

    def full(*given, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    if when == "open":
        monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", full)
    else:
        monkeypatch.setattr("tempfile._TemporaryFileWrapper.write", full, raising=False)
    large = sample_files.patterned(2600, 1700, "PNG")
    assert len(large) > 2_621_440
    answer = signed_in(partner).post(
        reverse("commitments:evidence-new"),
        {
            "title": "Ran a drop-in", "happened_from": "12 March 2026", "commitments": ["1.1"], "then": "save",
            "uploads": [SimpleUploadedFile("Walk.png", large)],
        },
    )  # fmt: skip
    assert answer.status_code == 422
    told = " ".join(answer.context["form"].errors["uploads"])
    assert f"“Walk.png” was left out. {FULL} Nothing else has been lost." in told
    assert answer.context["form"]["title"].value() == "Ran a drop-in"


def test_the_same_photograph_removed_and_added_again_is_another_file(
    partner, piece, django_capture_on_commit_callbacks
):
    first = attach(partner, piece)
    name = first.content.name
    with django_capture_on_commit_callbacks() as later:
        services.remove_file(by=partner, at=timezone.now(), file=first)
    second = attach(partner, piece)
    for callback in later:  # they run late, after somebody has added the photograph again
        callback()
    assert second.content.name != name
    assert len(on_disk()) == 2
    assert Path(second.content.path).exists()


def aged(piece, name: str, hours: float) -> Path:
    file = Path(default_storage.path(f"evidence/{piece.pk}/{name}"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"half")
    then = time.time() - hours * 3600
    os.utime(file, (then, then))
    return file


def test_what_killed_processes_left_is_cleared_and_nothing_that_a_row_names(partner, piece):
    kept = attach(partner, piece)
    for one in on_disk():
        os.utime(one, (0, 0))
    gone = [aged(piece, ".unfinished-a.jpg", 1.1), aged(piece, "b.jpg", 24 * 30 + 1)]
    stays = [aged(piece, ".unfinished-c.jpg", 0.9), aged(piece, "d.jpg", 24 * 30 - 1)]
    clear_leftovers()
    assert [one for one in gone if one.exists()] == []
    assert all(one.exists() for one in stays)
    assert Path(kept.content.path).exists()
    assert Path(kept.print_content.path).exists()
    assert stored.clear_leftovers() == 0
