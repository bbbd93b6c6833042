"""Everything about a person in one zip: nothing of theirs is missing, nothing of others is in it, no secret either."""

import csv
import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from commitments.files.uploads import check_upload
from commitments.models import Consent, Evidence
from commitments.services.evidence import attach_file
from commitments.services.working_copies import keep_copy
from partners.emails.outbox import put_mail
from partners.models import SecurityEvent, User
from partners.services.address_changes import ask_to_change_address
from partners.services.deputies import name_deputy
from partners.services.joining import JoiningContent, agree_to_joining, ask_to_take_part, decline_joining
from tests.commitments.sample_files import photograph
from tests.factories import PASSWORD, make_evidence, make_organisation, make_person
from tests.signing_in import sign_in
from vcsportal.privacy import personal_data_export

pytestmark = pytest.mark.django_db


def exported(person: User, now, **more: Any) -> zipfile.ZipFile:
    file = io.BytesIO()
    personal_data_export.export_person(at=now, person=person, file=file, **more)
    return zipfile.ZipFile(file)


@pytest.fixture
def busy(partner, partner_lead, officer, commitment, now) -> User:
    piece = make_evidence(partner, commitment, title="=HYPERLINK(1)", state="draft")
    attach_file(by=partner, at=now, evidence=piece, checked=check_upload("hall.jpg", photograph()), caption="The hall")
    name_deputy(by=partner, at=now, person=partner, deputy=partner_lead)
    keep_copy(by=partner, at=now, form="evidence:new", fields={"title": "Half a sentence"}, seen=None)
    put_mail(
        key="test", kind="invitation", to=partner, template="invitation", at=now,
        values={"person": partner, "by": None, "held": [], "by_password": False},
    )  # fmt: skip
    Authenticator.objects.create(user=partner, type=Authenticator.Type.TOTP, data={"secret": "very-secret-seed"})
    make_evidence(partner_lead, commitment, title="Not mine")
    return partner


def test_everything_of_theirs_is_there_to_read_and_as_data(busy, now):
    pack = exported(busy, now)
    page = pack.read("index.html").decode()
    data = json.loads(pack.read("data.json"))
    assert {"partners-user", "partners-rolegrant", "partners-mail", "partners-deputy", "partners-historyentry",
            "partners-securityevent", "commitments-evidence", "commitments-evidencefile", "commitments-historyentry",
            "commitments-workingcopy", "mfa-authenticator"} == set(data["sections"])  # fmt: skip
    for words in (busy.email, busy.name, "Half a sentence", "=HYPERLINK(1)", "The hall"):
        assert words.replace("'", "&#x27;") in page
    assert data["sections"]["commitments-evidence"][0]["Logged by"] == "you"
    names = set(pack.namelist())
    for code in data["sections"]:
        assert f"csv/{code}.csv" in names
    [photo] = [name for name in names if name.startswith("files/")]
    assert pack.read(photo).startswith(b"\xff\xd8")
    assert data["files"] == [photo]


def test_others_are_not_named_and_no_secret_is_in_it(busy, partner_lead, now):
    pack = exported(busy, now)
    whole = b"".join(pack.read(name) for name in pack.namelist() if not name.startswith("files/")).decode()
    for words in ("very-secret-seed", busy.password, PASSWORD, partner_lead.email, "Not mine"):
        assert words not in whole
    deputies = json.loads(pack.read("data.json"))["sections"]["partners-deputy"]
    assert [(one["Person"], one["Deputy"]) for one in deputies] == [("you", "another person")]


def test_what_somebody_else_said_in_a_case_study_that_is_being_typed_is_not_in_it(busy, now):
    typed = {"headline": "A kitchen", "quotation": ["I laughed again."], "said_by": ["a guest"]}
    keep_copy(by=busy, at=now, form="case-study:7", fields=typed, seen=None)
    pack = exported(busy, now)
    everything = "".join(pack.read(name).decode("utf-8", "replace") for name in pack.namelist())
    assert "A kitchen" in everything
    assert "Half a sentence" in everything
    assert "I laughed again." not in everything
    assert "a guest" not in everything


def test_where_others_were_and_the_session_itself_are_not_in_it(client, busy, administrator, now):
    theirs = Client(REMOTE_ADDR="203.0.113.77", headers={"User-Agent": "Browser of the administrator"})
    sign_in(theirs, administrator).post(f"/people/{busy.pk}/sessions/")
    own = Client(REMOTE_ADDR="198.51.100.4", headers={"User-Agent": "Browser of their own"})
    sign_in(own, busy).get("/people/security/")  # is refused, which the trail notes with where they were
    ask_to_change_address(by=administrator, at=now, person=busy, email="new.home@example.org")
    pack = exported(busy, now)
    data = json.loads(pack.read("data.json"))["sections"]
    [ended] = [one for one in data["partners-securityevent"] if one["Kind"] == "session_ended"]
    [refused] = [one for one in data["partners-securityevent"] if one["Kind"] == "refused"]
    assert (ended["By"], ended["Address"], ended["Browser"], ended["Request number"]) == ("another person", "", "", "")
    assert (refused["By"], refused["Address"], refused["Browser"]) == ("you", "198.51.100.4", "Browser of their own")
    assert refused["Request number"]
    [session] = data["partners-session"]
    assert set(session) == {"Expire date", "Person", "Began at", "Seen at", "Address", "Browser"}
    [change] = data["partners-addresschange"]
    assert change["Email"] == "new.home@example.org"
    assert "Code" not in change


