"""The strategy at a glance as plain values."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import glance
from commitments.reading.glance import CommitmentAtGlance
from commitments.reading.introduction import introduction, term
from commitments.reading.staleness import updated_lately
from commitments.rules import status as words

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
            "Of 5 commitments, 2 have not started, 1 is at risk and 1 is delayed. 1 has had no update yet.",
        ),
    ],
)
def test_the_sentence_names_every_count_that_is_not_zero(codes, sentence):
    assert glance.sentence(codes) == sentence


@given(st.lists(CODES, max_size=60))
def test_the_sentence_and_the_table_count_the_same(codes):
    rows = glance.board([(1, "One", "", "")], [standing(f"1.{n}", code) for n, code in enumerate(codes)])
    (line,), whole = glance.counts(rows)
    assert line.total == whole.total == len(codes)
    assert sum(line.counts) == len(codes)
    assert not re.search(r"\b0 are", glance.sentence(codes))
    for word in words.STATUSES:
        assert line.counts[glance.COLUMNS.index(word)] == codes.count(word.code)


def test_zero_is_zero_in_every_column():
    _lines, whole = glance.counts(glance.board([(1, "One", "", "")], [standing("1.1", "on_track")]))
    assert whole.counts == tuple(int(word.code == "on_track") for word in glance.COLUMNS)


def test_narrow_tables_turn_rows_and_columns_and_end_with_the_whole():
    rows = glance.board([(n, "", "", "") for n in range(1, 8)], [standing(f"{n}.1", "on_track") for n in range(1, 8)])
    first, second = glance.narrow_tables(*glance.counts(rows))
    assert [column.short for column in first.columns] == ["1", "2", "3", "4", "5", "6"]
    assert [column.short for column in second.columns] == ["7", "All"]
    assert dict(second.rows)[words.ON_TRACK] == (1, 7)
    assert dict(second.rows)[words.NO_UPDATE] == (0, 0)


def test_a_tile_has_a_full_name():
    tile = glance.tile(standing("2.3", "at_risk", date(2025, 3, 12)))
    assert tile.label == "2.3 Thing 2.3, At risk, updated 12 March 2025"
    assert glance.tile(standing("2.3")).label == "2.3 Thing 2.3, No update yet"


def test_a_tile_is_stale_from_the_366th_day_and_its_name_says_so():
    today = date(2026, 11, 22)
    old = glance.tile(standing("2.3", "at_risk", today - timedelta(days=366)), today=today)
    assert old.stale
    assert old.label == "2.3 Thing 2.3, At risk, updated 21 November 2025, more than a year ago"
    assert not glance.tile(standing("2.3", "at_risk", today - timedelta(days=365)), today=today).stale
    assert not glance.tile(standing("2.3", "complete", today - timedelta(days=900)), today=today).stale
    assert not glance.tile(standing("2.3", "at_risk", date(2020, 1, 1))).stale, "a board of an earlier day"
    assert not glance.tile(standing("2.3"), today=today).stale


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], ""),
        ([None, None], ""),
        ([365, 366, None], "1 of 3 was updated in the last year."),
        ([0, 12, 400], "2 of 3 were updated in the last year."),
        ([0, 365], "All 2 were updated in the last year."),
        ([3], "It was updated in the last year."),
        ([366, 900, None], "None of them has been updated in the last year."),
        ([366], "It was updated over a year ago."),
    ],
)
def test_the_sentence_says_how_fresh_the_board_is(days, said):
    today = date(2026, 11, 22)
    on = [None if day is None else today - timedelta(days=day) for day in days]
    assert updated_lately(on, today) == said


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2022, 4, 1), date(2027, 3, 31), "the five years to March 2027"),
        (date(2026, 1, 1), date(2026, 12, 31), "the year to December 2026"),
        (date(2022, 5, 17), date(2027, 3, 31), "May 2022 to March 2027"),
        (date(2022, 5, 1), date(2022, 7, 31), "May 2022 to July 2022"),
        (date(2020, 1, 1), date(2031, 12, 31), "the 12 years to December 2031"),
    ],
)
def test_a_term_of_whole_years_is_called_by_its_years(starts_on, ends_on, words):
    assert term(starts_on, ends_on) == words


def test_a_strategy_is_introduced_by_who_promised_how_much():
    values: Any = {"owner": "Larkshire Council", "starts_on": date(2022, 4, 1), "ends_on": date(2027, 3, 31)}
    assert introduction(**values, priorities=5, commitments=32) == (
        "Larkshire Council has made 32 commitments under 5 priorities, for the five years to March 2027."
    )
    assert introduction(**values, priorities=1, commitments=1) == (
        "Larkshire Council has made 1 commitment, for the five years to March 2027."
    )
    assert introduction(**values, priorities=5, commitments=0) == ""


def test_the_board_keeps_the_order_it_is_given():
    rows = glance.board([(2, "Two", "", ""), (1, "One", "", "")], [standing("1.2"), standing("2.1"), standing("1.1")])
    assert [[tile.reference for tile in row.tiles] for row in rows] == [["2.1"], ["1.2", "1.1"]]


@pytest.mark.parametrize(("tiles", "crowded"), [((80,), False), ((81,), True), ((40, 40), False), ((41, 40), True)])
def test_a_board_of_more_than_80_tiles_has_small_ones(tiles, crowded):
    standings = [standing(f"{number}.{n}") for number, count in enumerate(tiles, 1) for n in range(count)]
    rows = glance.board([(number, "", "", "") for number in range(1, len(tiles) + 1)], standings)
    assert glance.is_crowded(rows) is crowded


def test_only_some_tiles_are_lit():
    (row,) = glance.lit_only(glance.board([(1, "One", "", "")], [standing("1.1"), standing("1.2")]), ["1.2"])
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


def test_quiet_are_those_never_heard_of_and_those_without_a_word_for_a_year():
    today = date(2026, 11, 22)
    standings = [
        standing("1.1"),
        standing("1.2", "on_track", today - timedelta(days=366)),
        standing("1.3", "on_track", today - timedelta(days=365)),
        standing("1.4", "complete", today - timedelta(days=366)),
        standing("2.1", "on_track", today),
    ]
    rows = glance.board([(1, "One", "", ""), (2, "Two", "", "")], standings)
    (quiet,) = glance.quiet(rows, standings, today)
    assert [each.reference for each in quiet.never] == ["1.1"]
    assert [each.reference for each in quiet.long_ago] == ["1.2"]
    assert (quiet.label, quiet.count, quiet.total) == ("1", 2, 4)


def test_freshness_is_said_apart_from_the_status():
    assert glance.freshness(None, date(2026, 1, 1)) == "No update yet"
    assert glance.freshness(date(2025, 3, 12), date(2025, 11, 12)) == "Last updated 12 March 2025, 8 months ago"
