"""Team, dates and ties of a commitment through the API: the same service, the same refusals."""

import pytest

from commitments.models import Commitment, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_officer(api, officer):
    return api(officer)


HERE = "strategies/our-strategy/commitments/thing-1-1/"


def test_what_is_sent_is_written_and_what_is_left_out_stays(as_officer, stranger, world):
    answer = as_officer.post(f"{HERE}plan/", {"team": "Communities", "starts_on": "2026-04-01"})
    assert answer.status_code == 200
    assert (answer.json()["team"], answer.json()["starts_on"]) == ("Communities", "2026-04-01")
    tied = {"follows": "our-strategy/thing-1-2", "related": ["our-strategy/thing-2-1", "our-strategy/thing-2-1"]}
    assert as_officer.post(f"{HERE}plan/", tied).status_code == 200
    found = stranger.get(HERE).json()
    assert (found["team"], found["ends_on"]) == ("Communities", None)
    assert found["follows"] == {"strategy": "our-strategy", "key": "thing-1-2", "reference": "1.2"}
    assert [each["key"] for each in found["related"]] == ["thing-2-1"]
    as_officer.post(f"{HERE}plan/", {"follows": None, "related": [], "team": ""})
    cleared = stranger.get(HERE).json()
    assert (cleared["follows"], cleared["related"], cleared["team"], cleared["starts_on"]) == (
        None, [], "", "2026-04-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"starts_on": "2026-04-02", "ends_on": "2026-04-01"}, "ends_on"),
        ({"starts_on": "1492-01-01"}, "starts_on"),
        ({"team": "x" * 121}, "team"),
        ({"follows": "our-strategy/thing-1-1"}, "follows"),
        ({"related": ["our-strategy/thing-1-1"]}, "related"),
        ({"follows": "our-strategy/no-such-thing"}, "follows"),
        ({"follows": "thing-1-2"}, "follows"),
        ({"related": ["our-strategy/thing-1-2", "no-strategy/thing-1-2"]}, "related"),
        ({"related": ["our-strategy/thing-1-2"] * 51}, "related"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_written(as_officer, world, sent, field):
    entries = HistoryEntry.objects.filter(act__in=["details", "tie"])
    before = entries.count()
    answer = as_officer.post(f"{HERE}plan/", {"team": "Communities", **sent})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert Commitment.objects.get(strategy__slug="our-strategy", key="thing-1-1").team == ""
    assert entries.count() == before
