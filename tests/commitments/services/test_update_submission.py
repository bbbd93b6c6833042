"""Sending an update: what the history keeps, what can't be rested on, and taking the place of what was sent."""

from datetime import timedelta

import pytest

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, ProgressUpdate
from commitments.services.progress import change_status, confirm_update, save_update, submit_update
from tests.factories import make_evidence, make_round, publish_update
from vcsportal.common.words import Conflict, Invalid, NotNow, Refused

pytestmark = pytest.mark.django_db
GOOD = UpdateContent("on_track", "Going well")


@pytest.fixture
def about(officer, commitment, open_round, now):
    return {"by": officer, "at": now, "commitment": commitment, "round_": open_round}


def test_the_history_keeps_every_word_with_its_answers_and_what_it_rests_on(about, second_officer, partner, commitment):
    piece = make_evidence(partner, commitment, state="accepted", officer=second_officer)
    answers = [{"code": "quiet_year", "question": "How do you know?", "answer": "We saw it"}]
    submit_update(**about, content=GOOD, version=None, cites=[piece], answers=answers)
    entry = HistoryEntry.objects.get(act="submit", update__isnull=False)
    assert entry.said["reason"] == "Going well"
    assert (entry.said["answers"], entry.said["cites"], entry.said["confirms"]) == (answers, [piece.pk], "")


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
@pytest.mark.parametrize("write", [save_update, submit_update])
def test_it_rests_on_accepted_evidence_only(about, second_officer, partner, commitment, state, write):
    piece = make_evidence(partner, commitment, state=state, officer=second_officer)
    with pytest.raises(Refused, match="only cite accepted evidence for this commitment"):
        write(**about, content=GOOD, version=None, cites=[piece])
    assert not ProgressUpdate.objects.exists()


def test_it_rests_on_evidence_for_this_commitment_only(about, second_officer, partner, strategy):
    other = make_evidence(partner, strategy.commitments.get(reference="1.2"), state="accepted", officer=second_officer)
    with pytest.raises(Refused):
        submit_update(**about, content=GOOD, version=None, cites=[other])


def test_saving_without_a_word_on_evidence_leaves_what_is_cited(about, second_officer, partner, commitment):
    piece = make_evidence(partner, commitment, state="accepted", officer=second_officer)
    save_update(**about, content=GOOD, version=None, cites=[piece])
    save_update(**about, content=GOOD, version=1)
    assert list(ProgressUpdate.objects.get().cites.all()) == [piece]
    save_update(**about, content=GOOD, version=2, cites=[])
    assert not ProgressUpdate.objects.get().cites.exists()


def test_nobody_replaces_what_they_have_not_seen(about, second_officer):
    theirs = {**about, "by": second_officer}
    submit_update(**theirs, content=GOOD, version=None)
    with pytest.raises(Conflict):
        submit_update(**about, content=UpdateContent("on_track", "Mine"), version=None, replaces=True)
    with pytest.raises(Refused, match="This update is sent"):
        submit_update(**about, content=UpdateContent("on_track", "Mine"), version=1)
    update = submit_update(**about, content=UpdateContent("on_track", "Mine"), version=1, replaces=True)
    assert (update.state, update.submitted_by, update.version) == ("submitted", about["by"], 3)


def test_a_draft_of_what_was_confirmed_confirms_nothing(about, officer, strategy, commitment, now):
    before = make_round(strategy, years_ago=1)
    earlier = now - timedelta(days=365)
    publish_update(by=officer, at=earlier, commitment=commitment, round_=before, content=GOOD)
    update = confirm_update(**about, version=None, answers=[{"code": "x", "question": "Why?", "answer": "So"}])
    assert (update.confirms, len(update.answers)) == (before, 1)
    ProgressUpdate.objects.filter(pk=update.pk).update(state="draft", submitted_at=None, submitted_by=None)
    draft = save_update(**about, content=UpdateContent("on_track", "Changed"), version=1)
    assert (draft.confirms, draft.answers) == (None, [])


def test_words_from_before_a_change_of_status_cannot_be_confirmed(about, officer, strategy, commitment, now):
    before = make_round(strategy, years_ago=1)
    publish_update(by=officer, at=now - timedelta(days=365), commitment=commitment, round_=before, content=GOOD)
    change_status(by=officer, at=now, commitment=commitment, to="delayed", reason="A flood.", remedy="We move.")
    with pytest.raises(NotNow, match="status was changed"):
        confirm_update(**about, version=None)
    assert not ProgressUpdate.objects.filter(round=about["round_"]).exists()


def test_nothing_written_is_no_update_but_evidence_alone_is(about, second_officer, partner, commitment, officer, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    for nothing in (UpdateContent("on_track"), UpdateContent("on_track", narrative=" \n")):
        with pytest.raises(Invalid, match="Write what has happened") as refused:
            submit_update(**about, content=nothing, version=None)
        assert refused.value.field == "narrative"
    cited = make_evidence(partner, commitment, state="accepted", officer=second_officer)
    update = submit_update(**about, content=UpdateContent("on_track"), version=None, cites=[cited])
    assert update.state == "submitted"
