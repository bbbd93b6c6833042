"""Team, dates and ties of a commitment through the API: the same service, the same refusals."""

from typing import Any

import pytest

from commitments.models import Commitment, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_officer(api, officer):
    return api(officer)


HERE = "strategies/our-strategy/commitments/thing-1-1/"


NOTHING: dict[str, Any] = {"team": "", "starts_on": None, "ends_on": None, "follows": None, "related": []}
"""What a commitment without any details reads as."""


def test_what_is_sent_is_written_and_what_is_left_out_stays(as_officer, stranger, world):
    answer = as_officer.post(f"{HERE}plan/", {"team": "Communities", "starts_on": "2026-04-01", "was": NOTHING})
    assert answer.status_code == 200
    assert (answer.json()["team"], answer.json()["starts_on"]) == ("Communities", "2026-04-01")
    tied: dict[str, Any] = {
        "follows": "our-strategy:thing-1-2",
        "related": ["our-strategy:thing-2-1", "our-strategy:thing-2-1"],
    }
    tied["was"] = {"follows": None, "related": []}
    assert as_officer.post(f"{HERE}plan/", tied).status_code == 200
    found = stranger.get(HERE).json()
    assert (found["team"], found["ends_on"]) == ("Communities", None)
    assert found["follows"] == {"strategy": "our-strategy", "key": "thing-1-2", "reference": "1.2"}
    assert [each["key"] for each in found["related"]] == ["thing-2-1"]
    was = {"follows": "our-strategy:thing-1-2", "related": ["our-strategy:thing-2-1"], "team": "Communities"}
    as_officer.post(f"{HERE}plan/", {"follows": None, "related": [], "team": "", "was": was})
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
        ({"follows": "our-strategy:thing-1-1"}, "follows"),
        ({"related": ["our-strategy:thing-1-1"]}, "related"),
        ({"follows": "our-strategy:no-such-thing"}, "follows"),
        ({"follows": "thing-1-2"}, "follows"),
        ({"follows": "our-strategy/thing-1-2"}, "follows"),
        ({"related": ["our-strategy:thing-1-2", "no-strategy:thing-1-2"]}, "related"),
        ({"related": ["our-strategy:thing-1-2"] * 51}, "related"),
        ({"was": {"starts_on": None}}, "was"),
        ({"was": {"team": "", "ends_on": "soon"}}, "was"),
        ({"was": None}, "was"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_written(as_officer, world, sent, field):
    entries = HistoryEntry.objects.filter(act__in=["details", "tie"])
    before = entries.count()
    answer = as_officer.post(f"{HERE}plan/", {"team": "Communities", "was": NOTHING, **sent})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert Commitment.objects.get(strategy__slug="our-strategy", key="thing-1-1").team == ""
    assert entries.count() == before


def test_nothing_is_written_over_what_was_not_read(as_officer, stranger, world):
    sent = {"ends_on": "2027-03-31", "related": ["our-strategy:thing-1-2"], "was": {"ends_on": None, "related": []}}
    assert as_officer.post(f"{HERE}plan/", sent).status_code == 200
    answer = as_officer.post(f"{HERE}plan/", {**sent, "ends_on": "2028-03-31"})
    assert answer.status_code == 409
    assert (
        answer.json()["detail"]
        == "You have changed these details since they were read. Read it again, then send your change."
    )
    assert stranger.get(HERE).json()["ends_on"] == "2027-03-31"
    refused = as_officer.post(f"{HERE}plan/", {"team": "Us"})
    assert refused.status_code == 400
    assert "team" in str(refused.json()["errors"]["was"])
