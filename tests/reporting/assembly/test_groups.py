"""A report names a group's seats by post as on its own day, and the meetings and points of its period: the days on the border."""

import json
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Point
from commitments.services.points import take_down_point
from partners.models import Appointment, Seat
from reporting.assembly.engagement import engagement
from reporting.assembly.groups import groups
from reporting.exports import json_file
from reporting.facts import from_json, to_json
from reporting.narrative import engagement as narrative
from reporting.reading import web_edition
from reporting.rendering.body import to_html
from reporting.rendering.screen import ScreenLinks, page
from reporting.sealed.checking import find_taken_back
from tests.factories import make_edition, make_organisation, make_person, make_round, make_strategy
from tests.reporting.paper_facts import make_report
from tests.reporting.partnership import MADE_ON, Partnership
from vcsportal.common.dates import in_words

pytestmark = pytest.mark.django_db
VACANT = "Larger business representative"
FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)


@pytest.fixture
def partnership():
    return Partnership()


def seat_of(report, title=VACANT):
    [seat] = [seat for seat in report.own_group.seats if seat.title == title]
    return seat


@pytest.mark.parametrize(
    ("starts_on", "until", "is_held"),
    [
        (MADE_ON, None, True),
        (MADE_ON + timedelta(days=1), None, False),
        (date(2024, 1, 1), MADE_ON + timedelta(days=1), True),
        (date(2024, 1, 1), MADE_ON, False),
    ],
    ids=["from that day", "from the day after", "its last day", "until that day"],
)
def test_a_seat_is_held_as_on_the_day_of_the_report_and_not_as_on_the_last_day_of_the_round(
    partnership, starts_on, until, is_held
):
    partnership.appoint(VACANT, "Director", starts_on, until)
    seat = seat_of(partnership.report())
    assert (seat.is_held, seat.post) == (is_held, "Director" if is_held else "")
    assert seat.vacant_since == (until if until == MADE_ON else None)


def test_a_group_rests_from_its_day_and_a_seat_is_there_from_its_own(partnership):
    partnership.group.rests_since, partnership.group.rests_why = MADE_ON + timedelta(days=1), "it is summer"
    partnership.group.save()
    Seat.objects.create(group=partnership.group, number=90, title="Later", made_on=MADE_ON + timedelta(days=1))
    today, tomorrow = partnership.report().own_group, partnership.report(MADE_ON + timedelta(days=1)).own_group
    assert (today.rests_since, today.rests_why, len(today.seats)) == (None, "", 21)
    assert (tomorrow.rests_why, len(tomorrow.seats)) == ("it is summer", 22)


def test_each_sub_group_is_that_of_its_priority_in_the_plans_order(partnership):
    report = partnership.report()
    assert [group.name for group in report.groups] == [
        "Ashmere Strategic Partnership", "Ashmere Growth Board", "Ashmere Communities Board", "Ashmere Safety Board", "Ashmere Carbon Board",
    ]  # fmt: skip
    assert [priority.group for priority in report.priorities] == [group.slug for group in report.groups[1:]]
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@pytest.mark.parametrize(
    ("day", "state", "where"),
    [
        (FIRST - timedelta(days=1), "held", ""),
        (FIRST, "held", "held"),
        (LAST, "held", "held"),
        (LAST + timedelta(days=1), "held", ""),
        (LAST, "planned", ""),
        (LAST, "called_off", ""),
        (MADE_ON - timedelta(days=1), "planned", ""),
        (MADE_ON, "planned", "planned"),
    ],
)
def test_a_meeting_is_of_the_period_in_which_it_began_and_is_to_come_until_its_day_is_over(
    partnership, day, state, where
):
    partnership.engagement("meeting", "The meeting", day, state=state)
    report = partnership.report()
    assert [len(report.engagement), len(report.planned)] == [where == "held", where == "planned"]


def test_what_is_planned_for_the_last_day_of_the_period_is_not_to_come_after_it(partnership):
    partnership.engagement("meeting", "On the last day", LAST)
    partnership.engagement("meeting", "On the day after", LAST + timedelta(days=1))
    assert [each.title for each in partnership.report(LAST).planned] == ["On the day after"]


def test_numbers_and_summary_are_told_once_it_is_written_up(partnership):
    more = {
        "people_attended": 4,
        "people_asked": 2000,
        "people_answered": 380,
        "summary": "Buses.",
        "source": "Minutes.",
    }
    partnership.engagement("survey", "Before", date(2023, 5, 1), state="held", **more)
    partnership.engagement("survey", "After", date(2023, 5, 2), state="written_up", **more)
    before, after = partnership.report().engagement
    assert (before.attended, before.asked, before.answered, before.summary, before.source) == (None, None, None, "", "")
    assert narrative.numbers(after) == "4 people attended. 2,000 were asked, and 380 answered (19%)."


