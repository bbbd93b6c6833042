"""Uploads are shown to the council's own malware scanner, where it has one."""

import sys

import pytest
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.files.dangerous_content import Dangerous
from commitments.files.uploads import check_upload
from partners.models import SecurityEvent
from tests.commitments import sample_files
from tests.factories import make_evidence
from vcsportal.common.words import NotNow, Refused

FOUND = "“a.txt” was refused by the malware scanner. Check your device, and don’t send the file on."
UNKNOWN = "“a.txt” could not be checked for malware, so it was not added. Add it again later."


@pytest.fixture
def scanner(tmp_path, settings):
    """Sets a scanner that runs these lines of Python with the file in ``data``."""

    def write(lines: str) -> None:
        program = tmp_path / "scan ner.py"
        program.write_text(f"import os, sys, time\ndata = sys.stdin.buffer.read()\n{lines}\n")
        settings.SCAN_COMMAND = f"'{sys.executable}' '{program}'"

    return write


def refusal(data: bytes = b"words") -> Refused:
    with pytest.raises(Refused) as refused:
        check_upload("a.txt", data)
    return refused.value


def test_without_a_scanner_nothing_is_asked(settings):
    assert settings.SCAN_COMMAND == ""
    assert check_upload("a.txt", b"words").kind == "document"


def test_what_the_scanner_finds_is_refused_and_what_it_does_not_is_kept(scanner):
    scanner("sys.exit(b'bad' in data)")
    assert check_upload("a.txt", b"good").kind == "document"
    found = refusal(b"a bad file")
    assert (type(found), found.sentence) == (Dangerous, FOUND)


def test_photographs_are_scanned_as_they_came(scanner):
    scanner("sys.exit(data.endswith(b'trailing'))")
    assert check_upload("a.jpg", sample_files.photograph()).kind == "photograph"
    with pytest.raises(Dangerous):
        check_upload("a.jpg", sample_files.photograph() + b"trailing")


@pytest.mark.parametrize("lines", ["sys.exit(2)", "os.kill(os.getpid(), 9)", "time.sleep(9)"])
def test_a_scanner_without_an_answer_keeps_the_file_out(scanner, settings, lines):
    settings.SCAN_SECONDS = 1
    scanner(lines)
    found = refusal()
    assert type(found) is NotNow
    assert found.sentence.startswith(UNKNOWN)


def test_a_scanner_that_is_not_there_keeps_the_file_out(settings):
    settings.SCAN_COMMAND = "/nowhere/scanner -"
    assert refusal().sentence.startswith(UNKNOWN)


def test_a_scanner_knows_no_secret_of_ours(scanner, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    scanner("sys.exit('SECRET_KEY' in os.environ or 'DATABASE_URL' in os.environ)")
    assert check_upload("a.txt", b"words").kind == "document"


def test_what_is_refused_anyway_is_not_scanned(scanner, tmp_path):
    scanner(f"open({str(tmp_path / 'asked')!r}, 'w').close()")
    refusal(b"words\0")
    assert not (tmp_path / "asked").exists()
    check_upload("a.txt", b"words")
    assert (tmp_path / "asked").exists()


def test_deploying_without_a_scanner_says_so(settings):
    def ids() -> list[str | None]:
        return [one.id for one in run_checks(tags=["security"], include_deployment_checks=True)]

    assert "portal.I001" in ids()
    settings.SCAN_COMMAND = "clamdscan -"
    assert "portal.I001" not in ids()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "dangerous"),
    [
        ("a.pdf", sample_files.pdf("javascript"), True),
        ("a.docx", sample_files.word(**{"word/vbaProject.bin": "x"}), True),
        ("a.csv", b"=cmd|' /C calc'!A0", True),
        ("a.pdf", sample_files.pdf("attachment"), False),
        ("a.jpg", b"\xff\xd8\xffhalf", False),
    ],
)
def test_a_dangerous_file_is_written_in_the_trail_and_a_broken_one_is_not(
    partner, commitment, signed_in, name, data, dangerous
):
    piece = make_evidence(partner, commitment)
    signed_in(partner).post(
        reverse("commitments:evidence-file-add", args=[piece.pk]), {"uploads": [SimpleUploadedFile(name, data)]}
    )
    events = list(SecurityEvent.objects.filter(kind="upload_refused"))
    assert len(events) == int(dangerous)
    if dangerous:
        assert events[0].by == partner
        assert f"“{name}” contains a" in events[0].detail or "contains macros" in events[0].detail
