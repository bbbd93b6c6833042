"""At the end of the story the steering group asks for the last closed round's report."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.models import Edition
from tests.factories import make_round
from vcsportal.management.commands.load_demo import Command

pytestmark = pytest.mark.django_db


def test_the_last_closed_rounds_report_is_asked_for(strategy, open_round, steering_member):
    closed = make_round(strategy, years_ago=1)
    Command()._ask_for_report(timezone.localdate())
    edition = Edition.objects.get()
    assert (edition.round, edition.requested_by, edition.state) == (closed, steering_member, "queued")


def test_nothing_is_asked_for_where_no_round_has_closed(open_round, steering_member):
    Command()._ask_for_report(timezone.localdate() - timedelta(days=400))
    assert not Edition.objects.exists()