def test_points_are_those_that_are_published_of_the_period_and_of_this_strategy(partnership):
    other = make_strategy(make_organisation("Another council", "public_body"))
    shown = [
        partnership.point("First day", FIRST), partnership.point("Last day", LAST),
        partnership.point("Of the group", LAST, strategy=None, group=partnership.group),
    ]  # fmt: skip
    partnership.point("Too early", FIRST - timedelta(days=1))
    partnership.point("Too late", LAST + timedelta(days=1))
    partnership.point("Never published", LAST, published_at=None)
    partnership.point("Taken down", LAST, taken_down_at=timezone.now(), taken_down_why="It names somebody.")
    partnership.point("Elsewhere", LAST, strategy=other)
    elsewhere = partnership.engagement("meeting", "Theirs", LAST, group=partnership.group, strategy=other)
    partnership.point("At a meeting about another strategy", LAST, strategy=None, engagement=elsewhere)
    report = partnership.report()
    assert [point.id for point in report.points] == [point.pk for point in shown]
    assert report.engagement == ()
    assert "with a name" not in json.dumps(to_json(report))


def test_words_that_were_taken_down_stop_an_edition_and_leave_the_page_of_a_published_one(partnership):
    point = partnership.point("Ask Nadia at number 4.", LAST)
    kept = partnership.point("More buses.", LAST)
    by = make_person("administrator")
    edition = make_edition(round_=partnership.round, by=by, facts=to_json(partnership.report()))
    assert find_taken_back(edition.facts, MADE_ON) == ""
    assert not web_edition.taken_back(edition, MADE_ON).anything
    take_down_point(by=by, at=timezone.now(), point=point, reason="It names somebody.")
    assert "taken down" in find_taken_back(edition.facts, MADE_ON)
    gone = web_edition.taken_back(edition, MADE_ON)
    assert gone.points == {point.pk}
    body = web_edition.page_of(edition.pk, edition.facts_sha256, gone, "test").body
    assert "Nadia" not in body
    assert "These words are no longer published." in body
    assert kept.public_words in body


def test_no_name_of_a_person_is_in_the_facts(partnership):
    person = make_person(name="Nadia Named")
    seat = partnership.group.seats.get(title=VACANT)
    Appointment.objects.create(seat=seat, person=person, name_shown=True, starts_on=date(2024, 1, 1))
    report = partnership.report()
    assert seat_of(report).is_held
    assert seat_of(report).holder == ""
    assert "Nadia" not in json.dumps(to_json(report))


@pytest.mark.parametrize("form", ["print", "page"])
def test_the_report_has_three_sections_and_the_points_in_three_columns(partnership, form):
    report = partnership.tell().report()
    html = to_html(report) if form == "print" else page(report, links=ScreenLinks(report, 1)).body
    places = [html.index(f'id="{name}"') for name in ("groups", "engagement", "you-said", "organisations")]
    assert places == sorted(places)
    said = html[places[2] : places[3]]
    assert [said.count(f'scope="col"{more}') for more in ("", ' class="points__said"')] == [3, 1]
    for words in (
        "More evening buses.",
        "Accepted in part",
        "Two more run since May.",
        "Done on 1 May 2024.",
        "Awaiting a response",
        "No answer is needed.",
    ):
        assert words in said, words
    assert f"Answers are as published by {in_words(MADE_ON)}." in said
    assert (
        "2 points that people made were published, and one has been answered. 1 decision was published, and none has been carried out."
        in said
    )
    assert "<strong>Vacant</strong>" in html[places[0] : places[1]]


def test_a_report_without_any_of_it_has_none_of_the_sections_and_its_data_have_empty_tables():
    html = to_html(make_report())
    assert not [name for name in ("groups", "engagement", "you-said") if f'id="{name}"' in html]
    tables = json.loads(json_file.write(make_report()))["tables"]
    assert [tables[name]["rows"] for name in ("seats", "engagement", "points")] == [[], [], []]


def test_the_data_have_seats_engagement_and_points(partnership):
    tables = json.loads(json_file.write(partnership.tell().report()))["tables"]
    assert len(tables["seats"]["rows"]) == 21 + 1 + 15
    assert [row["seat"] for row in tables["seats"]["rows"] if row["is_vacant"]] == [VACANT]
    assert [(row["title"], row["attended"], row["is_planned"]) for row in tables["engagement"]["rows"]] == [
        ("Convening anchor institutions", 31, False), ("Meeting on transport", None, True),
    ]  # fmt: skip
    assert [(row["words"], row["answer_code"]) for row in tables["points"]["rows"]] == [
        ("More evening buses.", "in_part"), ("A hall for every village.", None), ("Ask the districts to join.", None),
    ]  # fmt: skip


def test_the_number_of_queries_does_not_grow(partnership):
    asked = []
    partnership.round.strategy = partnership.strategy  # a report has read it already
    for count in (1, 30):
        for number in range(count):
            partnership.point(f"Point {count}-{number}", LAST)
            partnership.engagement("meeting", f"Meeting {count}-{number}", LAST, state="held", starts_at=time(9))
            Seat.objects.create(group=partnership.group, number=100 + count + number, title=f"Seat {count}-{number}")
        with CaptureQueriesContext(connection) as queries:
            engagement(partnership.round, groups(partnership.strategy, MADE_ON), MADE_ON)
        asked.append(len(queries))
    assert asked == [7, 7]
    assert Point.objects.count() == 31


def test_a_strategy_without_groups_asks_nothing_about_seats():
    strategy = make_strategy(make_organisation("A council", "public_body"))
    with CaptureQueriesContext(connection) as queries:
        found = groups(strategy, MADE_ON)
    assert (found, len(queries)) == ((), 1)
    assert engagement(make_round(strategy), found, MADE_ON).held == ()
