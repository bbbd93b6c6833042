"""Photographs and documents of evidence through the API: the limits, checks and consents of the pages."""

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from commitments.files.uploads import CheckedFile
from commitments.models import Evidence, EvidenceFile
from commitments.services.evidence import MAX_FILES, attach_file
from partners.models import RepeatedRequest, SecurityEvent
from partners.services.api_tokens import end_token
from tests.api.conftest import ROOT, Api
from tests.factories import make_evidence, make_person
from tests.programs import entry, made, program

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip
LIST = "text.txt", b"Eleven people came."


def photograph(colour="green"):
    made_of = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made_of, "JPEG")
    return made_of.getvalue()


def files_of(piece, rest=""):
    return f"{ROOT}evidence/{piece.pk}/files/{rest}"


def add(client, piece, content=None, name="hall.jpg", headers=None, **fields):
    file = SimpleUploadedFile(name, photograph() if content is None else content)
    return client.post(files_of(piece), {"file": file, **fields}, headers=headers or {})


@pytest.fixture
def draft(world):
    return world.evidence["draft"]


@pytest.fixture
def client_of_partner(partner):
    return program(made(partner, "evidence")[1])


def test_a_program_logs_evidence_with_its_files_and_sends_it(world, charity, commitment, client_of_partner):
    client = client_of_partner
    body = entry(charity, commitment, happened_from="2024-03-01")
    logged = client.post(f"{ROOT}evidence/", body, content_type="application/json").json()
    piece = Evidence.objects.get(pk=logged["id"])
    told = add(client, piece, caption="The hall", description="Eleven people in a hall", shows_people="false")
    assert told.status_code == 201, told.content
    first = told.json()
    assert (first["kind"], first["media_type"], first["standing"]) == ("photograph", "image/jpeg", "shown")
    assert (first["caption"], first["description"]) == ("The hall", "Eleven people in a hall")
    assert told["Location"] == first["url"]
    assert client.get(first["url"].removeprefix("http://127.0.0.1:8000")).json() == first
    second = add(client, piece, PDF, "minutes.pdf").json()
    assert (second["kind"], second["version"]) == ("document", first["version"] + 1)
    listed = client.get(files_of(piece)).json()["results"]
    assert [row["name"] for row in listed] == ["hall.jpg", "minutes.pdf"]
    item = client.get(f"{ROOT}evidence/{piece.pk}/").json()
    assert [row["id"] for row in item["files"]] == [row["id"] for row in listed]
    gone = client.post(
        files_of(piece, f"{second['id']}/remove/"), {"version": second["version"]}, content_type="application/json"
    )
    assert gone.json() == {"removed": second["id"], "version": second["version"] + 1}
    sent = client.post(
        f"{ROOT}evidence/{piece.pk}/submit/", {"version": gone.json()["version"]}, content_type="application/json"
    )
    assert sent.json()["state"]["code"] == "submitted"
    late = add(client, piece, PDF, "late.pdf")
    assert (late.status_code, "can't be changed now" in late.json()["detail"]) == (409, True)


def test_a_session_sends_a_file_with_its_csrf_token(draft, partner):
    person = Api(partner)
    assert add(person.client, draft).status_code == 403
    assert add(person.client, draft, headers=person.headers).status_code == 201


def test_a_photograph_of_people_waits_for_their_consent(world, draft, client_of_partner, officer, stranger):
    told = add(client_of_partner, draft, shows_people="true").json()
    assert (told["shows_people"], told["standing"]) == (True, "waiting")
    Evidence.objects.filter(pk=draft.pk).update(state="accepted", publishable=True, submitted_at=draft.logged_at, accepted_at=draft.logged_at, accepted_by=officer, submitted_by=draft.logged_by)  # fmt: skip
    assert stranger.list(f"evidence/{draft.pk}/files/") == []
    assert stranger.get(f"evidence/{draft.pk}/files/{told['id']}/").status_code == 404
    assert [row["standing"] for row in Api(officer).list(f"evidence/{draft.pk}/files/")] == ["waiting"]


