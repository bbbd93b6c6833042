"""Success measures, teams, dates and ties of a strategy's file: written, left as people have them, and faults by line."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.models import Commitment, HistoryEntry
from commitments.services.loading.strategy import load_strategy
from commitments.services.plan_details import PlanDetails, edit_plan
from commitments.services.success_measures import SuccessMeasure, set_success_measure
from commitments.strategy_file.strategy import read
from tests.factories import make_person
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)

FILE = """
[strategy]
slug = "{slug}"
title = "Meeting places"
vision = "A place to meet."
source = "Made for a test."
starts_on = {starts}
ends_on = 2030-03-31

[strategy.owner]
slug = "a-council"
name = "A Council"
kind = "public_body"

[[priority]]
number = 1
title = "Rooms"

[[priority.commitment]]
key = "rooms"
wording = "Open rooms"
short_title = "Rooms"
ongoing = false
{rooms}

[[priority.commitment]]
key = "chairs"
wording = "Lend chairs"
short_title = "Chairs"
ongoing = false
{chairs}

[[priority.commitment]]
key = "maps"
wording = "Draw maps"
short_title = "Maps"
ongoing = false
{maps}
"""
MEASURE = 'success_measure = "A room in every village."'
AGREED = f'{MEASURE}\nsuccess_measure_agreed_by = "the steering group"\nsuccess_measure_agreed_on = 2026-03-12'


def text(rooms="", chairs="", maps="", slug="places", starts="2025-04-01"):
    return FILE.format(rooms=rooms, chairs=chairs, maps=maps, slug=slug, starts=starts)


def load(*args, later=0, **kwargs):
    return load_strategy(by=None, at=AT + timedelta(days=later), entry=read(text(*args, **kwargs)))


def rooms() -> Commitment:
    return Commitment.objects.get(strategy__slug="places", key="rooms")


def of(key, slug="places") -> Commitment:
    return Commitment.objects.get(strategy__slug=slug, key=key)


def faults(*args, **kwargs):
    with pytest.raises(Faulty) as refused:
        load(*args, **kwargs)
    return [str(fault) for fault in refused.value.faults]


def test_a_measure_comes_with_the_file_and_without_a_history_entry():
    load(AGREED)
    assert SuccessMeasure.of(rooms()) == SuccessMeasure(
        "A room in every village.", "the steering group", date(2026, 3, 12)
    )
    assert not HistoryEntry.objects.filter(act="measure").exists()
    assert load(AGREED, later=1).changes == []


def test_a_file_that_is_silent_leaves_what_was_agreed():
    load(AGREED)
    again = load(later=1)
    assert (again.changes, again.notes, rooms().success_measure) == ([], [], "A room in every village.")


def test_a_later_file_changes_what_a_file_wrote_and_the_history_keeps_both():
    load(MEASURE)
    assert load(AGREED, later=1).changes == [
        "Amended commitment 1.1, success_measure: it is now “A room in every village.”."
    ]
    entry = HistoryEntry.objects.get(act="measure")
    assert (entry.by, entry.said["was"]["agreed_by"], entry.said["now"]["agreed_on"]) == (None, "", "2026-03-12")


def test_what_a_person_wrote_stays_and_the_load_says_so():
    load(MEASURE)
    officer = make_person("officer", rooms().strategy.owner, "Wren Calloway")
    set_success_measure(by=officer, at=AT, commitment=rooms(), measure=SuccessMeasure("Ten rooms."))
    loaded = load(AGREED, later=1)
    assert loaded.changes == []
    assert loaded.notes == [
        "Left the success measure of 1.1, “Rooms”, as it is: Wren Calloway wrote it in the portal on 4 May 2026. "
        "Update the file to match."
    ]
    assert rooms().success_measure == "Ten rooms."
    assert load('success_measure = "Ten rooms."', later=2).notes == []


def test_a_measure_that_a_person_removed_stays_removed():
    load(MEASURE)
    officer = make_person("officer", rooms().strategy.owner)
    set_success_measure(by=officer, at=AT, commitment=rooms(), measure=SuccessMeasure(""))
    assert len(load(MEASURE, later=1).notes) == 1
    assert rooms().success_measure == ""


def test_team_and_dates_are_amended_with_their_history_and_silence_leaves_them():
    load('team = "Communities"\nstarts_on = 2026-04-01\nends_on = 2026-04-01')
    assert (rooms().team, rooms().starts_on, rooms().ends_on) == ("Communities", date(2026, 4, 1), date(2026, 4, 1))
    assert load(later=1).changes == []
    assert load('team = "Places"', later=2).changes == ["Amended commitment 1.1, team: “Communities” becomes “Places”."]
    entry = HistoryEntry.objects.get(act="amend", commitment=rooms())
    assert (entry.said["was"], entry.said["now"]) == ({"team": "Communities"}, {"team": "Places"})


def test_team_dates_and_ties_that_a_person_wrote_stay_field_by_field_and_the_load_says_so():
    load('team = "Communities"\nstarts_on = 2026-04-01', 'follows = "maps"')
    officer = make_person("officer", rooms().strategy.owner, "Wren Calloway")
    edit_plan(
        by=officer, at=AT, commitment=rooms(), plan=PlanDetails("Places", date(2026, 4, 1), related=(of("maps"),))
    )
    edit_plan(by=officer, at=AT, commitment=of("chairs"), plan=PlanDetails())
    again = 'team = "Rooms"\nstarts_on = 2026-05-01\nrelated = ["chairs"]', 'follows = "maps"'
    loaded = load(*again, later=1)
    assert loaded.notes == [
        "Left the team of 1.1, “Rooms”, as it is: Wren Calloway wrote it in the portal on 4 May 2026. Update the file to match.",
        "Left what 1.2, “Chairs”, replaces as it is: Wren Calloway wrote it in the portal on 4 May 2026. "
        "Update the file to match.",
        "Did not relate 1.1 and 1.2: someone has changed their related commitments in the portal. Update the file to match.",
    ]
    assert loaded.changes == ["Amended commitment 1.1, starts_on: “2026-04-01” becomes “2026-05-01”."]
    assert PlanDetails.of(rooms()) == PlanDetails("Places", date(2026, 5, 1), related=(of("maps"),))
    assert of("chairs").follows is None
    assert (
        load(
            'team = "Places"\nstarts_on = 2026-05-01\nrelated = ["maps"]',
            "related = []",
            'related = ["rooms"]',
            later=2,
        ).notes
        == []
    )
    assert load("related = []", maps="related = []", later=3).changes == [], "a person's tie is not undone"


def test_a_last_day_before_the_first_that_the_portal_has_is_refused():
    load("starts_on = 2026-04-02")
    assert faults("ends_on = 2026-04-01") == [
        "line 19, commitment 1.1, ends_on: comes before the first day that the portal has."
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('success_measure_agreed_by = "us"', "says who agreed a success measure, but success_measure is missing."),
        ("success_measure_agreed_on = 2026-03-12", "says who agreed a success measure, but success_measure is missing."),
        (f"{MEASURE}\nsuccess_measure_agreed_on = 2026-03-12", "is missing, but success_measure_agreed_on is given."),
        ("starts_on = 2026-04-02\nends_on = 2026-04-01", "ends_on: comes before starts_on."),
        ("starts_on = 0226-04-02", "starts_on: is in the year 226. Check the year."),
        ("ends_on = 2200-01-01", "ends_on: is in the year 2200. Check the year."),
        ('follows = "rooms"', "follows: is its own key."),
        ('follows = "places/rooms"', "follows: is its own key."),
        ('follows = "nothing"', "follows: “nothing” is not the key of a commitment in this strategy."),
        ('follows = "elsewhere/rooms"', "follows: “elsewhere/rooms” is not the key of a commitment"),
        ('related = ["rooms"]', "related: has its own key in it."),
        ('related = ["places/rooms"]', "related: is its own key."),
        ('related = ["chairs", "chairs"]', "related: names “chairs” twice."),
        ('related = ["nothing"]', "related: “nothing” is not the key of a commitment in this strategy."),
    ],
)  # fmt: skip
def test_faults_name_their_line_and_field(lines, said):
    found = faults(lines)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith(("line 19, ", "line 24, ", "line 25, "))
    assert not Commitment.objects.exists()


def test_a_measure_agreed_tomorrow_is_refused_and_today_is_taken():
    line = f'{MEASURE}\nsuccess_measure_agreed_by = "us"\nsuccess_measure_agreed_on = '
    assert "is in the future" in faults(f"{line}2026-05-05")[0]
    load(f"{line}2026-05-04")
    assert rooms().success_measure_agreed_on == date(2026, 5, 4)


def test_what_a_commitment_follows_is_of_its_own_or_of_an_earlier_strategy():
    load(slug="older", starts="2020-04-01")
    load('follows = "older/rooms"', 'follows = "rooms"')
    assert rooms().follows == of("rooms", "older")
    assert of("chairs").follows == rooms()
    assert load('follows = "older/rooms"', later=1).changes == []
    assert faults(slug="older", starts="2020-04-01", maps='follows = "places/maps"') == [
        "line 33, commitment 1.3, follows: “places/maps” belongs to a strategy that does not begin before this one."
    ]


def test_no_circle_of_two_or_three():
    assert len(faults('follows = "chairs"', 'follows = "rooms"')) == 2
    assert len(faults('follows = "chairs"', 'follows = "maps"', 'follows = "rooms"')) == 3
    load('follows = "chairs"', 'follows = "maps"')
    assert len(faults(maps='follows = "rooms"')) == 1


def test_related_is_said_once_and_is_so_both_ways():
    load('related = ["chairs"]')
    assert list(of("chairs").related.all()) == [rooms()]
    assert load('related = ["chairs"]', later=1).changes == []
    assert load('related = ["maps"]', later=2).changes == ["1.1 and 1.3 are related."], "chairs are silent, so it stays"
    assert set(rooms().related.all()) == {of("chairs"), of("maps")}
    assert load('related = ["maps"]', "related = []", later=3).changes == ["1.1 and 1.2 are no longer related."]
    assert list(rooms().related.all()) == [of("maps")]


def test_a_tie_to_another_strategy_stays():
    load(slug="older", starts="2020-04-01")
    assert load('related = ["older/maps"]').changes[-1] == "1.1 and 1.3 are related."
    assert load("related = []", "related = []", "related = []", later=1).changes == []
    assert list(rooms().related.all()) == [of("maps", "older")]


def test_a_tie_that_people_of_the_other_strategy_ended_is_not_made_again():
    load(slug="older", starts="2020-04-01")
    load('related = ["older/maps"]')
    officer = make_person("officer", of("maps", "older").strategy.owner)
    edit_plan(by=officer, at=AT, commitment=of("maps", "older"), plan=PlanDetails())
    again = load('related = ["older/maps", "chairs"]', later=1)
    assert again.notes == [
        "Did not relate 1.1 and 1.3: someone has changed their related commitments in the portal. Update the file to match."
    ]
    assert list(rooms().related.all()) == [of("chairs")], "nobody has edited 1.1, so its other ties follow the file"
