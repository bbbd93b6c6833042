"""Approving an update after the status was changed directly: both are shown, and somebody chooses. Nothing is overridden unseen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, ProgressUpdate, Round
from commitments.services.bulk_review import approve_several
from commitments.services.newer_status import StatusChoice
from commitments.services.progress import change_status, confirm_update, submit_update
from commitments.services.update_approval import approve_update, return_update
from tests.api.conftest import Api
from tests.factories import make_round, publish_update
from vcsportal.common.words import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(now):
    """When the update was sent."""
    return now - timedelta(days=3)


@pytest.fixture
def sent(second_officer, commitment, open_round, at):
    return submit_update(
        by=second_officer,
        at=at,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "It began."),
        version=None,
    )


@pytest.fixture
def overtaken(sent, second_officer, commitment, at):
    """The update, after its commitment was called delayed directly."""
    change_status(
        by=second_officer, at=at + timedelta(days=1), commitment=commitment, to="delayed", reason="The hall burnt down.",
        remedy="Another hall.",
    )  # fmt: skip
    return ProgressUpdate.objects.get(pk=sent.pk)


def earlier_round(strategy):
    """Last year's round, which still takes updates."""
    before = make_round(strategy, years_ago=1)
    before.state, before.grace_until = "open", timezone.localdate()
    before.save()
    return before


def approve(update, by, **more):
    return approve_update(by=by, at=timezone.now(), update=update, version=update.version, **more)


def status_of(commitment) -> tuple[str, str]:
    commitment.refresh_from_db()
    return commitment.status, commitment.status_reason


def test_it_is_refused_without_a_choice_and_both_words_are_named(overtaken, officer, commitment, at):
    with pytest.raises(Conflict) as refused:
        approve(overtaken, officer)
    day = timezone.localdate(at + timedelta(days=1))
    assert refused.value.sentence == (
        f"Oscar Officer changed the status to “Delayed” on {day.day} {day:%B %Y}, after this update (“On track”) was sent. "
        "Open the update and choose which of the two is the status now."
    )
    overtaken.refresh_from_db()
    assert (overtaken.state, status_of(commitment)[0]) == ("submitted", "delayed")


def test_the_newer_status_is_kept_and_the_update_is_read_all_the_same(overtaken, officer, commitment):
    commitment.refresh_from_db()
    update = approve(overtaken, officer, choice=StatusChoice(keep=True, version=commitment.version))
    assert update.state == "published"
    assert status_of(commitment) == ("delayed", "The hall burnt down.")
    assert HistoryEntry.objects.get(act="approve").said["status_kept"] == "delayed"
    assert not HistoryEntry.objects.filter(act="status", update=update).exists()


def test_the_update_s_own_status_is_taken(overtaken, officer, commitment):
    commitment.refresh_from_db()
    approve(overtaken, officer, choice=StatusChoice(keep=False, version=commitment.version))
    assert status_of(commitment) == ("on_track", "It began.")
    assert "status_kept" not in HistoryEntry.objects.get(act="approve").said


def test_a_choice_made_before_the_status_changed_once_more_is_no_choice(
    overtaken, officer, second_officer, commitment, now
):
    commitment.refresh_from_db()
    seen = commitment.version
    change_status(by=second_officer, at=now, commitment=commitment, to="at_risk", reason="A loan.", remedy="Wait.")
    for keep in (True, False):
        with pytest.raises(Conflict, match="“At risk”"):
            approve(overtaken, officer, choice=StatusChoice(keep=keep, version=seen))


def test_another_reason_under_the_same_word_is_not_overridden_unseen_either(
    sent, officer, second_officer, commitment, now
):
    change_status(
        by=second_officer, at=now - timedelta(days=1), commitment=commitment, to="on_track", reason="A new hall."
    )
    with pytest.raises(Conflict, match="changed the reason for “On track”"):
        approve(sent, officer)


def test_a_status_changed_before_it_was_sent_asks_nothing(officer, second_officer, commitment, open_round, at):
    change_status(by=second_officer, at=at, commitment=commitment, to="delayed", reason="Rain.", remedy="Wait.")
    update = submit_update(
        by=second_officer,
        at=at,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "It began."),
        version=None,
    )
    approve(update, officer)
    assert status_of(commitment)[0] == "on_track"


def test_the_same_status_in_the_same_words_asks_nothing(sent, officer, second_officer, commitment, now):
    change_status(
        by=second_officer, at=now - timedelta(days=1), commitment=commitment, to="on_track", reason="It began."
    )
    assert approve(sent, officer).state == "published"


def test_an_earlier_round_s_update_that_is_approved_late_is_no_newer_status(
    sent, officer, second_officer, strategy, commitment, at
):
    before = earlier_round(strategy)
    publish_update(
        by=second_officer,
        at=at + timedelta(hours=1),
        commitment=commitment,
        round_=before,
        content=UpdateContent("at_risk", "Rain.", "Wait."),
    )
    assert status_of(commitment)[0] == "at_risk"
    approve(sent, officer)
    assert status_of(commitment)[0] == "on_track"


