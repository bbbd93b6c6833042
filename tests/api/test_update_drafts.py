"""Drafts of progress updates through the API: saved by a session or a token, read by the strategy's own people, then sent."""

import pytest
from django.utils import timezone

from commitments.models import ProgressUpdate, Round, WorkingCopy
from partners.models import RepeatedRequest
from partners.services.api_tokens import end_token
from tests.api.conftest import ROOT, Api
from tests.factories import make_evidence, make_organisation, make_person, make_strategy
from tests.programs import made, program

pytestmark = pytest.mark.django_db


def address(world, reference="2.1", act="", round_=None):
    return f"strategies/our-strategy/commitments/{reference}/updates/{round_ or world.round.slug}/{act}"


def send(client, rest, body, **headers):
    return client.post(ROOT + rest, body, content_type="application/json", headers=headers)


def test_a_program_does_the_whole_of_an_update(world, officer):
    client = program(made(officer, "updates")[1])
    piece = world.evidence["accepted"]
    piece.commitments.add(world.strategy.commitments.get(reference="2.1"))
    first = send(
        client, address(world, act="save/"), {"status": "on_track", "reason": "It began.", "cites": [piece.pk]}
    )
    assert first.status_code == 200, first.content
    draft = client.get(ROOT + address(world)).json()
    assert draft == first.json()
    assert (draft["state"]["code"], draft["reason"], draft["cites"]) == ("draft", "It began.", [piece.pk])
    words = {"narrative": "We **met**.", "version": draft["version"]}
    second = send(client, address(world, act="save/"), words).json()
    assert (second["reason"], second["narrative"], second["cites"]) == ("It began.", "We **met**.", [piece.pk])
    sent = send(client, address(world, act="submit/"), {"version": second["version"]})
    assert sent.status_code == 200, sent.content
    kept = ProgressUpdate.objects.get(commitment__reference="2.1", round=world.round)
    assert (kept.state, kept.submitted_by, kept.reason, kept.narrative) == ("submitted", officer, "It began.", "We **met**.")  # fmt: skip
    assert list(kept.cites.all()) == [piece]
    approved = send(client, address(world, act="approve/"), {"version": kept.version})
    assert approved.status_code == 403


def test_nobody_else_reads_the_draft(world, officer, partner, stranger):
    assert Api(officer).post(address(world, act="save/"), {"narrative": "Not yet."}).status_code == 200
    for reader in (stranger, Api(partner)):
        assert reader.get(address(world)).status_code == 404
        assert "Not yet." not in reader.get("strategies/our-strategy/updates/").text


def test_a_draft_may_lack_what_sending_needs(world, officer):
    answer = Api(officer).post(address(world, act="save/"), {"status": "delayed"})
    assert (answer.status_code, answer.json()["reason"]) == (200, "")
    sent = Api(officer).post(address(world, act="submit/"), {"version": answer.json()["version"]})
    assert sent.status_code == 400
    assert ProgressUpdate.objects.get(commitment__reference="2.1").state == "draft"


def test_what_somebody_else_has_saved_is_not_overwritten(world, officer, second_officer):
    read = Api(officer).post(address(world, act="save/"), {"reason": "Mine."}).json()["version"]
    newer = Api(second_officer).post(address(world, act="save/"), {"reason": "Theirs.", "version": read})
    assert newer.status_code == 200
    stale = send(program(made(officer, "updates")[1]), address(world, act="save/"), {"reason": "Old.", "version": read})
    assert (stale.status_code, second_officer.name in stale.json()["detail"]) == (409, True)
    assert Api(officer).post(address(world, act="save/"), {"reason": "No version."}).status_code == 409
    assert ProgressUpdate.objects.get(commitment__reference="2.1").reason == "Theirs."


def test_what_its_person_has_typed_on_the_page_stays(world, officer, signed_in):
    page = f"/strategies/our-strategy/commitments/{world.strategy.commitments.get(reference='2.1').key}/update/"
    typed = {"act": "keep", "round": world.round.slug, "narrative": "Typed in a browser."}
    signed_in(officer).post(page, typed)
    assert WorkingCopy.objects.filter(person=officer).count() == 1
    assert send(program(made(officer, "updates")[1]), address(world, act="save/"), {"reason": "x"}).status_code == 200
    assert WorkingCopy.objects.filter(person=officer).count() == 1


@pytest.mark.parametrize("what", ["a draft", "another commitment's", "another strategy's", "nothing"])
def test_only_accepted_evidence_of_the_commitment_is_cited(world, officer, partner, what):
    pieces = {"a draft": world.evidence["draft"], "another commitment's": world.evidence["accepted"]}
    other = make_strategy(world.council, slug="second")
    pieces["another strategy's"] = make_evidence(
        partner, other.commitments.get(reference="1.1"), state="accepted", officer=officer
    )
    pk = pieces[what].pk if what in pieces else 10**9
    good = make_evidence(partner, world.strategy.commitments.get(reference="2.1"), state="accepted", officer=officer)
    for act in ("save/", "submit/"):
        answer = Api(officer).post(address(world, act=act), {"status": "on_track", "reason": "x", "cites": [good.pk, pk]})  # fmt: skip
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {"cites"})
    assert not ProgressUpdate.objects.filter(commitment__reference="2.1").exists()


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("status", {"status": "burnt"}),
        ("colour", {"colour": "red"}),
        ("cites", {"cites": ["x"]}),
        ("cites", {"cites": list(range(1, 102))}),
        ("reason", {"reason": "x" * 20_001}),
    ],
)
def test_what_can_not_be_saved_is_said_at_its_field(world, officer, field, body):
    answer = Api(officer).post(address(world, act="save/"), body)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field})
    assert not ProgressUpdate.objects.filter(commitment__reference="2.1").exists()


def test_a_round_that_is_closed_and_one_that_there_is_not_take_no_draft(world, officer):
    assert Api(officer).post(address(world, act="save/", round_="nowhere"), {}).status_code == 404
    Round.objects.filter(pk=world.round.pk).update(state="closed", closings=1)
    answer = Api(officer).post(address(world, act="save/"), {"reason": "Too late."})
    assert (answer.status_code, "round is closed" in answer.json()["detail"]) == (409, True)
    assert not ProgressUpdate.objects.filter(commitment__reference="2.1").exists()


def test_a_token_needs_the_scope_the_role_here_and_to_work(world, officer, council):
    body = {"reason": "x"}
    there = address(world, act="save/")
    assert send(program(made(officer, "evidence", "figures", "points")[1]), there, body).status_code == 403
    elsewhere = make_person("officer", make_organisation("Another Council", "public_body"))
    make_strategy(elsewhere.organisations[0], slug="theirs")
    assert send(program(made(elsewhere, "updates")[1]), there, body).status_code == 403
    token, text = made(officer, "updates")
    end_token(by=officer, at=timezone.now(), token=token)
    assert send(program(text), there, body).status_code == 401
    assert not ProgressUpdate.objects.filter(commitment__reference="2.1").exists()
    assert send(program(made(officer, "updates", organisation=council)[1]), there, body).status_code == 200


def test_a_draft_that_is_sent_twice_is_saved_once(world, officer):
    client, there = program(made(officer, "updates")[1]), address(world, act="save/")
    first, again = (send(client, there, {"reason": "One."}, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert send(client, there, {"reason": "Two."}, **{"Idempotency-Key": "k"}).status_code == 422
    update = ProgressUpdate.objects.get(commitment__reference="2.1")
    assert (update.reason, update.version) == ("One.", 1)
    assert RepeatedRequest.objects.count() == 1
