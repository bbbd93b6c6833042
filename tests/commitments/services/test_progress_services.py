"""How a commitment stands: statuses, updates, conflicts."""

from datetime import timedelta

import pytest

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, ProgressUpdate
from commitments.services.progress import change_status, not_open, save_update, submit_update
from tests.factories import make_round, publish_update
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db


def test_an_officer_changes_a_status_with_a_reason(officer, commitment, now):
    with pytest.raises(Refused, match="why the status"):
        change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="")
    commitment = change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    assert (commitment.status, commitment.status_by) == ("on_track", officer)
    entry = HistoryEntry.objects.get(act="status")
    assert (entry.from_state, entry.to_state, entry.reason) == ("", "on_track", "It began.")


def test_a_worry_says_what_will_be_done(officer, commitment, now):
    with pytest.raises(Refused, match="what will be done"):
        change_status(by=officer, at=now, commitment=commitment, to="at_risk", reason="No venue.")


@pytest.mark.parametrize("who", ["partner", "administrator", "steering_member", "nobody"])
def test_nobody_else_changes_a_status(request, who, commitment, now):
    with pytest.raises(Refused, match="Only a council officer"):
        change_status(by=request.getfixturevalue(who), at=now, commitment=commitment, to="on_track", reason="x")


def test_the_second_officer_to_save_is_told(officer, second_officer, commitment, open_round, now):
    said = UpdateContent("on_track", "Going well")
    save_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    with pytest.raises(Conflict, match="Olive Officer"):
        save_update(by=second_officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    with pytest.raises(Conflict, match="You have saved this update in another window"):
        save_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)


def test_a_window_that_is_over_says_until_when_updates_were_taken(officer, open_round):
    """Until the last day of grace, not until the day that the emails spoke of."""
    assert open_round.grace_until > open_round.closes_on
    for state, words in (("in_review", "accepted updates from"), ("planned", "It accepts updates from")):
        open_round.state = state
        last = open_round.grace_until if state == "in_review" else open_round.closes_on
        assert f"to {last.day} {last:%B %Y}" in not_open(open_round)
        assert words in not_open(open_round)


def test_publishing_sets_the_status_and_keeps_what_was_said(officer, commitment, open_round, now):
    said = UpdateContent("at_risk", "No venue", "We are asking the parish", "A **good** start", "Find a hall")
    update = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_remedy) == ("at_risk", "We are asking the parish")
    entry = HistoryEntry.objects.get(act="approve")
    assert entry.said["narrative"] == "A **good** start"
    assert list(ProgressUpdate.objects.visible_to(None)) == [update]


def test_an_older_round_does_not_overrule_a_later_one(officer, commitment, strategy, open_round, now):
    publish_update(
        by=officer,
        at=now,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "Good"),
        version=None,
    )
    older = make_round(strategy, years_ago=1)
    late = {"by": officer, "commitment": commitment, "round_": older, "version": None}
    with pytest.raises(Refused, match="It accepted updates from"):
        submit_update(**late, at=now, content=UpdateContent("delayed"))
    publish_update(**late, at=now - timedelta(days=365), content=UpdateContent("delayed", "Rain", "Wait"))
    commitment.refresh_from_db()
    assert commitment.status == "on_track"
