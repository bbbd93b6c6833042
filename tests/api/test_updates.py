"""Updates through the API: sent, approved and returned by the rules of the pages."""

import pytest

from commitments.content.updates import UpdateContent
from commitments.models import ProgressUpdate
from commitments.services.progress import change_status, submit_update
from partners.models import Mail
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db


def address(world, reference, end=""):
    return f"strategies/our-strategy/commitments/{reference}/updates/{world.round.slug}/{end}"


@pytest.fixture
def sent(world, second_officer, strategy, now):
    return submit_update(
        by=second_officer, at=now, commitment=strategy.commitments.get(reference="2.1"), round_=world.round,
        content=UpdateContent("on_track", "It began."), version=None,
    )  # fmt: skip


def test_an_officer_sends_an_update_and_a_second_one_approves_it(world, officer, second_officer):
    words = {
        "status": "on_track",
        "reason": "It began.",
        "narrative": "We **met**.",
        "version": world.draft_update.version,
    }
    answers = {"quiet_year": "The parish told us."}
    answer = Api(officer).post(address(world, "1.2", "submit/"), {**words, "answers": answers})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"]["code"], told["narrative"]) == ("submitted", "We **met**.")
    kept = ProgressUpdate.objects.get(pk=world.draft_update.pk)
    assert [one["answer"] for one in kept.answers] == ["The parish told us."]
    own = Api(officer).post(address(world, "1.2", "approve/"), {"version": told["version"]})
    assert (own.status_code, own.json()["detail"]) == (
        403, "You wrote or sent part of this update, so someone else needs to approve it: another council officer or "
             "an administrator.",
    )  # fmt: skip
    answer = Api(second_officer).post(address(world, "1.2", "approve/"), {"version": told["version"]})
    assert (answer.status_code, answer.json()["state"]["code"]) == (200, "published")


def test_what_the_round_asks_for_can_be_sent_without_a_version(world, officer, strategy, now):
    ProgressUpdate.objects.create(
        commitment=strategy.commitments.get(reference="2.2"), round=world.round, state="expected"
    )
    answer = Api(officer).post(address(world, "2.2", "submit/"), {"status": "on_track", "reason": "It began."})
    assert (answer.status_code, answer.json()["state"]["code"]) == (200, "submitted")


def test_an_update_with_nothing_in_it_is_refused_beside_its_field(world, officer, strategy, now):
    quiet = strategy.commitments.get(reference="2.2")
    change_status(by=officer, at=now, commitment=quiet, to="on_track", reason="It began.")
    answer = Api(officer).post(address(world, "2.2", "submit/"), {"status": "on_track"})
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"narrative": ["Write what has happened, even if it is one sentence."]},
    )
    assert not ProgressUpdate.objects.filter(commitment=quiet, state="submitted").exists()


def test_words_that_were_not_read_are_not_overwritten(world, officer, second_officer):
    for person, who in (
        (second_officer, f"{officer.name} has saved this update while"),
        (officer, "You have saved this update in"),
    ):
        answer = Api(person).post(address(world, "1.2", "submit/"), {"status": "on_track", "reason": "It began."})
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith(who)


def test_an_update_is_returned_with_a_reason_that_goes_by_mail(world, administrator, sent, second_officer):
    as_admin = Api(administrator)
    answer = as_admin.post(address(world, "2.1", "return/"), {"version": sent.version})
    needed = "Say what needs to change. Whoever wrote it will read it."
    told = answer.json()
    assert (answer.status_code, told["detail"], told["errors"]) == (400, needed, {"reason": [needed]})
    stale = as_admin.post(address(world, "2.1", "return/"), {"version": sent.version - 1, "reason": "No."})
    assert stale.status_code == 409
    answer = as_admin.post(address(world, "2.1", "return/"), {"version": sent.version, "reason": "Which hall?"})
    assert (answer.status_code, answer.json()["state"]["code"]) == (200, "returned")
    assert "Which hall?" in Mail.objects.get(person=second_officer, kind="round:returned").text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"status": "burnt"}, "status"),
        ({"status": "on_track", "colour": "red"}, "colour"),
        ({"status": "on_track", "version": "x"}, "version"),
        ({"status": "on_track", "answers": "x"}, "answers"),
    ],
)
def test_what_can_not_be_read_is_said_at_its_field(world, officer, data, field):
    answer = Api(officer).post(address(world, "1.2", "submit/"), data)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_nothing_else_is_behind_these_doors(world, officer, sent):
    assert Api(officer).get(address(world, "2.1", "approve/")).status_code == 405
    assert Api(officer).post(address(world, "9.9", "approve/"), {"version": 1}).status_code == 404
