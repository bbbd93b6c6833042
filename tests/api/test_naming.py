"""Commitments in the API: by key, by a number that is beyond doubt, and never by one that several have had."""

from datetime import date

import pytest

from commitments.models import Commitment, FormerReference
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db
HOME = "strategies/our-strategy/commitments/"


@pytest.fixture
def taken(world):
    """1.1 is the number of thing-1-1; until 6 May 2025 it was that of thing-1-2."""
    commitment = world.strategy.commitments.get(key="thing-1-2")
    FormerReference.objects.create(commitment=commitment, reference="1.1", held_until=date(2025, 5, 6))
    Commitment.objects.filter(key="thing-1-1").update(added_on=date(2025, 5, 6))


def test_the_key_and_a_number_that_one_alone_has_had_answer_the_same(stranger, world):
    by_key, by_number = (stranger.get(f"{HOME}{name}/").json() for name in ("thing-1-1", "1.1"))
    assert by_key == by_number
    assert by_key["url"].endswith(f"/{HOME}thing-1-1/")
    assert (by_key["key"], by_key["reference"]) == ("thing-1-1", "1.1")


def test_a_number_that_several_have_had_names_each_with_its_days(stranger, world, taken):
    answer = stranger.get(f"{HOME}1.1/")
    assert answer.status_code == 300
    told = answer.json()
    assert told["detail"] == (
        "1.1 has been the number of more than one commitment. Give the key of the one you mean: thing-1-2 or thing-1-1."
    )
    assert [(one["key"], one["since"], one["until"]) for one in told["commitments"]] == [
        ("thing-1-2", None, "2025-05-06"), ("thing-1-1", "2025-05-06", None),
    ]  # fmt: skip
    assert stranger.get(f"{HOME}thing-1-1/").status_code == 200


@pytest.mark.parametrize("end", ["status/", "actions/", "partners/"])
def test_nothing_is_written_there(officer, world, taken, end):
    before = Commitment.objects.get(key="thing-1-1").version
    assert (
        Api(officer).post(f"{HOME}1.1/{end}", {"status": "on_track", "reason": "Go", "version": before}).status_code
        == 300
    )
    assert Commitment.objects.get(key="thing-1-1").version == before


def test_parameters_follow_the_same_rule(stranger, world, taken):
    for path in ("updates/", "indicators/"):
        assert stranger.get(f"strategies/our-strategy/{path}?commitment=1.1").status_code == 300
        by_key = stranger.list(f"strategies/our-strategy/{path}?commitment=thing-1-2")
        assert by_key == stranger.list(f"strategies/our-strategy/{path}?commitment=1.2")
        assert all(row["commitment_key"] == "thing-1-2" for row in by_key)
        assert stranger.list(f"strategies/our-strategy/{path}?commitment=9.9") == []


def test_evidence_and_priorities_name_keys_beside_numbers(stranger, world):
    rows = stranger.list("evidence/")
    assert rows
    for row in rows:
        assert len(row["commitment_keys"]) == len(row["commitments"])
    first = stranger.list("strategies/our-strategy/priorities/")[0]
    assert (first["commitments"], first["commitment_keys"]) == (["1.1", "1.2"], ["thing-1-1", "thing-1-2"])


def test_the_strategys_own_words_and_ours_are_told_apart(stranger, world):
    priority = world.strategy.priorities.get(number=1)
    priority.introduction, priority.introduction_source, priority.summary = "Theirs.", "Page 8.", "Ours."
    priority.save()
    Commitment.objects.filter(key="thing-1-1").update(note="A note.", note_source="Page 9.")
    told = stranger.get("strategies/our-strategy/priorities/1/").json()
    assert (told["introduction"], told["introduction_source"], told["summary"]) == ("Theirs.", "Page 8.", "Ours.")
    told = stranger.get(f"{HOME}thing-1-1/").json()
    assert (told["note"], told["note_source"]) == ("A note.", "Page 9.")
