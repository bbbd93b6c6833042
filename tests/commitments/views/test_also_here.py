"""A strategy's page names the others that are in term, with how much they hold and what was answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import Commitment, Strategy
from commitments.reading.also_here import also_here
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommendations(strategy, council) -> Strategy:
    today = timezone.localdate()
    made = make_strategy(council, slug="wealth", opens_first=False)
    made.title, made.kind = "Community wealth", "recommendations"
    made.starts_on, made.ends_on = today - timedelta(days=9), today
    made.save()
    return made


def test_the_others_are_named_with_what_was_answered(client, strategy, recommendations):
    first = recommendations.commitments.in_order().first()
    Commitment.objects.filter(strategy=recommendations).update(owner_response="awaited")
    Commitment.objects.filter(pk=first.pk).update(owner_response="no")
    waiting = recommendations.commitments.count() - 1
    page = " ".join(client.get(strategy.get_absolute_url()).text.split())
    assert f"Community wealth</a>, {waiting + 1} actions (1 declined and {waiting} awaiting a response)." in page
    assert "Also here" in client.get(recommendations.get_absolute_url()).text
    assert "Community wealth</a>, " not in client.get(recommendations.get_absolute_url()).text


@pytest.mark.parametrize(("days", "named"), [(-10, False), (-9, True), (0, True), (1, False)])
def test_only_strategies_in_term_are_named(strategy, recommendations, days, named):
    found = also_here(strategy, timezone.localdate() + timedelta(days=days))
    assert [other.slug for other in found] == (["wealth"] if named else [])


def test_a_portal_with_one_strategy_says_nothing(client, strategy):
    assert "Also here" not in client.get(strategy.get_absolute_url()).text
