"""What happened on the day between two times that follow one another is told once."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from commitments.models import HistoryEntry
from commitments.services.actions import complete_action, plan_action
from reporting import assembly
from reporting.assembly.changes import end_of
from reporting.facts import ProductionDetails
from tests.factories import make_evidence, make_round


@pytest.mark.django_db
def test_what_happens_on_the_border_day_is_told_in_the_first_of_two_times_alone(
    strategy, commitment, officer, partner, now
):
    border, today = localdate(now) - timedelta(days=5), localdate(now)
    one = plan_action(by=officer, at=now, commitment=commitment, title="Ask", due_on=border + timedelta(days=2))
    complete_action(by=officer, at=now, action=one, done_on=border)
    said = {"strategy": strategy.slug, "was": {"wording": "Do it."}, "now": {"wording": "Do it soon."}}
    HistoryEntry.objects.create(at=end_of(border), by=None, act="amend", commitment=commitment, said=said)
    at = now - timedelta(days=5)
    make_evidence(partner, commitment, state="accepted", officer=officer, at=at, happened_from=border)
    found = [
        assembly.between(strategy, since=since, until=until)
        for since, until in ((border - timedelta(days=5), border), (border, today))
    ]
    assert [(len(times.done), len(times.amended), times.pieces) for times in found] == [(1, 1, 1), (0, 0, 0)]


@pytest.mark.django_db
def test_a_report_made_within_its_year_speaks_of_the_days_until_then(strategy, now):
    make_round(strategy, years_ago=1)
    running, today = make_round(strategy), localdate(now)
    running.observes_to, running.closes_on, running.grace_until = (today + timedelta(days=n) for n in (60, 90, 97))
    running.save()
    changes = assembly.assemble(round_=running, making=ProductionDetails(at=now)).changes
    assert changes is not None
    assert changes.until == today
