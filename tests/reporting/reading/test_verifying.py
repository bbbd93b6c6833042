"""The same facts give the same bytes; the command and the public page tell what is an edition's own and what is not."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import EvidenceFile, Round
from reporting import production
from reporting.formats import FORMATS
from reporting.models import Edition
from reporting.reading.verifying import read_checksum
from reporting.sealed import fingerprints, made_with
from reporting.services.editions import request_edition
from tests import factories
from tests.factories import make_council, make_edition
from tests.kept_rows import KeptRows, keep_rows, put_rows_back
from tests.reporting.year import Year, small_year
from tests.stack import ROOT

pytestmark = pytest.mark.django_db
VERIFY = "/reports/verify/"


@pytest.fixture(autouse=True)
def as_many_as_one_likes(settings, queue):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_file": "1000/m/ip"}


@dataclass(frozen=True)
class Drawn:
    """A year, and the edition of it that was drawn with every face."""

    year: Year
    edition: int
    rows: KeptRows


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    """What the first test that asks for it draws, for the others to begin with."""
    return []


@pytest.fixture
def year(drawn, transactional_db, settings, now, tmp_path_factory) -> Year:
    stored = Path(settings.MEDIA_ROOT)
    if drawn:
        put_rows_back(drawn[0].rows, stored=stored)
    else:
        year = small_year(make_council())
        factories.fill_in_header(year.round, year.officer)
        asked = request_edition(by=year.officer, at=now, round_=year.round)
        assert production.produce(asked.pk), Edition.objects.get(pk=asked.pk).error
        rows = keep_rows("drawn", stored=stored, files=tmp_path_factory.mktemp("drawn") / "files")
        drawn.append(Drawn(year, asked.pk, rows))
    return deepcopy(drawn[0].year)


@pytest.fixture
def made(drawn, year) -> Edition:
    """A real edition, with every face drawn."""
    return Edition.objects.get(pk=drawn[0].edition)


@pytest.fixture
def sealed(made, year, now) -> Edition:
    return factories.publish_edition(by=year.officer, at=now, edition=made)


# The same bytes --------------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    ({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, "2031-03-30T00:59:59"),
    ({"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, "2028-02-29T23:30:00"),
]  # fmt: skip


def test_the_same_facts_give_the_same_bytes_in_another_process_elsewhere_and_on_another_day(made, tmp_path, settings):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(made.facts), encoding="utf-8")
    here = {face.code: face.sha256 for face in made.faces.all()}
    assert set(here) == {face.code for face in FORMATS}
    assert any(one["photographs"] for one in made.facts["evidence"]), "photographs are part of the trial"
    for changes, day in ELSEWHERE:
        env = os.environ | changes | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
        words = [sys.executable, "-m", "tests.reporting.draw_again", str(facts), str(settings.MEDIA_ROOT), day]
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        there = json.loads(done.stdout.splitlines()[-1])
        assert {code for code in here if here[code] != there[code]} == set(), day


def test_what_drew_an_edition_is_kept_with_it_and_changes_are_named():
    now = made_with.made_with()
    assert {
        "portal",
        "templates",
        "style",
        "code",
        "fonts",
        "weasyprint",
        "zlib",
        "pango",
        "harfbuzz",
        "python-docx",
    } <= set(now)
    assert all(now.values())
    assert made_with.differences(now, now) == []
    then = {**now, "fonts": "x", "weasyprint": "60.0", "gone": "1"}
    assert made_with.differences(then, now) == [
        "the report’s fonts changed",
        f"weasyprint was 60.0 and is {now['weasyprint']}",
        "gone was 1 and is not there",
    ]


def test_every_room_that_draws_counts_among_what_drew():
    named = {str(file.relative_to(ROOT)) for file in made_with._code(ROOT)}
    for room in ("reporting/rendering", "reporting/paper", "reporting/exports", "reporting/easy", "reporting/facts"):
        files = {str(file.relative_to(ROOT)) for file in (ROOT / room).glob("*.py")}
        assert {
            file for file in files if file.endswith(("/body.py", "/docx.py", "/xlsx.py", "/drawing.py", "/report.py"))
        } <= named
    for file in (
        "reporting/narrative/charts.py",
        "reporting/narrative/sentences.py",
        "reporting/rendering/tagging.py",
        "vcsportal/common/markdown.py",
    ):
        assert file in named
    assert "reporting/rendering/single_page_file.py" in named
    assert not any("/models/" in file or "/views/" in file for file in named)


# The command -----------------------------------------------------------------------------------------------------------------


def verify(*words: str) -> str:
    out = StringIO()
    call_command("verify_edition", *words, stdout=out)
    return out.getvalue()


def fails(*words: str) -> str:
    """What the command prints before it ends with something wrong."""
    out = StringIO()
    with pytest.raises(CommandError, match="Something is wrong"):
        call_command("verify_edition", *words, stdout=out)
    return out.getvalue()


def sha_of(edition: Edition, code: str) -> str:
    face = edition.face(code)
    assert face
    return face.sha256


def place_of(edition: Edition, code: str) -> Path:
    face = edition.face(code)
    assert face
    return Path(default_storage.path(str(face.content.name)))


def test_a_sealed_edition_is_drawn_again_byte_for_byte(sealed, year):
    said = verify("--round", year.round.slug, "--edition", "1", "--strategy", year.strategy.slug)
    for face in FORMATS:
        assert f"{face.label}: the file is as it was made." in said
        assert f"{face.label}: drawn again, the same bytes." in said
    assert "WRONG" not in said
    assert "1 published edition looked at, 0 with something wrong." in said
    factories.withdraw_edition(by=year.officer, at=timezone.now(), edition=sealed, reason="A figure was wrong.")
    assert "edition 1, withdrawn" in verify("--all")


def test_a_file_that_is_gone_or_changed_is_named_and_the_others_are_still_looked_at(sealed):
    photograph = str(EvidenceFile.objects.filter(kind="photograph", evidence__state="accepted")[0].print_content.name)
    default_storage.delete(photograph)
    place_of(sealed, "docx").unlink()
    content = place_of(sealed, "csv").read_bytes()
    place_of(sealed, "csv").write_bytes(content[:-1] + b"?")
    said = fails("--all")
    assert "WRONG Committee paper (Word) is missing." in said
    assert "WRONG Data (CSV files in one zip) has changed since it was made." in said
    assert "The report (PDF): the file is as it was made." in said
    assert "Data (CSV files in one zip): drawn again, the same bytes." in said, "it can be had again"
    assert f"WRONG 1 photograph is missing: {photograph}." in said
    pictured = [line for line in said.splitlines() if "different bytes, although" in line]
    assert [line.split("WRONG ")[1].split(":")[0] for line in pictured] == [
        "The annex (PDF)",
        "The report as one web page (HTML)",
    ]
    assert said.count("WRONG") == 5


def test_facts_that_somebody_changed_with_the_owners_role_are_found(sealed):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reporting_edition DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE reporting_edition SET facts = jsonb_set(facts, '{identity,council}', '\"Another Council\"')"
        )
        cursor.execute("ALTER TABLE reporting_edition ENABLE TRIGGER USER")
    said = fails("--all")
    assert "WRONG The facts are not those that were sealed: their checksum differs." in said
    assert (
        "WRONG The report (PDF): drawn again, with different bytes, although nothing that draws it has changed." in said
    )


def test_a_newer_portal_says_what_changed_and_still_looks_at_the_files(made, year, now):
    Edition.objects.filter(pk=made.pk).update(
        made_with={**made.made_with, "templates": "older", "weasyprint": "69.0"}, facts_sha256=made.facts_sha256
    )
    face = made.face("html")
    assert face
    older = b"as an older portal drew it"
    default_storage.delete(str(face.content.name))
    Path(default_storage.path(str(face.content.name))).write_bytes(older)
    made.faces.filter(code="html").update(sha256=sha256(older).hexdigest(), size=len(older))
    factories.publish_edition(by=year.officer, at=now, edition=made)
    said = verify("--all")
    assert (
        "This portal can’t be expected to draw the same bytes: the report’s templates changed; weasyprint was 69.0"
        in said
    )
    assert "The report as one web page (HTML): the file is as it was made." in said
    assert "The report as one web page (HTML): drawn again, with different bytes, as explained above." in said
    assert "The report (PDF): drawn again, the same bytes." in said
    place_of(made, "html").write_bytes(b"changed")
    assert "WRONG The report as one web page (HTML) has changed since it was made." in fails("--all")


def test_editions_of_before_can_be_looked_at_too(open_round, officer):
    make_edition(round_=open_round, by=officer, published=True)
    said = verify("--all")
    assert "it was made before the portal kept what draws a report" in said
    assert "can’t be drawn again, because its facts can’t be read" in said


def test_the_command_asks_which_and_says_when_there_is_none(made):
    with pytest.raises(CommandError, match="Say which"):
        call_command("verify_edition")
    with pytest.raises(CommandError, match="No published edition matches this"):
        call_command("verify_edition", "--edition", "1")
    assert "0 published editions looked at" in verify("--all")


# The public page ---------------------------------------------------------------------------------------------------------------


def text(response) -> str:
    return " ".join(response.content.decode().split())


def address(checksum: str) -> str:
    return reverse("reporting:verify-checksum", args=[checksum])


def small(open_round, officer, *, published: bool = True, **more) -> Edition:
    facts = {"identity": {"council": "Oxfordshire County Council"}, "n": Edition.objects.count()}
    return make_edition(round_=open_round, by=officer, published=published, facts=facts, **more)


@pytest.mark.parametrize("code", [face.code for face in FORMATS])
def test_every_file_of_a_published_edition_is_known_again(client, open_round, officer, code):
    edition = small(open_round, officer)
    label = next(face.label for face in FORMATS if face.code == code)
    answer = client.post(VERIFY, {"file": SimpleUploadedFile("renamed.bin", place_of(edition, code).read_bytes())})
    assert (answer.status_code, answer["Location"]) == (302, address(sha_of(edition, code)))
    page = client.get(answer["Location"])
    assert page.status_code == 200
    for words in ("This is a published report", f"The file is the edition’s “{label}”", "Oxfordshire County Council"):
        assert words in text(page)
    assert edition.get_absolute_url() in text(page)
    for face in edition.faces.all():
        assert face.sha256[:16] in text(page)
        assert reverse("reporting:face", args=[edition.pk, face.code]) in text(page)


@pytest.mark.parametrize(
    "spelt",
    [
        lambda c: c,
        lambda c: c.upper(),
        lambda c: " ".join(c[i : i + 4] for i in range(0, 64, 4)),
        lambda c: "\n".join(c[i : i + 16] for i in range(0, 64, 16)),
        lambda c: f"SHA-256: {c[:32]}\u00a0\u200b{c[32:]} ",
        lambda c: f"{c[:32]}-{c[32:]}.",
    ],
)
def test_the_checksum_of_the_last_page_is_read_as_people_copy_it(client, open_round, officer, spelt):
    edition = small(open_round, officer)
    answer = client.post(VERIFY, {"checksum": spelt(edition.facts_sha256)}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == address(edition.facts_sha256)
    assert "The checksum is of the edition’s contents" in text(answer)
    assert read_checksum(spelt(edition.facts_sha256)) == (edition.facts_sha256, "")
    by_address = client.get(address(spelt(edition.facts_sha256)), follow=True)
    assert "The checksum is of the edition’s contents" in text(by_address)


@pytest.mark.parametrize(("sent", "words"), [
    ("", "Paste the checksum"), ("  ", "Paste the checksum"), ("xyz", "only digits and the letters a to f"),
    ("ab" * 31, "This has 62: some may be missing"), ("a" * 501, "too long to be a checksum"),
])  # fmt: skip
def test_what_is_no_checksum_is_kept_and_said_so(client, db, sent, words):
    answer = client.post(VERIFY, {"checksum": sent})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "<title>Error: " in text(answer)
    assert sent.strip() in answer.content.decode()


def test_one_changed_letter_is_none(client, open_round, officer):
    edition = small(open_round, officer)
    content = place_of(edition, "pdf").read_bytes()
    answer = client.post(VERIFY, {"file": SimpleUploadedFile("report.pdf", content + b"\n")}, follow=True)
    assert answer.status_code == 404
    assert "This is not a file of any edition published here" in text(answer)
    assert "It may have been changed, or come from elsewhere." in text(answer)
    assert client.get(f"{VERIFY}nonsense/").status_code == 404
    assert "only digits and the letters a to f" in text(client.get(f"{VERIFY}nonsense/"))


def test_a_draft_is_nobodys_business_but_those_who_see_drafts(client, signed_in, partner, open_round, officer):
    draft = small(open_round, officer, published=False)
    for checksum in (draft.facts_sha256, sha_of(draft, "pdf")):
        for stranger in (client, signed_in(partner)):
            answer = stranger.get(address(checksum))
            assert answer.status_code == 404
            assert draft.get_absolute_url() not in text(answer)
        answer = signed_in(officer).get(address(checksum))
        assert answer.status_code == 200
        assert "This is a draft that is not published" in text(answer)


def test_a_withdrawn_edition_is_known_with_its_reason_and_its_files_are_offered_no_longer(
    client, signed_in, open_round, officer, now
):
    edition = small(open_round, officer)
    factories.withdraw_edition(by=officer, at=now, edition=edition, reason="The figure for 2.1 was wrong.")
    answer = client.get(address(edition.facts_sha256))
    assert answer.status_code == 200
    assert "This report was published, and has been withdrawn" in text(answer)
    assert "The figure for 2.1 was wrong." in text(answer)
    file = reverse("reporting:face", args=[edition.pk, "csv"])
    assert file not in text(answer)
    refused = client.get(file)
    assert refused.status_code == 410
    assert "The figure for 2.1 was wrong." in text(refused)
    assert client.get(reverse("reporting:edition-download", args=[edition.pk])).status_code == 410
    assert signed_in(officer).get(file).status_code == 200


def test_a_file_is_read_as_it_comes_and_leaves_nothing_behind(client, db, data_folder, settings, monkeypatch):
    monkeypatch.setattr(fingerprints, "MAX_BYTES", 3 * 1024 * 1024)
    settings.FILE_UPLOAD_TEMP_DIR = str(data_folder)
    before = sorted(data_folder.rglob("*"))
    content = os.urandom(3 * 1024 * 1024)
    answer = client.post(VERIFY, {"file": SimpleUploadedFile("large.pdf", content)})
    assert answer["Location"] == address(sha256(content).hexdigest())
    too_large = client.post(VERIFY, {"file": SimpleUploadedFile("large.pdf", content + b"x")})
    assert too_large.status_code == 422
    assert "The file is larger than 50 MB" in text(too_large)
    assert sorted(data_folder.rglob("*")) == before


def test_nothing_chosen_two_files_and_an_empty_file(client, db):
    assert "Choose the file, or paste its checksum instead." in text(client.post(VERIFY, {}))
    two = {
        "file": [SimpleUploadedFile("a", b"one"), SimpleUploadedFile("b", b"two")],
        "other": SimpleUploadedFile("c", b"3"),
    }
    assert client.post(VERIFY, two)["Location"] == address(sha256(b"one").hexdigest())
    assert client.post(VERIFY, {"file": SimpleUploadedFile("empty", b"")})["Location"] == address(
        sha256(b"").hexdigest()
    )


def test_the_form_asks_for_its_token_and_nobody_needs_an_account(db, open_round, officer):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(VERIFY, {"checksum": "a" * 64}).status_code == 403
    assert careful.post(VERIFY, {"file": BytesIO(b"x")}).status_code == 403
    page = careful.get(VERIFY)
    token = page.context["csrf_token"]
    assert careful.post(VERIFY, {"file": BytesIO(b"x"), "csrfmiddlewaretoken": token}).status_code == 302


def test_many_files_from_one_place_are_asked_to_wait(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_file": "2/10s/ip"}
    answers = [client.post(VERIFY, {"checksum": "a" * 64}).status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert "Please wait a minute" in text(client.post(VERIFY, {"checksum": "a" * 64}))
    assert client.get(address("a" * 64)).status_code == 404, "a checksum alone is always looked up"


def test_looking_a_checksum_up_costs_the_same_however_many_editions_there_are(client, open_round, officer):
    counts = []
    for many in (1, 12):
        while Edition.objects.count() < many:
            edition = small(open_round, officer, number=Edition.objects.count() + 1)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(sha_of(edition, "ods")))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


# Pages for what can't be undone -------------------------------------------------------------------------------------------------


def test_publishing_shows_every_checksum_and_says_what_keeps_it_back(signed_in, open_round, officer, second_officer):
    Round.objects.filter(pk=open_round.pk).update(state="closed", closings=1)
    edition = small(open_round, officer, published=False)
    client, page = signed_in(officer), reverse("reporting:edition-publish", args=[edition.pk])
    shown = text(client.get(page))
    assert "nobody can change or remove it" in shown
    for face in edition.faces.all():
        assert face.sha256[48:] in shown
    place_of(edition, "ods").unlink()
    refused = client.post(page)
    assert refused.status_code == 422
    assert "Data (OpenDocument) is missing. Request a new edition" in text(refused)
    assert "<title>Error: " in text(refused)


def test_withdrawing_and_removing_are_pages_with_words_of_their_own(signed_in, open_round, officer, second_officer):
    client = signed_in(officer)
    shown, draft = small(open_round, officer), small(open_round, officer, published=False)
    withdraw = reverse("reporting:edition-withdraw", args=[shown.pk])
    assert "stays listed, with the date and your reason" in text(client.get(withdraw))
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert client.post(withdraw, {"reason": "A name was wrong."}, follow=True).status_code == 200
    proposal = shown.proposals.get(act="withdraw")
    decide = reverse("reporting:proposal", args=[proposal.pk])
    assert "A name was wrong." in text(signed_in(second_officer).get(decide))
    signed_in(second_officer).post(decide, {"decision": "confirm"})
    assert Edition.objects.get(pk=shown.pk).withdrawal.reason == "A name was wrong."
    again = client.post(withdraw, {"reason": "Again."}, follow=True)
    assert again.redirect_chain[-1][0] == shown.get_absolute_url()
    assert "This edition was withdrawn already, on " in text(again)
    discard = reverse("reporting:edition-discard", args=[draft.pk])
    assert "will be deleted. You cannot undo this." in text(client.get(discard))
    assert client.post(discard)["Location"] == reverse("reporting:edition-list")
    assert not Edition.objects.filter(pk=draft.pk).exists()
    assert client.get(reverse("reporting:edition-discard", args=[shown.pk])).status_code == 409


# The API ---------------------------------------------------------------------------------------------------------------------


def test_the_api_names_every_face_what_drew_it_and_why_one_was_withdrawn(client, signed_in, open_round, officer, now):
    edition = small(open_round, officer, made_with={"weasyprint": "70.0"})
    other = small(open_round, officer)
    factories.withdraw_edition(by=officer, at=now, edition=edition, reason="A name was wrong.")
    told = client.get(f"/api/v1/editions/{edition.pk}/").json()
    assert [face["code"] for face in told["faces"]] == [face.code for face in FORMATS]
    assert {face["url"] for face in told["faces"]} == {None}
    assert told["withdrawn"]["reason"] == "A name was wrong."
    assert told["made_with"] == {"weasyprint": "70.0"}
    insider = signed_in(officer).get(f"/api/v1/editions/{edition.pk}/").json()
    assert all(face["url"].endswith(f"/reports/{edition.pk}/files/{face['code']}/") for face in insider["faces"])
    stands = client.get(f"/api/v1/editions/{other.pk}/").json()
    assert stands["withdrawn"] is None
    assert stands["report_page"].endswith(reverse("reporting:report", args=["our-strategy", open_round.slug]))
    assert told["report_page"] is None
    for checksum in (other.facts_sha256, sha_of(other, "odt").upper()):
        found = client.get("/api/v1/editions/", {"sha256": checksum}).json()
        assert [one["id"] for one in found["results"]] == [other.pk]
    assert client.get("/api/v1/editions/", {"sha256": "0" * 64}).json()["count"] == 0
    refused = client.get("/api/v1/editions/", {"sha256": "xyz"})
    assert refused.status_code == 400
    assert "only digits" in refused.json()["errors"]["sha256"][0]


def test_the_list_of_the_api_costs_the_same_for_many_editions(client, open_round, officer, now):
    counts = []
    for many in (2, 14):
        while Edition.objects.count() < many:
            edition = small(open_round, officer, number=Edition.objects.count() + 1, at=now - timedelta(days=1))
            if edition.number % 2:
                factories.withdraw_edition(by=officer, at=now, edition=edition, reason="Wrong.")
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/editions/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