def test_after_a_later_round_has_spoken_there_is_nothing_to_choose(
    overtaken, officer, second_officer, strategy, commitment, now
):
    this = overtaken.round
    later = Round.objects.create(
        strategy=strategy, slug="later", observes_from=this.observes_to + timedelta(days=1),
        observes_to=this.observes_to + timedelta(days=365), opens_on=this.observes_to + timedelta(days=366),
        closes_on=this.observes_to + timedelta(days=400), grace_until=this.observes_to + timedelta(days=400),
    )  # fmt: skip
    ProgressUpdate.objects.create(
        commitment=commitment, round=later, state="published", status="delayed", saved_at=now, saved_by=officer,
        submitted_at=now, submitted_by=officer, published_at=now, published_by=second_officer,
    )  # fmt: skip
    approve(overtaken, officer)
    assert status_of(commitment)[0] == "delayed"


def test_several_at_once_leave_it_out_with_the_reason(
    officer, second_officer, strategy, commitment, open_round, at, signed_in
):
    before = earlier_round(strategy)
    publish_update(
        by=second_officer, at=at, commitment=commitment, round_=before, content=UpdateContent("on_track", "It began.")
    )
    update = confirm_update(by=second_officer, at=at, commitment=commitment, round_=open_round, version=None)
    change_status(
        by=second_officer,
        at=at + timedelta(days=1),
        commitment=commitment,
        to="delayed",
        reason="Rain.",
        remedy="Wait.",
    )
    page = signed_in(officer).get(f"{reverse('commitments:approve-several')}?chosen={update.pk}.{update.version}")
    assert not page.context["rows"]
    assert "after this update (“On track”) was sent" in page.text
    outcome = approve_several(by=officer, at=timezone.now(), updates=[(update, update.version)])
    assert (outcome.done, outcome.left[0][0]) == ((), "1.1 Thing 1.1")
    assert "choose which of the two is the status now" in outcome.left[0][1]


def test_the_page_shows_both_and_asks(overtaken, officer, signed_in):
    address = reverse("commitments:approval", args=[overtaken.pk])
    browser = signed_in(officer)
    page = browser.get(address)
    for words in (
        "The status was changed after this update was sent", "The hall burnt down.", "Another hall.", "Changed by Oscar Officer",
        "Keep the newer status: Delayed", "Change it to the status in the update: On track",
    ):  # fmt: skip
        assert words in page.text, words
    sent = {"version": overtaken.version, "status_version": overtaken.commitment.version, "decision": "approve"}
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    assert "Choose which status the commitment has once the update is approved." in answer.text
    done = browser.post(address, {**sent, "status_choice": "keep"}, follow=True)
    assert "The status stays Delayed." in done.text
    assert status_of(overtaken.commitment)[0] == "delayed"
    history = browser.get(address).text
    assert "The commitment’s newer status, Delayed, was kept" in history


def test_taking_the_update_s_status_on_the_page(overtaken, officer, signed_in):
    sent = {"version": overtaken.version, "status_version": overtaken.commitment.version, "decision": "approve"}
    address = reverse("commitments:approval", args=[overtaken.pk])
    signed_in(officer).post(address, {**sent, "status_choice": "take"})
    assert status_of(overtaken.commitment)[0] == "on_track"


def test_returning_it_needs_no_choice(overtaken, officer, signed_in):
    address = reverse("commitments:approval", args=[overtaken.pk])
    signed_in(officer).post(
        address, {"version": overtaken.version, "decision": "return", "reason": "The hall burnt down."}
    )
    overtaken.refresh_from_db()
    assert overtaken.state == "returned"


def test_a_status_that_changes_while_the_page_is_open_is_shown_before_anything_is_written(
    sent, officer, second_officer, commitment, now, signed_in
):
    address, browser = reverse("commitments:approval", args=[sent.pk]), signed_in(officer)
    assert "The status was changed after" not in browser.get(address).text
    change_status(by=second_officer, at=now, commitment=commitment, to="delayed", reason="Rain.", remedy="Wait.")
    answer = browser.post(address, {"version": sent.version, "decision": "approve"})
    assert answer.status_code in {409, 422}
    assert "Keep the newer status: Delayed" in answer.text
    commitment.refresh_from_db()
    assert f'name="status_version" value="{commitment.version}"' in answer.text
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_the_api_refuses_and_takes_the_choice(overtaken, officer, commitment):
    address = f"strategies/our-strategy/commitments/thing-1-1/updates/{overtaken.round.slug}/approve/"
    refused = Api(officer).post(address, {"version": overtaken.version})
    assert (refused.status_code, "“Delayed”" in refused.json()["detail"]) == (409, True)
    half = Api(officer).post(address, {"version": overtaken.version, "status_choice": "keep"})
    assert (half.status_code, "together" in half.text) == (400, True)
    commitment.refresh_from_db()
    whole = {"version": overtaken.version, "status_choice": "keep", "commitment_version": commitment.version}
    assert Api(officer).post(address, whole).json()["state"]["code"] == "published"
    assert status_of(commitment)[0] == "delayed"


def test_an_update_that_was_returned_and_sent_again_is_newer_than_the_status(
    overtaken, officer, second_officer, commitment, open_round, now
):
    update = return_update(by=officer, at=now, update=overtaken, reason="The hall burnt down.")
    update = submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=UpdateContent("on_track", "Rebuilt."),
        version=update.version,
    )  # fmt: skip
    approve(update, officer)
    assert status_of(commitment) == ("on_track", "Rebuilt.")
