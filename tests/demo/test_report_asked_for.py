"""At the end of the story an earlier report is published, and the steering group asks for the last closed round's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition
from tests.factories import fill_in_header, make_round
from vcsportal.management.commands.load_demo import Command

pytestmark = pytest.mark.django_db


def test_the_last_closed_rounds_report_is_asked_for_and_the_one_before_is_published(
    strategy, open_round, officer, second_officer, steering_member, transactional_db, data_folder, monkeypatch
):
    monkeypatch.setattr("vcsportal.demo.story.STRATEGY", strategy.slug)
    earlier, closed = make_round(strategy, years_ago=2), make_round(strategy, years_ago=1)
    fill_in_header(earlier, officer)
    Command()._ask_for_report(timezone.localdate())
    asked, published = Edition.objects.get(round=closed), Edition.objects.get(round=earlier)
    assert (asked.requested_by, asked.state) == (steering_member, "queued")
    assert (published.published_by, published.state) == (second_officer, "ready")
    assert published.proposals.get().proposed_by == officer
    assert {face.code for face in published.faces.all()} == set(FORMAT_BY_CODE)


def test_nothing_is_asked_for_where_no_round_has_closed(open_round, steering_member):
    Command()._ask_for_report(timezone.localdate() - timedelta(days=400))
    assert not Edition.objects.exists()