def test_a_file_is_described_by_whoever_has_read_it(draft, client_of_partner):
    told = add(client_of_partner, draft, caption="The hall").json()
    there = files_of(draft, f"{told['id']}/")
    stale = client_of_partner.patch(there, {"caption": "x", "version": told["version"] - 1}, content_type="application/json")  # fmt: skip
    assert stale.status_code == 409
    assert client_of_partner.patch(there, {"caption": "x"}, content_type="application/json").status_code == 400
    body = {"description": "An empty hall", "version": told["version"]}
    now = client_of_partner.patch(there, body, content_type="application/json").json()
    assert (now["caption"], now["description"], now["version"]) == ("The hall", "An empty hall", told["version"] + 1)
    old = client_of_partner.post(f"{there}remove/", {"version": told["version"]}, content_type="application/json")
    assert (old.status_code, EvidenceFile.objects.filter(pk=told["id"]).exists()) == (409, True)


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("big.txt", b"x" * 2_001, 413, "is larger than"),
        ("empty.txt", b"", 400, "is empty"),
        ("tool.exe", b"MZ" * 50, 400, "can't be used"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, 400, "in a format that many computers"),
        ("sums.csv", b"a,b\n=cmd|' /C calc'!A0,1\n", 400, ""),
    ],
)
def test_what_a_page_refuses_is_refused(settings, draft, client_of_partner, name, content, status, words):
    settings.UPLOAD_MAX_BYTES = 2_000
    for headers in ({}, {"Idempotency-Key": "k"}):
        answer = add(client_of_partner, draft, content, name, headers)
        assert answer.status_code == status, answer.content
        told = answer.json()
        assert (answer["Content-Type"], words in told["detail"]) == ("application/problem+json", True)
        assert ("file" in told.get("errors", {})) == (status == 400)
    assert not EvidenceFile.objects.exists()
    assert not RepeatedRequest.objects.exists()
    dangerous = 2 if name == "sums.csv" else 0
    assert SecurityEvent.objects.filter(kind="upload_refused").count() == dangerous, "it stays, whatever is rolled back"


