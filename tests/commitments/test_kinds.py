"""The table of kinds of strategy, and the sentences that take their nouns."""

import pytest
from django.utils import timezone

from commitments.rules.kinds import GENERAL, KINDS, PLAN, RECOMMENDATIONS, STRATEGY, nouns_of, shared_nouns
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from vcsportal.common.data_file import Faulty
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


FILE = """
[strategy]
slug = "hall-plan"
title = "Hall plan"
vision = "A village that helps."
source = "Made for a test."
starts_on = 2024-04-01
ends_on = 2040-03-31
kind = "plan"
made_by = "Ashshire Consulting"
reviewed_on = 2025-03-12
[strategy.owner]
slug = "little-council"
name = "Little Council"
kind = "public_body"
[[priority]]
number = 1
title = "First"
[[priority.commitment]]
reference = "1.1"
key = "write-it-down"
wording = "Write it down"
short_title = "Writing"
ongoing = false
"""


@pytest.mark.django_db
def test_a_file_says_the_kind_and_its_page_and_the_api_say_it_too(client):
    loaded = load_strategy(by=None, at=timezone.now(), entry=read(FILE))
    assert (loaded.strategy.kind, loaded.strategy.nouns) == ("plan", PLAN.nouns)
    page = " ".join(client.get("/strategies/hall-plan/").content.decode().split())
    assert "Little Council has set 1 aim, for" in page
    assert "Made by Ashshire Consulting." in page
    assert "Last reviewed on 12 March 2025." in page
    answer = client.get("/api/v1/strategies/hall-plan/").json()
    assert answer["kind"] == {"code": "plan", "label": "Plan"}
    assert (answer["made_by"], answer["reviewed_on"]) == ("Ashshire Consulting", "2025-03-12")


@pytest.mark.django_db
def test_a_file_that_leaves_them_out_is_of_a_strategy_and_takes_them_back():
    load_strategy(by=None, at=timezone.now(), entry=read(FILE))
    without = "\n".join(
        line for line in FILE.splitlines() if not line.startswith(('kind = "plan', "made_by", "reviewed_on"))
    )
    loaded = load_strategy(by=None, at=timezone.now(), entry=read(without))
    assert (loaded.strategy.kind, loaded.strategy.made_by, loaded.strategy.reviewed_on) == ("strategy", "", None)
    assert len(loaded.changes) == 3
    assert load_strategy(by=None, at=timezone.now(), entry=read(without)).changes == []


def test_a_kind_that_is_not_in_the_table_is_refused_at_its_line():
    with pytest.raises(Faulty) as refused:
        read(FILE.replace('kind = "plan"', 'kind = "pledge"'))
    [fault] = refused.value.faults
    assert (fault.field, fault.line) == ("kind", 9)
    assert fault.sentence == "“pledge” is not one of: strategy, plan, recommendations, charter, work_plan."
