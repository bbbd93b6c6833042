"""Changing the status outside a round's update."""

import pytest

from commitments.models import HistoryEntry
from commitments.services.progress import change_status
from tests.commitments.views.test_pages_update import text_of, url

pytestmark = pytest.mark.django_db


def test_a_status_is_changed_at_any_time_with_a_reason(signed_in, officer, commitment):
    at_work = signed_in(officer)
    assert "Why?" in text_of(at_work.get(url(commitment, "status-change")))
    sent = {"status": "on_track", "reason": "It began.", "version": 0}
    for _click in range(2):
        response = at_work.post(url(commitment, "status-change"), sent)
        assert (response.status_code, response.url) == (302, commitment.get_absolute_url())
    assert HistoryEntry.objects.filter(act="status").count() == 1
    assert "The status of 1.1 is now “On track”." in text_of(at_work.get(commitment.get_absolute_url()))


def test_a_status_without_its_reason_is_asked_for_again(signed_in, officer, commitment):
    response = signed_in(officer).post(url(commitment, "status-change"), {"status": "delayed", "version": 0})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"reason", "remedy"}


def test_two_officers_who_change_the_status_see_both(signed_in, officer, second_officer, commitment, now):
    change_status(by=second_officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    at_work = signed_in(officer)
    sent = {"status": "delayed", "reason": "No venue", "remedy": "We ask", "version": 0}
    response = at_work.post(url(commitment, "status-change"), sent)
    text = text_of(response)
    assert response.status_code == 409
    assert "Oscar Officer has changed the status to “On track”" in text
    assert "It began." in text
    assert "No venue" in text
    hidden = dict(response.context["hidden"])
    edit = at_work.post(url(commitment, "status-change"), {**hidden, "act": "change"})
    assert "No venue" in text_of(edit)
    mine = at_work.post(url(commitment, "status-change"), {**hidden, "act": response.context["act"]})
    assert mine.status_code == 302
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_reason) == ("delayed", "No venue")
