"""The table of kinds of strategy, and the sentences that take their nouns."""

import pytest

from commitments.kinds import GENERAL, KINDS, PLAN, RECOMMENDATIONS, STRATEGY, nouns_of, shared_nouns
from vcsportal.common.plurals import capital


def test_codes_and_labels_are_given_once():
    assert len({kind.code for kind in KINDS}) == len({kind.label for kind in KINDS}) == len(KINDS) == 5


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_articles_go_with_their_nouns(kind):
    for noun in ("strategy", "priority", "commitment"):
        article, _, rest = getattr(kind.nouns, f"a_{noun}").partition(" ")
        word = getattr(kind.nouns, noun)
        assert rest == word
        assert article == ("an" if word[0] in "aeiou" else "a")


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("Choose at least one commitment.", "Choose at least one aim."),
        ("Only a commitment can do this.", "Only an aim can do this."),
        ("A commitment can’t do this.", "An aim can’t do this."),
        ("Commitments of each priority by status", "Aims of each project by status"),
        ("All priorities, and the strategy’s own words", "All projects, and the plan’s own words"),
        ("Committed to it, and prioritised.", "Committed to it, and prioritised."),
    ],
)
def test_a_sentence_takes_the_nouns_of_a_kind_with_their_articles(text, plan):
    assert PLAN.nouns.reworded(text) == plan
    assert GENERAL.reworded(text) == text


def test_counts_take_the_singular_for_one_only():
    nouns = RECOMMENDATIONS.nouns
    assert [nouns.counted_commitments(count) for count in (0, 1, 1204)] == ["0 actions", "1 action", "1,204 actions"]
    assert [nouns.counted_priorities(count) for count in (1, 6)] == ["1 recommendation", "6 recommendations"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_a_round_asks_is_said_with_the_nouns_of_the_kind(kind):
    assert f"everyone who leads {kind.nouns.a_commitment} gives" in kind.asks
    assert capital(kind.asks) == kind.asks


def test_several_kinds_share_the_general_nouns_and_one_kind_keeps_its_own():
    assert shared_nouns(["plan", "plan"]) == nouns_of("plan") == PLAN.nouns
    assert shared_nouns(["plan", "strategy"]) == shared_nouns([]) == STRATEGY.nouns == GENERAL


def test_only_recommendations_are_answered_and_only_charters_signed():
    assert [kind.code for kind in KINDS if kind.answered] == ["recommendations"]
    assert [kind.code for kind in KINDS if kind.signed] == ["charter"]
