"""What is served is what was published: an altered file is refused, reported once, and offered again when it is put right."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.models import Mail
from reporting.facts import to_json
from reporting.formats import FORMATS
from reporting.models import Edition, IntegrityCheck
from reporting.sealed import comparing
from reporting.services import integrity
from tests import factories
from tests.factories import make_edition, make_person
from tests.reporting.small import small
from vcsportal import tasks
from vcsportal.common.stored_files import FileFolder, StoreUnavailable

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def place_of(edition: Edition, code: str) -> Path:
    face = edition.face(code)
    assert face
    return Path(default_storage.path(str(face.content.name)))


def spoil(edition: Edition, code: str = "pdf") -> bytes:
    """Change one letter of a file without changing its length; return what it was."""
    time.sleep(0.05)  # longer than a tick of the disk's clock
    place = place_of(edition, code)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    return whole


def address(edition: Edition, code: str = "pdf") -> str:
    return reverse("reporting:face", args=[edition.pk, code])


@pytest.fixture
def sealed(open_round, officer) -> Edition:
    return make_edition(round_=open_round, by=officer, published=True)


@pytest.fixture
def settled(monkeypatch) -> None:
    """Files of a test are never older than a moment; here they are trusted at once."""
    monkeypatch.setattr(comparing, "SETTLED_AFTER", timedelta(0))


def test_a_file_that_changes_within_a_tick_of_the_disks_clock_is_not_taken_for_the_same(client, sealed):
    """It is not yet trusted by its marker, as the second change may leave size and times as they were."""
    whole = place_of(sealed, "pdf").read_bytes()
    other = whole[:-1] + bytes([whole[-1] ^ 1])
    for _ in range(20):
        place_of(sealed, "pdf").write_bytes(whole)
        assert client.get(address(sealed)).status_code == 200
        place_of(sealed, "pdf").write_bytes(other)
        assert client.get(address(sealed)).status_code == 503


def test_a_file_that_has_just_changed_has_no_marker_to_be_known_by(sealed, now):
    with place_of(sealed, "pdf").open("rb") as file:
        assert comparing.marker(file, now) == ""
        assert comparing.marker(file, now + timedelta(seconds=9))


@pytest.mark.parametrize("code", [face.code for face in FORMATS])
def test_an_altered_file_is_not_served_in_any_form(client, sealed, administrator, code):
    good = client.get(address(sealed, code))
    assert good.status_code == 200
    was = spoil(sealed, code)
    for headers in ({}, {"If-None-Match": good["ETag"]}):
        for answer in (
            client.get(address(sealed, code), headers=headers),
            client.head(address(sealed, code), headers=headers),
        ):
            assert answer.status_code == 503
            assert "ETag" not in answer
            assert "no-store" in answer["Cache-Control"]
    assert (
        "does not match the one that was published, so you can’t download it. The administrators have been told."
        in text(client.get(address(sealed, code)))
    )
    place_of(sealed, code).write_bytes(was)
    again = client.get(address(sealed, code))
    assert (again.status_code, b"".join(again.streaming_content)) == (200, was)
    assert not IntegrityCheck.objects.alarms().exists()


def test_a_file_that_was_altered_before_it_was_ever_served_is_not_served(client, sealed):
    spoil(sealed)
    assert client.get(reverse("reporting:edition-download", args=[sealed.pk])).status_code == 503


@pytest.mark.parametrize("how", ["gone", "shorter", "longer", "replaced", "time set back"])
def test_the_marker_notices_every_way_of_changing_a_file(client, sealed, settled, how):
    assert client.get(address(sealed)).status_code == 200
    place, whole = place_of(sealed, "pdf"), place_of(sealed, "pdf").read_bytes()
    times = place.stat()
    time.sleep(0.05)
    if how == "gone":
        place.unlink()
    elif how == "replaced":
        other = place.with_name("other")
        other.write_bytes(b"X" + whole[1:])
        os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
        other.replace(place)
    else:
        place.write_bytes({"shorter": whole[:-1], "longer": whole + b" ", "time set back": b"X" + whole[1:]}[how])
        os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert client.get(address(sealed)).status_code == 503


def test_a_file_is_read_once_and_then_known_by_its_marker(client, sealed, settled, monkeypatch):
    read: list[str] = []
    whole = comparing.compare

    def counted(face, file) -> None:
        read.append(face.code)
        whole(face, file)

    monkeypatch.setattr(integrity, "compare", counted)
    for _ in range(3):
        assert client.get(address(sealed)).status_code == 200
    assert read == ["pdf"]
    os.utime(place_of(sealed, "pdf"))
    assert client.get(address(sealed)).status_code == 200
    assert read == ["pdf", "pdf"], "its marker is another one, so it is read again, and is still the same"
    spoil(sealed)
    for _ in range(3):
        assert client.get(address(sealed)).status_code == 503
    assert read == ["pdf", "pdf", "pdf"], "what is wrong is known by its marker too"


def test_files_that_cannot_be_reached_are_no_altered_files(client, sealed, administrator, monkeypatch):
    assert client.get(address(sealed)).status_code == 200

    def away(name, mode="rb"):
        raise StoreUnavailable("The store of the files does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(FileFolder, "open", away)
        answer = client.get(address(sealed))
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "The portal’s files can’t be reached at the moment." in text(answer)
        with pytest.raises(StoreUnavailable):
            tasks.check_published_files()
    assert not IntegrityCheck.objects.exclude(trouble="").exists()
    assert not Mail.objects.filter(kind="report:altered").exists()
    assert client.get(address(sealed)).status_code == 200


def test_administrators_hear_of_it_once_and_again_when_it_happens_again(
    client, sealed, administrator, officer, steering_member
):
    was = spoil(sealed)
    for _ in range(2):
        client.get(address(sealed))
    spoil(sealed, "csv")
    client.get(address(sealed, "csv"))
    sent = Mail.objects.filter(kind="report:altered", person=administrator)
    assert sorted("(PDF)" in mail.text for mail in sent) == [False, True]
    assert not Mail.objects.filter(kind="report:altered", person__in=[officer, steering_member]).exists()
    assert "has changed since it was made" in sent[0].text
    assert reverse("reporting:published-files") in sent[0].text
    place_of(sealed, "pdf").write_bytes(was)
    client.get(address(sealed))
    spoil(sealed)
    client.get(address(sealed))
    assert sent.all().count() == 3


def test_a_drafts_altered_file_is_refused_without_an_alarm(open_round, officer, administrator, signed_in):
    draft = make_edition(round_=open_round, by=officer)
    client = signed_in(officer)
    was = spoil(draft)
    assert "does not match the one that was made" in text(client.get(address(draft)))
    assert client.get(address(draft)).status_code == 503
    assert not Mail.objects.filter(kind="report:altered").exists()
    assert not IntegrityCheck.objects.alarms().exists()
    place_of(draft, "pdf").unlink()
    assert client.get(address(draft)).status_code == 404
    place_of(draft, "pdf").write_bytes(was)
    assert client.get(address(draft)).status_code == 200


def altered_facts(edition: Edition) -> None:
    """Change what a published edition says, as only somebody can who switches its guard off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reporting_edition DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE reporting_edition SET facts = jsonb_set(facts, '{identity,council}', '\"Another\"') WHERE id = %s",
            [edition.pk],
        )
        cursor.execute("ALTER TABLE reporting_edition ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["edition-read", "edition-easy"])
def test_facts_that_were_altered_in_the_database_are_not_drawn(client, open_round, officer, administrator, name):
    edition = make_edition(round_=open_round, by=officer, facts=to_json(small()), published=True)
    altered_facts(edition)
    answer = client.get(reverse(f"reporting:{name}", args=[edition.pk]))
    assert answer.status_code == 503
    assert "does not match what was published, so this page can’t be shown" in text(answer)
    assert "Another" not in text(answer)
    assert IntegrityCheck.objects.alarms().get().part == "facts"
    assert Mail.objects.filter(kind="report:altered", person=administrator).count() == 1


def test_every_day_everything_published_is_read_whole(settled, sealed, open_round, officer, administrator, client, now):
    """An error of the disk that leaves size and times as they were is found, too."""
    draft = make_edition(round_=open_round, by=officer)
    withdrawn = make_edition(round_=open_round, by=officer, published=True)
    factories.withdraw_edition(by=officer, at=now, edition=withdrawn, reason="A figure was wrong.")
    assert client.get(address(sealed)).status_code == 200
    place = place_of(sealed, "pdf")
    was = spoil(sealed)
    known = IntegrityCheck.objects.get(edition=sealed, part="pdf")
    with place.open("rb") as file:
        known.marker = comparing.marker(file, timezone.now())
    known.save()
    assert client.get(address(sealed)).status_code == 200, "its marker is the one that is known"
    tasks.check_published_files()
    assert client.get(address(sealed)).status_code == 503
    assert IntegrityCheck.objects.alarms().get().part == "pdf"
    assert IntegrityCheck.objects.filter(edition=withdrawn).count() == len(FORMATS) + 1
    assert not IntegrityCheck.objects.filter(edition=draft).exists()
    place.write_bytes(was)
    tasks.check_published_files()
    assert not IntegrityCheck.objects.alarms().exists()
    assert client.get(address(sealed)).status_code == 200


def test_those_that_were_not_looked_at_for_longest_come_first(open_round, officer, now, monkeypatch):
    first, second, third = (make_edition(round_=open_round, by=officer, published=True, number=n) for n in (1, 2, 3))
    integrity.check_edition(at=now - timedelta(days=1), edition=first)
    integrity.check_edition(at=now - timedelta(days=2), edition=third)
    looked: list[int] = []

    def look(*, at, edition) -> list[str]:
        looked.append(edition.pk)
        return []

    monkeypatch.setattr(integrity, "check_edition", look)
    assert integrity.check_published(at=now) == 0
    assert looked == [second.pk, third.pk, first.pk]


def test_the_page_of_published_files_shows_the_alarm_and_checks_again(
    sealed, signed_in, officer, client, administrator
):
    page, own = reverse("reporting:published-files"), signed_in(officer)
    assert "Not checked since it was published." in text(own.get(page))
    was = spoil(sealed)
    check = reverse("reporting:edition-check", args=[sealed.pk])
    assert "The report (PDF) has changed since it was made." in text(own.post(check, follow=True))
    shown = text(own.get(page))
    assert "1 part of published reports does not match what was published" in shown
    assert "The report (PDF) has changed since it was made." in shown
    for person in (officer, administrator):
        assert "1 part of published reports does not match what was published" in text(
            signed_in(person).get("/my-work/")
        )
    place_of(sealed, "pdf").write_bytes(was)
    assert "match what was published." in text(own.post(check, follow=True))
    assert "No problems were found with published files." in text(own.get(page))
    assert "not match what was published" not in text(own.get("/my-work/"))


def test_a_download_asks_few_questions(client, sealed, settled, signed_in):
    client.get(address(sealed))
    for reader in (client, signed_in(make_person("steering_group"))):
        reader.get(address(sealed))
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address(sealed)).status_code == 200
        assert len(queries) <= 8


@pytest.mark.django_db(transaction=True)
def test_readyz_reports_the_alarm_without_taking_the_portal_away(client, sealed):
    answer = client.get("/readyz").json()
    assert answer["published_files"] is True
    assert "alarm" not in answer
    spoil(sealed)
    client.get(address(sealed))
    found = client.get("/readyz")
    assert found.json()["published_files"] is False
    assert found.json()["alarm"].startswith("1 published file is missing or changed, and can’t be downloaded.")
    assert found.status_code == client.get("/readyz").status_code
    assert {name: found.json()[name] for name in ("database", "queue", "worker")} == {
        name: answer[name] for name in ("database", "queue", "worker")
    }
