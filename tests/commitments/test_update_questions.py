"""What is asked before an update is sent: a table of facts, and what holds for all of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules import status as words
from commitments.rules.update_questions import CODES, NO_ANSWER, UpdateFacts, answered, questions

SHOWN: dict[str, Any] = {"evidence": True, "lately": True}


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (UpdateFacts("complete", evidence=False), ["nothing_shows_it"]),
        (UpdateFacts("embedded", evidence=False), ["nothing_shows_it"]),
        (UpdateFacts("complete", **SHOWN), []),
        (UpdateFacts("complete", evidence=True, lately=False), []),
        (UpdateFacts("embedded", **SHOWN, missed=("Members",)), []),
        (UpdateFacts("on_track", **SHOWN), []),
        (UpdateFacts("on_track", evidence=True, lately=False), ["quiet_year"]),
        (UpdateFacts("on_track"), ["quiet_year"]),
        (UpdateFacts("on_track", **SHOWN, missed=("Members",)), ["target_missed"]),
        (UpdateFacts("on_track", missed=("Members", "Visits")), ["target_missed", "quiet_year"]),
        (UpdateFacts("not_started", actions_done=2), ["actions_done"]),
        (UpdateFacts("not_started"), []),
        (UpdateFacts("not_started", evidence=False, missed=("Members",)), []),
        (UpdateFacts("at_risk", missed=("Members",)), []),
        (UpdateFacts("delayed", actions_done=1), []),
        (UpdateFacts("closed"), []),
    ],
)
def test_what_does_not_fit_is_asked_about(facts, codes):
    assert [one.code for one in questions(facts)] == codes


def test_the_question_says_what_does_not_fit():
    (missed,) = questions(UpdateFacts("on_track", **SHOWN, missed=("Members: 20 of 30", "Visits: 1 of 4")))
    assert "2 targets were not reached: Members: 20 of 30; Visits: 1 of 4." in missed.question
    (one,) = questions(UpdateFacts("not_started", actions_done=1))
    assert "1 action is done" in one.question


def test_silence_is_kept_as_no_answer():
    asked = questions(UpdateFacts("on_track", missed=("Members",)))
    kept = answered(asked, {"quiet_year": "  We saw it.  ", "actions_done": "Not asked"})
    assert [(one["code"], one["answer"]) for one in kept] == [
        ("target_missed", NO_ANSWER),
        ("quiet_year", "We saw it."),
    ]
    assert all(one["question"] for one in kept)


counts = st.integers(min_value=0, max_value=99)


@given(
    st.builds(
        UpdateFacts,
        status=st.sampled_from([one.code for one in words.STATUSES]),
        evidence=counts,
        lately=counts,
        missed=st.lists(st.text(min_size=1, max_size=20), max_size=3).map(tuple),
        actions_done=counts,
    )
)
def test_whatever_the_facts_the_questions_are_few_known_and_in_order(facts):
    codes = [one.code for one in questions(facts)]
    assert codes == [code for code in CODES if code in codes]
    assert len(codes) <= 2
    assert facts.status in {"complete", "embedded", "on_track", "not_started"} or not codes