@pytest.mark.parametrize("title", ["＝1+1", "'=1+1"])
def test_what_a_spreadsheet_would_run_in_wide_letters_or_after_an_apostrophe_stays_text(
    partner, commitment, now, title
):
    make_evidence(partner, commitment, title=title, state="draft")
    text = exported(partner, now).read("csv/commitments-evidence.csv").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["What you did, in one line"].startswith("'")
    assert row["What you did, in one line"] != title


def test_tables_open_in_a_spreadsheet_without_running_anything(busy, now):
    rows = list(
        csv.DictReader(io.StringIO(exported(busy, now).read("csv/commitments-evidence.csv").decode("utf-8-sig")))
    )
    assert [row["What you did, in one line"] for row in rows] == ["'=HYPERLINK(1)"]


def test_every_app_with_tables_that_point_at_people_is_looked_into():
    pointing = {
        model._meta.app_label
        for model in apps.get_models()
        if any(field.related_model is User for field in model._meta.get_fields() if field.concrete)
    }
    assert len(pointing) >= 4
    assert pointing <= set(personal_data_export.LABELS)


def test_files_past_the_bound_are_named_and_left_out(busy, now):
    pack = exported(busy, now, most_bytes=10)
    data = json.loads(pack.read("data.json"))
    assert data["files"] == []
    assert len(data["files_left_out"]) == 1
    assert data["files_left_out"][0] in pack.read("index.html").decode()


def test_people_download_their_own_and_the_trail_notes_it(client, busy):
    sign_in(client, busy)
    assert "Download your data" in client.get("/account/data/").content.decode()
    answer = client.post("/account/data/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert pack.testzip() is None
    event = SecurityEvent.objects.get(kind="exported")
    assert (event.by, event.person) == (busy, busy)


def test_they_are_asked_again_who_they_are(client, busy, administrator):
    sign_in(client, busy, minutes_ago=11)
    assert client.get("/account/data/").status_code == 302
    assert client.post("/account/data/").status_code == 302
    sign_in(client, administrator, minutes_ago=11)
    for address in (f"/people/{busy.pk}/data/", f"/people/{busy.pk}/erase/"):
        assert "reauthenticate" in client.post(address)["Location"]
    assert not SecurityEvent.objects.filter(kind="exported").exists()


def test_the_command_writes_a_zip_without_a_bound(busy, tmp_path):
    file = tmp_path / "person.zip"
    call_command("export_person", busy.email.upper(), str(file))
    assert "index.html" in zipfile.ZipFile(file).namelist()
    with pytest.raises(CommandError, match="already"):
        call_command("export_person", busy.email, str(file))
    with pytest.raises(CommandError, match="Nobody"):
        call_command("export_person", "no.such@example.org", str(tmp_path / "other.zip"))
    assert not (tmp_path / "other.zip").exists()


def test_the_number_of_queries_does_not_grow_with_what_they_did(busy, commitment, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        exported(busy, now)
    for _ in range(5):
        make_evidence(busy, commitment)
    with django_assert_max_num_queries(60):
        exported(busy, now)


def test_strangers_that_an_administrator_dealt_with_are_not_in_it(administrator, partner, commitment, now):
    evidence = make_evidence(partner, commitment, title="Lunch")
    listed = make_organisation("Ash Green Allotments", standing="listed")
    content = JoiningContent("Ash Stranger", "Treasurer", "ash@stranger.example", "Ring our hut.")
    for answer in (decline_joining, agree_to_joining):
        asked = ask_to_take_part(by=None, at=now, token=uuid.uuid4(), organisation=listed, content=content)
        answer(
            by=administrator, at=now, request=asked, **({"reason": "Stranger."} if answer is decline_joining else {})
        )
    ask_to_change_address(by=administrator, at=now, person=partner, email="partner.home@example.org")
    Consent.objects.create(
        evidence=evidence, given_by="Stranger", given_on=now.date(), uses=["portal"], recorded_by=administrator,
        recorded_at=now,
    )  # fmt: skip
    Evidence.objects.filter(pk=evidence.pk).update(logged_by=administrator, said_by="Stranger", said_how="telephone")
    whole = _everything(exported(administrator, now))
    assert "partners-joiningrequest" in whole
    for words in ("Stranger", "stranger.example", "Ring our hut", "partner.home", partner.name):
        assert words not in whole


def test_what_somebody_asked_before_they_had_an_account_is_in_theirs(administrator, now):
    listed = make_organisation("Ash Green Allotments", standing="listed")
    person = make_person()
    content = JoiningContent("Ash Asker", "Treasurer", person.email.upper(), "Ring our hut.")
    asked = ask_to_take_part(by=None, at=now, token=uuid.uuid4(), organisation=listed, content=content)
    decline_joining(by=administrator, at=now, request=asked, reason="The hut does not know you.")
    whole = _everything(exported(person, now))
    for words in ("Ash Asker", "Ring our hut.", "The hut does not know you."):
        assert words in whole


def _everything(pack: zipfile.ZipFile) -> str:
    return "".join(pack.read(name).decode() for name in pack.namelist() if not name.startswith("files/"))
