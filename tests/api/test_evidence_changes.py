"""A draft of evidence is changed through the API by the page's own form and service."""

import pytest
from django.utils import timezone

from commitments.models import Evidence
from commitments.services.evidence import edit_evidence
from partners.services.api_tokens import end_token
from tests.api.conftest import ROOT, Api
from tests.factories import make_evidence, make_evidence_content, make_person, make_strategy
from tests.programs import made, program

pytestmark = pytest.mark.django_db
LINKS = (("https://example.org/minutes.pdf", "Minutes", "4"),)


@pytest.fixture
def piece(partner, commitment, area):
    return make_evidence(partner, commitment, districts=(area,), links=LINKS, volunteers=3, language="pl")


def change(client, piece, body, **headers):
    return client.patch(f"{ROOT}evidence/{piece.pk}/", body, content_type="application/json", headers=headers)


def test_what_is_left_out_stays_and_what_is_sent_changes(world, partner, piece):
    client = program(made(partner, "evidence")[1])
    was = client.get(f"{ROOT}evidence/{piece.pk}/").json()
    assert was["links"] == [{"url": LINKS[0][0], "label": "Minutes", "page": "4"}]
    answer = change(client, piece, {"title": "Ran two drop-ins", "people_reached": None, "version": piece.version})
    assert answer.status_code == 200, answer.content
    changed = {"title": "Ran two drop-ins", "people_reached": None, "version": piece.version + 1}
    assert answer.json() == {**was, **changed}
    assert Evidence.objects.get(pk=piece.pk).history.filter(act="edit", by=partner).count() == 1


def test_links_commitments_and_days_are_replaced_as_they_are_sent(partner, piece):
    body = {
        "links": [{"url": "https://example.org/"}],
        "commitments": ["1.2"],
        "happened_from": "2024-03-01",
        "happened_to": "2024-03-04",
        "districts": [],
        "version": piece.version,
    }
    told = change(program(made(partner, "evidence")[1]), piece, body).json()
    assert told["links"] == [{"url": "https://example.org/", "label": "", "page": ""}]
    assert (told["commitments"], told["districts"], told["happened_to"]) == (["1.2"], [], "2024-03-04")
    again = {"happened_to": None, "commitments": [], "council_chooses": True, "version": told["version"]}
    told = change(program(made(partner, "evidence")[1]), piece, again).json()
    assert (told["happened_to"], told["council_chooses"], told["strategy"]) == (None, True, "our-strategy")


def test_nothing_new_changes_nothing(partner, piece):
    assert change(program(made(partner, "evidence")[1]), piece, {"title": piece.title, "version": piece.version}).status_code == 200  # fmt: skip
    piece.refresh_from_db()
    assert (piece.version, piece.history.filter(act="edit").exists()) == (1, False)


def test_what_a_colleague_has_changed_is_not_overwritten(partner, partner_lead, piece, commitment):
    newer = make_evidence_content(commitment, title="Theirs")
    edit_evidence(by=partner_lead, at=timezone.now(), evidence=piece, content=newer, version=piece.version)
    answer = change(program(made(partner, "evidence")[1]), piece, {"title": "Mine", "version": piece.version})
    assert answer.status_code == 409
    assert change(program(made(partner, "evidence")[1]), piece, {"title": "Mine"}).status_code == 400
    assert Evidence.objects.get(pk=piece.pk).title == "Theirs"


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("title", {"title": " "}),
        ("happened_from", {"happened_from": "2999-01-01"}),
        ("happened_to", {"happened_to": "1999-01-01"}),
        ("commitments", {"commitments": ["9.9"]}),
        ("commitments", {"commitments": ["other:thing-1-1"]}),
        ("commitments", {"strategy": "second"}),
        ("links", {"links": [{"url": "nowhere"}]}),
        ("organisation", {"organisation": "rowan-trust"}),
        ("form_token", {"form_token": None}),
        ("reference", {"reference": "A-12"}),
        ("colour", {"colour": "red"}),
    ],
)
def test_what_the_page_would_refuse_is_refused_at_its_field(council, partner, piece, field, body):
    make_strategy(council, slug="second")
    answer = Api(partner).patch(f"evidence/{piece.pk}/", {**body, "version": piece.version})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), answer.content
    assert Evidence.objects.get(pk=piece.pk).version == piece.version


def test_who_told_it_stays_with_what_somebody_typed_for_a_group(officer, other_charity, commitment, piece):
    told = make_evidence(officer, commitment, organisation=other_charity, said_by="Two members", said_how="telephone")
    answer = change(program(made(officer, "evidence")[1]), told, {"title": "Shorter", "version": told.version})
    assert answer.status_code == 200, answer.content
    told.refresh_from_db()
    assert (told.title, told.said_by, told.said_how) == ("Shorter", "Two members", "telephone")


def test_only_a_draft_and_what_was_returned_can_be_changed_and_by_its_own(world, partner, outsider, officer):
    for state, status in (("returned", 200), ("submitted", 409), ("accepted", 409), ("withdrawn", 409)):
        row = world.evidence[state]
        answer = Api(partner).patch(f"evidence/{row.pk}/", {"title": "Other words", "version": row.version})
        assert answer.status_code == status, state
    row = world.evidence["accepted"]
    for person, there in ((outsider, 403), (officer, 403), (None, 401)):
        assert Api(person).patch(f"evidence/{row.pk}/", {"title": "x", "version": 1}).status_code == there
    draft = world.evidence["draft"]
    assert Api(outsider).patch(f"evidence/{draft.pk}/", {"title": "x", "version": 1}).status_code == 404


def test_a_token_needs_the_scope_its_organisation_and_to_work_and_acts_once(charity, other_charity, piece, partner):
    both = make_person("partner_lead", charity)
    both.role_grants.create(organisation=other_charity, role="partner_contributor", granted_at=timezone.now())
    body = {"title": "Once", "version": piece.version}
    assert change(program(made(partner, "figures")[1]), piece, body).status_code == 403
    assert change(program(made(both, "evidence", organisation=other_charity)[1]), piece, body).status_code == 404
    token, text = made(both, "evidence", organisation=charity)
    first, again = (change(program(text), piece, body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert change(program(text), piece, {**body, "title": "Twice"}, **{"Idempotency-Key": "k"}).status_code == 422
    end_token(by=both, at=timezone.now(), token=token)
    assert change(program(text), piece, body).status_code == 401
    assert Evidence.objects.get(pk=piece.pk).title == "Once"
