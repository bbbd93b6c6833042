"""What programs read of how a commitment is to succeed, and how they find those without a measure."""

from datetime import date

import pytest

from commitments.models import Commitment
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db
ONE = "strategies/our-strategy/commitments/thing-1-1/"


def test_a_commitment_without_a_measure_says_nothing(stranger, world):
    answer = stranger.get(ONE).json()
    assert [answer[name] for name in ("success_measure", "success_measure_agreed_by", "team")] == ["", "", ""]
    assert [answer[name] for name in ("success_measure_agreed_on", "starts_on", "ends_on", "follows")] == [None] * 4
    assert answer["related"] == []


def test_a_commitment_says_its_measure_team_dates_and_ties(stranger, world):
    mine = Commitment.objects.get(strategy__slug="our-strategy", key="thing-1-1")
    earlier = make_strategy(world.council, slug="earlier", opens_first=False).commitments.get(reference="2.1")
    Commitment.objects.filter(pk=mine.pk).update(
        success_measure="Ten rooms.", success_measure_agreed_by="us", success_measure_agreed_on=date(2026, 3, 12),
        team="Communities", starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31), follows=earlier,
    )  # fmt: skip
    mine.related.add(mine.strategy.commitments.get(key="thing-1-2"))
    answer = stranger.get(ONE).json()
    names = (
        "success_measure",
        "success_measure_agreed_by",
        "success_measure_agreed_on",
        "team",
        "starts_on",
        "ends_on",
    )
    assert [answer[name] for name in names] == [
        "Ten rooms.",
        "us",
        "2026-03-12",
        "Communities",
        "2025-04-01",
        "2026-03-31",
    ]
    assert answer["follows"] == {"strategy": "earlier", "key": "thing-2-1", "reference": "2.1"}
    assert answer["related"] == [{"strategy": "our-strategy", "key": "thing-1-2", "reference": "1.2"}]


def test_the_list_is_filtered_by_whether_there_is_one(stranger, world):
    Commitment.objects.filter(strategy__slug="our-strategy", key="thing-1-1").update(success_measure="Ten rooms.")
    rest = "strategies/our-strategy/commitments/?has_success_measure="
    assert [row["key"] for row in stranger.list(f"{rest}yes")] == ["thing-1-1"]
    assert "thing-1-1" not in [row["key"] for row in stranger.list(f"{rest}no")]
    assert stranger.get(f"{rest}maybe").status_code == 400