def test_fields_beside_the_file_are_limited_too(settings, draft, client_of_partner):
    for headers in ({}, {"Idempotency-Key": "k"}):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
        answer = add(client_of_partner, draft, headers=headers, caption="x" * 2_000)
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("file", {}),
        ("file", {"file": [LIST, ("b.txt", b"b")]}),
        ("file", {"file": [LIST] * 21}),
        ("caption", {"file": [LIST], "caption": "x" * 251}),
        ("description", {"file": [LIST], "description": "x" * 301}),
        ("shows_people", {"file": [LIST], "shows_people": "perhaps"}),
        ("colour", {"file": [LIST], "colour": "red"}),
        ("other", {"file": [LIST], "other": [LIST]}),
    ],
)
def test_a_form_that_is_not_as_described_is_refused_at_its_field(draft, client_of_partner, field, data):
    named = {
        name: [SimpleUploadedFile(*one) for one in value] if isinstance(value, list) else value
        for name, value in data.items()
    }
    answer = client_of_partner.post(files_of(draft), named)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), answer.content
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize("body", [b"", b"nonsense", b"--x\r\nContent-Disposition: form-data", b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\na\x00b\r\n--x--\r\n'])  # fmt: skip
def test_a_form_that_can_not_be_read_is_refused(draft, client_of_partner, body):
    for content_type in ("multipart/form-data; boundary=x", "multipart/form-data"):
        for headers in ({}, {"Idempotency-Key": "k"}):
            answer = client_of_partner.generic("POST", files_of(draft), body, content_type, headers=headers)
            assert answer.status_code == 400, answer.content


def test_each_address_takes_its_own_content_type(draft, client_of_partner, partner):
    answer = client_of_partner.post(files_of(draft), {}, content_type="application/json")
    assert (answer.status_code, "multipart/form-data" in answer.json()["detail"]) == (415, True)
    person = Api(partner)
    for headers in ({}, {"Idempotency-Key": "k"}):
        for client, more in ((client_of_partner, {}), (person.client, person.headers)):
            answer = client.post(f"{ROOT}evidence/{draft.pk}/submit/", {"version": "1"}, headers={**headers, **more})
            assert (answer.status_code, "Send JSON" in answer.json()["detail"]) == (415, True)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_same_bytes_are_the_same_file(draft, client_of_partner):
    first, again = (add(client_of_partner, draft, PDF, "minutes.pdf") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_a_repeated_form_acts_once_whatever_its_boundary(draft, client_of_partner):
    def form(boundary, content=PDF, caption="Minutes"):
        file = SimpleUploadedFile("minutes.pdf", content)
        body = encode_multipart(boundary, {"caption": caption, "file": file})
        kind = MULTIPART_CONTENT.replace(BOUNDARY, boundary)
        return client_of_partner.generic("POST", files_of(draft), body, kind, headers={"Idempotency-Key": "k"})

    first, again = form("first"), form("second")
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    for other in ({"content": PDF + b"\n"}, {"caption": "Other words"}):
        assert form("third", **other).status_code == 422
    assert draft.history.filter(act="edit").count() == 1


def test_a_large_form_is_not_read_into_memory_to_be_told_apart(draft, client_of_partner, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
    answer = add(client_of_partner, draft, b"Many words. " * 10_000, "long.txt", {"Idempotency-Key": "k"})
    assert answer.status_code == 201, "as a whole it would be refused"


def test_an_item_has_room_for_so_many(draft, partner, client_of_partner):
    for number in range(MAX_FILES):
        checked = CheckedFile("document", f"{number}.txt", ".txt", "text/plain", b"x", b"", f"{number:064}")
        attach_file(by=partner, at=timezone.now(), evidence=draft, checked=checked)
    answer = add(client_of_partner, draft, PDF, "minutes.pdf")
    assert (answer.status_code, f"up to {MAX_FILES} files" in answer.json()["detail"]) == (409, True)


def test_what_a_person_uploads_in_a_minute_is_limited(draft, client_of_partner, settings):
    cache.clear()
    settings.UPLOAD_MAX_PIXELS_A_MINUTE = 2_000
    assert add(client_of_partner, draft).status_code == 201
    assert add(client_of_partner, draft, photograph("red")).status_code == 409


def test_only_its_own_people_change_its_files(world, draft, outsider, officer, partner, stranger):
    shown = world.evidence["accepted"]
    for person, status in ((outsider, 404), (officer, 404), (None, 401)):
        reader = Api(person)
        assert add(reader.client, draft, headers=reader.headers).status_code == status
    for person in (outsider, officer):
        reader = Api(person)
        assert add(reader.client, shown, headers=reader.headers).status_code == 403
    file = attach_file(
        by=partner, at=timezone.now(), evidence=draft,
        checked=CheckedFile("document", "a.txt", ".txt", "text/plain", b"x", b"", "0" * 64),
    )  # fmt: skip
    assert Api(outsider).post(f"evidence/{draft.pk}/files/{file.pk}/remove/", {"version": 1}).status_code == 404
    assert Api(partner).get(f"evidence/{shown.pk}/files/{file.pk}/").status_code == 404, "it is another item's"
    assert EvidenceFile.objects.count() == 1


def test_a_token_needs_the_scope_its_organisation_and_to_work(draft, partner, charity, other_charity):
    both = make_person("partner_lead", charity)
    both.role_grants.create(organisation=other_charity, role="partner_contributor", granted_at=timezone.now())
    assert add(program(made(partner)[1]), draft).status_code == 403
    assert add(program(made(both, "evidence", organisation=other_charity)[1]), draft).status_code == 404
    token, text = made(both, "evidence", organisation=charity)
    assert add(program(text), draft).status_code == 201
    end_token(by=both, at=timezone.now(), token=token)
    assert add(program(text), draft, photograph("red")).status_code == 401
    assert draft.files.get().added_by == both


def test_a_returned_item_takes_files_again(partner, officer, commitment, client_of_partner):
    piece = make_evidence(partner, commitment, state="returned", officer=officer)
    assert add(client_of_partner, piece).status_code == 201
