"""The strategy at a glance as plain values."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments import status as words
from commitments.reading import glance
from commitments.reading.glance import CommitmentAtGlance

CODES = st.sampled_from(["", *words.BY_CODE])


def standing(reference: str, code: str = "", on: date | None = None) -> CommitmentAtGlance:
    return CommitmentAtGlance(int(reference.split(".")[0]), reference, f"Thing {reference}", code, on, f"/{reference}/")


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([], "There are no commitments yet."),
        ([""], "No status has been recorded yet for the commitment."),
        (["", ""], "No status has been recorded yet for the 2 commitments."),
        (["on_track"], "Of 1 commitment, 1 is on track."),
        (["not_started", "on_track", "on_track"], "Of 3 commitments, 1 has not started and 2 are on track."),
        (
            ["not_started", "not_started", "at_risk", "delayed", ""],
            "Of 5 commitments, 2 have not started, 1 is at risk and 1 is delayed. For 1 there is no update yet.",
        ),
    ],
)
def test_the_sentence_names_every_count_that_is_not_zero(codes, sentence):
    assert glance.sentence(codes) == sentence


@given(st.lists(CODES, max_size=60))
def test_the_sentence_and_the_table_count_the_same(codes):
    rows = glance.board([(1, "One", "")], [standing(f"1.{n}", code) for n, code in enumerate(codes)])
    (line,), whole = glance.counts(rows)
    assert line.total == whole.total == len(codes)
    assert sum(int(number or 0) for number in line.counts) == len(codes)
    assert not re.search(r"\b0 are", glance.sentence(codes))
    for word in words.STATUSES:
        assert line.counts[glance.COLUMNS.index(word)] == codes.count(word.code)


def test_nobody_silent_is_an_empty_cell_and_not_a_zero():
    _lines, whole = glance.counts(glance.board([(1, "One", "")], [standing("1.1", "on_track")]))
    assert whole.counts[-1] == ""


def test_a_tile_has_a_full_name():
    tile = glance.tile(standing("2.3", "at_risk", date(2025, 3, 12)))
    assert tile.label == "2.3 Thing 2.3, At risk, updated 12 March 2025"
    assert glance.tile(standing("2.3")).label == "2.3 Thing 2.3, No update yet"


def test_the_board_keeps_the_order_it_is_given():
    rows = glance.board([(2, "Two", ""), (1, "One", "")], [standing("1.2"), standing("2.1"), standing("1.1")])
    assert [[tile.reference for tile in row.tiles] for row in rows] == [["2.1"], ["1.2", "1.1"]]


def test_only_some_tiles_are_lit():
    (row,) = glance.lit_only(glance.board([(1, "One", "")], [standing("1.1"), standing("1.2")]), ["1.2"])
    assert [tile.lit for tile in row.tiles] == [False, True]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 20), "2 days ago"),
        (date(2026, 11, 15), "1 week ago"),
        (date(2026, 10, 23), "4 weeks ago"),
        (date(2026, 10, 22), "1 month ago"),
        (date(2026, 3, 12), "8 months ago"),
        (date(2025, 11, 23), "11 months ago"),
        (date(2025, 11, 22), "1 year ago"),
        (date(2023, 1, 1), "3 years ago"),
    ],
)
def test_how_long_ago_reads_as_people_say_it(day, words):
    assert glance.how_long_ago(day, date(2026, 11, 22)) == words


@given(st.dates(date(2000, 1, 1), date(2026, 11, 22)))
def test_how_long_ago_always_has_an_answer(day):
    assert glance.how_long_ago(day, date(2026, 11, 22))


def test_silent_are_those_never_heard_of_and_those_without_a_word_for_a_year():
    today = date(2026, 11, 22)
    long_ago, lately = today - timedelta(days=366), today - timedelta(days=365)
    never, old = glance.silent(
        [
            standing("1.1"),
            standing("1.2", "on_track", long_ago),
            standing("1.3", "on_track", lately),
            standing("1.4", "complete", long_ago),
        ],
        today,
    )
    assert [one.reference for one in never] == ["1.1"]
    assert [one.reference for one in old] == ["1.2"]


def test_freshness_is_said_apart_from_the_status():
    assert glance.freshness(None, date(2026, 1, 1)) == "No update yet"
    assert glance.freshness(date(2025, 3, 12), date(2025, 11, 12)) == "Last updated 12 March 2025, 8 months ago"
