"""Writing: nothing that a page would not allow, and refusals that say why."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, Evidence, HistoryEntry
from commitments.services.evidence import edit_evidence
from commitments.services.progress import change_status
from tests.api.conftest import Api
from tests.api.test_reading import PEOPLE, person
from tests.factories import make_evidence, make_evidence_content

pytestmark = pytest.mark.django_db

STATUS = "strategies/our-strategy/commitments/thing-1-1/status/"


def said(**changes):
    return {
        "organisation": "rowan-trust",
        "strategy": "our-strategy",
        "commitments": ["1.1", "1.2"],
        "title": "Ran a drop-in",
        "story": "We met **every week**.",
        "happened_from": timezone.localdate().isoformat(),
        "districts": ["E07000177"],
        "people_reached": 24,
        "publishable": True,
        "links": [{"url": "https://example.org/", "label": "Us"}],
        **changes,
    }


# Who may log for the charity, and who may say how a commitment stands.
LOGS = {"anonymous": 401, "nobody": 403, "outsider": 403, "partner": 201, "steering_member": 403, "officer": 403, "administrator": 403}  # fmt: skip
SAYS = {"anonymous": 401, "nobody": 403, "outsider": 403, "partner": 403, "steering_member": 403, "officer": 200, "administrator": 403}  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
def test_only_its_own_people_log_evidence_for_an_organisation(request, world, who):
    before = Evidence.objects.count()
    answer = Api(person(request, who)).post("evidence/", said())
    assert answer.status_code == LOGS[who], answer.content
    assert Evidence.objects.count() == before + (who == "partner")
    if who != "partner":
        assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("who", PEOPLE)
def test_only_officers_change_a_status(request, world, who):
    version = Commitment.objects.get(reference="1.1").version
    answer = Api(person(request, who)).post(
        STATUS, {"status": "on_track", "reason": "A hall was found.", "version": version}
    )
    assert answer.status_code == SAYS[who], answer.content
    assert Commitment.objects.get(reference="1.1").status == ("on_track" if who == "officer" else "at_risk")


def test_what_was_sent_is_what_is_kept_and_answered(world, partner):
    answer = Api(partner).post("evidence/", said())
    told = answer.json()
    assert told["language"] == ""
    assert answer["Location"] == told["url"] == f"http://127.0.0.1:8000/api/v1/evidence/{told['id']}/"
    assert told["state"]["code"] == "draft"
    assert told["commitments"] == ["1.1", "1.2"]
    assert told["districts"] == [{"gss_code": "E07000177", "name": "Cherwell", "kind": "district"}]
    assert (told["people_reached"], told["volunteers"]) == (24, None)
    assert told["links"] == [{"url": "https://example.org/", "label": "Us", "page": ""}]
    assert HistoryEntry.objects.filter(evidence=told["id"], act="log", by=partner).exists()


def test_the_same_token_twice_makes_one_piece(world, partner):
    token, as_partner = str(uuid.uuid4()), Api(partner)
    first, second = (as_partner.post("evidence/", said(form_token=token)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_evidence_goes_through_its_states(world, partner, officer):
    as_partner, as_officer = Api(partner), Api(officer)
    made = as_partner.post("evidence/", said()).json()
    piece, version = f"evidence/{made['id']}/", made["version"]
    for who, act, body, state in (
        (as_partner, "submit", {}, "submitted"),
        (as_officer, "return", {"reason": "Please say where."}, "returned"),
        (as_partner, "submit", {}, "submitted"),
        (as_officer, "accept", {}, "accepted"),
        (as_officer, "withdraw", {"reason": "It was a mistake."}, "withdrawn"),
        (as_partner, "reopen", {}, "draft"),
    ):
        missing = who.post(f"{piece}{act}/", body)
        assert missing.status_code == 400
        assert missing.json()["errors"] == {"version": ["Send the version that you read. It is in the answer to GET."]}
        stale = who.post(f"{piece}{act}/", {**body, "version": version + 1})
        assert stale.status_code == 409
        assert stale.json()["detail"] == "This evidence has changed since you opened it. Read it again, then decide."
        answer = who.post(f"{piece}{act}/", {**body, "version": version})
        assert answer.status_code == 200, answer.content
        assert answer.json()["state"]["code"] == state
        again = who.post(f"{piece}{act}/", {**body, "version": version})
        version = answer.json()["version"]
        assert again.status_code == 409
        assert again.json()["detail"].startswith("This evidence was ")
        assert again.json()["detail"].endswith(" by you.")
        assert who.get(piece).json()["version"] == version


def test_an_officer_does_not_accept_words_that_nobody_has_read(world, partner, officer):
    """The partner withdrew it, rewrote it and sent it again while the officer was reading."""
    as_partner, as_officer = Api(partner), Api(officer)
    made = as_partner.post("evidence/", said()).json()
    piece = f"evidence/{made['id']}/"
    read = as_partner.post(f"{piece}submit/", {"version": made["version"]}).json()["version"]
    version = read
    for act in ("withdraw", "reopen"):
        version = as_partner.post(f"{piece}{act}/", {"version": version}).json()["version"]
    row = Evidence.objects.get(pk=made["id"])
    words = make_evidence_content(Commitment.objects.get(reference="1.1"), title="Other words")
    edited = edit_evidence(by=partner, at=timezone.now(), evidence=row, content=words, version=version)
    assert as_partner.post(f"{piece}submit/", {"version": edited.version}).status_code == 200
    for act, body in (("accept", {}), ("return", {"reason": "Why?"}), ("withdraw", {"reason": "Why?"})):
        assert as_officer.post(f"{piece}{act}/", {**body, "version": read}).status_code == 409
    assert as_officer.get(piece).json()["state"]["code"] == "submitted"


@pytest.mark.parametrize("act", ["submit", "accept", "return", "withdraw", "reopen"])
def test_what_is_not_theirs_is_not_there_and_what_they_see_says_why_not(world, outsider, act, stranger):
    as_outsider, before = Api(outsider), HistoryEntry.objects.count()
    assert as_outsider.post(f"evidence/{world.evidence['draft'].pk}/{act}/").status_code == 404
    refused = as_outsider.post(f"evidence/{world.evidence['accepted'].pk}/{act}/")
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Only")
    assert stranger.post(f"evidence/{world.evidence['accepted'].pk}/{act}/").status_code == 401
    assert HistoryEntry.objects.count() == before


def test_an_officer_does_not_accept_what_they_logged(world, officer, council, commitment):
    own = make_evidence(officer, commitment, state="submitted", organisation=council)
    answer = Api(officer).post(f"evidence/{own.pk}/accept/")
    assert (answer.status_code, "someone else needs to review it" in answer.json()["detail"]) == (403, True)


def test_a_session_without_its_csrf_token_changes_nothing(world, partner):
    before = Evidence.objects.count()
    answer = Api(partner).post("evidence/", said(), headers={})
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]
    assert Evidence.objects.count() == before


def test_the_second_of_two_officers_is_told(world, officer, second_officer, now):
    commitment = Commitment.objects.get(reference="1.1")
    seen = commitment.version
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="A hall was found.", version=seen)
    answer = Api(second_officer).post(STATUS, {"status": "delayed", "reason": "x", "remedy": "y", "version": seen})
    assert answer.status_code == 409
    assert "Olive Officer has changed the status" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("status", {"status": "splendid", "version": 0}),
        ("version", {"status": "on_track", "reason": "x"}),
        ("version", {"status": "on_track", "reason": "x", "version": 10**30}),
        ("mood", {"status": "on_track", "reason": "x", "version": 0, "mood": "good"}),
    ],
)
def test_a_status_that_cannot_be_read_is_refused_by_field(world, officer, field, body):
    answer = Api(officer).post(STATUS, body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_status_lacking_its_reasons_is_refused_with_the_pages_own_sentences(world, officer):
    version = Commitment.objects.get(reference="1.1").version
    answer = Api(officer).post(STATUS, {"status": "delayed", "version": version})
    errors = answer.json()["errors"]
    assert answer.status_code == 400
    assert errors["reason"] == ["Say why the status has changed. Everyone who reads the strategy will see it."]
    assert errors["remedy"] == ["Say what will be done about it, as the commitment is delayed."]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 151}),
        ("title", {"title": ["a"]}),
        ("organisation", {"organisation": "nobody-knows"}),
        ("strategy", {"strategy": "nobody-knows"}),
        ("commitments", {"commitments": ["7.7"]}),
        ("commitments", {"commitments": ["1.1"] * 101}),
        ("commitments", {"strategy": "other"}),
        ("districts", {"districts": ["E10000025"]}),
        ("happened_from", {"happened_from": "0000-01-01"}),
        ("happened_from", {"happened_from": "99999-01-01"}),
        ("happened_from", {"happened_from": "0001-01-01"}),
        ("happened_from", {"happened_from": "2999-01-01"}),
        ("happened_to", {"happened_to": "2001-01-01"}),
        ("people_reached", {"people_reached": -1}),
        ("people_reached", {"people_reached": 10**400}),
        ("hours", {"hours": "many"}),
        ("links", {"links": [{"url": "javascript:alert(1)"}]}),
        ("links", {"links": [{"url": f"https://example.org/{n}"} for n in range(9)]}),
        ("form_token", {"form_token": "x"}),
        ("story", {"story": "x" * 20_001}),
        ("colour", {"colour": "red"}),
    ],
)
def test_evidence_that_is_not_valid_is_refused_by_field(world, partner, council, field, changes):
    from tests.factories import make_strategy

    make_strategy(council, slug="other", shape=(1,), opens_first=False).commitments.all().delete()
    before = Evidence.objects.count()
    answer = Api(partner).post("evidence/", said(**changes))
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"], answer.json()
    assert Evidence.objects.count() == before


def test_page_and_api_refuse_the_same_evidence(world, partner, signed_in):
    """The API runs the page's form, so what one refuses the other does too."""
    day = timezone.localdate().isoformat()
    for title, figure, good in (("Fine", "24", True), ("Fine", "10000001", False), ("", "1", False)):
        form = {"title": title, "happened_from": day, "people_reached": figure, "commitments": ["1.1"], "then": "draft"}
        page = signed_in(partner).post(reverse("commitments:evidence-new"), form)
        api = Api(partner).post("evidence/", said(title=title, people_reached=int(figure)))
        assert (page.status_code < 400, api.status_code < 400) == (good, good), (title, figure, page.status_code)


def test_reads_and_lists_take_no_other_method(world, officer):
    as_officer, looked_at = Api(officer), 0
    for rest in ("strategies/", "organisations/", "editions/", f"organisations/{world.charity.slug}/"):
        for method in ("put", "patch", "delete", "options"):
            looked_at += 1
            answer = getattr(as_officer.client, method)(f"/api/v1/{rest}", headers=as_officer.headers)
            assert answer.status_code == 405, (rest, method)
    assert looked_at == 16


def test_evidence_in_another_language_says_which_and_one_that_nobody_offers_is_refused(world, partner):
    assert Api(partner).post("evidence/", said(language="pl")).json()["language"] == "pl"
    refused = Api(partner).post("evidence/", said(language="Polish"))
    assert refused.status_code == 400
    assert "language" in refused.json()["errors"]
