"""Engagement from the plan to the summary: who may do what, on which day, and what is refused with nothing lost."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.models import Engagement
from commitments.rules.engagement_dates import dates_in_words
from commitments.services.engagement import (
    call_off_engagement,
    edit_engagement,
    hold_engagement,
    plan_engagement,
)
from commitments.services.engagement_account import (
    reopen_engagement,
    save_account,
    set_attendance,
    write_up_engagement,
)
from partners.models import Appointment, PartnershipGroup, Seat
from tests.factories import make_evidence, make_organisation, make_person, make_strategy
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db

TOLD = EngagementAccount("Transport came up most often.", people_attended=12, people_asked=40, people_answered=19)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def group(strategy) -> PartnershipGroup:
    """The group that steers the strategy, with a chair's and a secretary's seat."""
    return PartnershipGroup.objects.get_or_create(organisation=strategy.steered_by)[0]


@pytest.fixture
def secretary(group, today):
    person = make_person()
    seat = Seat.objects.create(group=group, number=1, title="Secretary", is_secretary=True)
    Appointment.objects.create(seat=seat, person=person, post="Clerk", starts_on=today - timedelta(30))
    return person


@pytest.fixture
def plan(today) -> EngagementPlan:
    return EngagementPlan("workshop", "Listening to small groups", today, place="Town hall", question="What is hard?")


@pytest.fixture
def workshop(officer, now, strategy, plan) -> Engagement:
    return plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)


def on(plan: EngagementPlan, day: date, **more) -> EngagementPlan:
    return EngagementPlan(plan.kind, plan.title, day, **more)


def test_from_the_plan_to_the_summary(officer, now, workshop):
    assert workshop.state == "planned"
    held = hold_engagement(by=officer, at=now, engagement=workshop, version=0)
    drafted = save_account(by=officer, at=now, engagement=held, account=EngagementAccount("Transp"), version=1)
    assert (drafted.state, drafted.written_up_at) == ("held", None)
    written = write_up_engagement(by=officer, at=now, engagement=drafted, account=TOLD, version=2)
    assert (written.state, written.summary, written.people_answered) == ("written_up", TOLD.summary, 19)
    assert (written.written_up_at, written.written_up_by) == (now, officer)
    again = reopen_engagement(by=officer, at=now, engagement=written, version=3)
    assert (again.state, again.summary, again.written_up_at) == ("held", TOLD.summary, None)
    acts = list(workshop.history.order_by("id").values_list("act", "from_state", "to_state"))
    assert acts == [
        ("engagement_plan", "", "planned"),
        ("engagement_hold", "planned", "held"),
        ("engagement_save", "held", "held"),
        ("engagement_write_up", "held", "written_up"),
        ("engagement_reopen", "written_up", "held"),
    ]


@pytest.mark.parametrize("days", [0, -1])
def test_what_begins_today_or_began_before_can_be_held_and_written_up(officer, now, strategy, plan, today, days):
    for act in (lambda thing: hold_engagement(by=officer, at=now, engagement=thing),
                lambda thing: save_account(by=officer, at=now, engagement=thing, account=TOLD),
                lambda thing: write_up_engagement(by=officer, at=now, engagement=thing, account=TOLD)):  # fmt: skip
        made = plan_engagement(
            by=officer, at=now, group=None, strategy=strategy, plan=on(plan, today + timedelta(days))
        )
        assert act(made).state in ("held", "written_up")


def test_what_begins_tomorrow_can_be_neither_held_nor_written_up(officer, now, strategy, plan, today):
    made = plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=on(plan, today + timedelta(1)))
    for act in (lambda: hold_engagement(by=officer, at=now, engagement=made),
                lambda: save_account(by=officer, at=now, engagement=made, account=TOLD),
                lambda: write_up_engagement(by=officer, at=now, engagement=made, account=TOLD)):  # fmt: skip
        with pytest.raises(NotNow, match="This does not begin until"):
            act()
    made.refresh_from_db()
    assert (made.state, made.summary) == ("planned", "")


def test_a_workshop_of_several_days_can_be_held_from_its_first_day_on(officer, now, strategy, plan, today):
    plan = on(plan, today, ends_on=today + timedelta(2))
    made = plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)
    assert hold_engagement(by=officer, at=now, engagement=made).state == "held"


def test_what_was_held_can_t_be_moved_into_the_future(officer, now, workshop, plan, today):
    hold_engagement(by=officer, at=now, engagement=workshop)
    with pytest.raises(Invalid) as refused:
        edit_engagement(by=officer, at=now, engagement=workshop, plan=on(plan, today + timedelta(1)))
    assert refused.value.field == "starts_on"
    assert edit_engagement(by=officer, at=now, engagement=workshop, plan=on(plan, today)).starts_on == today


def test_a_planned_one_can_be_moved(officer, now, workshop, plan, today):
    moved = edit_engagement(by=officer, at=now, engagement=workshop, plan=on(plan, today + timedelta(9)), version=0)
    assert (moved.state, moved.starts_on, moved.version) == ("planned", today + timedelta(9), 1)


@pytest.mark.parametrize(
    ("asked", "answered", "refused"),
    [(40, 41, True), (40, 40, False), (None, 41, False), (40, None, False), (0, 0, False), (0, 1, True)],
)
def test_no_more_can_answer_than_were_asked(officer, now, workshop, asked, answered, refused):
    account = EngagementAccount("Said.", people_asked=asked, people_answered=answered)
    if not refused:
        done = write_up_engagement(by=officer, at=now, engagement=workshop, account=account)
        assert (done.people_asked, done.people_answered) == (asked, answered), "a blank is no zero"
        return
    with pytest.raises(Invalid) as fault:
        write_up_engagement(by=officer, at=now, engagement=workshop, account=account)
    assert fault.value.field == "people_answered"


@pytest.mark.parametrize("field", ["summary", "source"])
def test_a_million_letters_are_refused_at_their_field(officer, now, workshop, field):
    more: Any = {field: "x" * 1_000_000}
    account = replace(EngagementAccount("Said."), **more)
    with pytest.raises(Invalid, match="1,000,000 characters") as refused:
        save_account(by=officer, at=now, engagement=workshop, account=account)
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["title", "place", "question", "method"])
def test_a_million_letters_of_a_plan_are_refused_at_their_field(officer, now, workshop, today, field):
    plan = EngagementPlan(**{"kind": "forum", "title": "Forum", "starts_on": today, field: "x" * 1_000_000})
    with pytest.raises(Invalid, match="1,000,000 characters") as refused:
        edit_engagement(by=officer, at=now, engagement=workshop, plan=plan)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "party"}, "kind"),
        ({"starts_on": date(1700, 1, 1)}, "starts_on"),
        ({"ends_on": date(1991, 1, 1)}, "ends_on"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(officer, now, strategy, today, changes, field):
    plan = EngagementPlan(**{"kind": "forum", "title": "Forum", "starts_on": today, **changes})
    with pytest.raises(Invalid) as refused:
        plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)
    assert refused.value.field == field


def test_the_secretary_keeps_the_group_s_engagement_and_nothing_else(secretary, now, group, strategy, plan, officer):
    own = plan_engagement(by=secretary, at=now, group=group, strategy=None, plan=plan)
    both = plan_engagement(by=secretary, at=now, group=group, strategy=strategy, plan=plan)
    for thing in (own, both):
        assert write_up_engagement(by=secretary, at=now, engagement=thing, account=TOLD).state == "written_up"
    with pytest.raises(NotAllowed):
        plan_engagement(by=secretary, at=now, group=None, strategy=strategy, plan=plan)
    theirs = plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)
    with pytest.raises(NotAllowed):
        hold_engagement(by=secretary, at=now, engagement=theirs)
    with pytest.raises(NotAllowed):
        set_attendance(by=officer, at=now, engagement=own, entries=[])


def test_a_secretary_whose_appointment_ended_keeps_nothing(secretary, now, group, plan, today):
    own = plan_engagement(by=secretary, at=now, group=group, strategy=None, plan=plan)
    Appointment.objects.update(until=today)
    with pytest.raises(NotAllowed):
        hold_engagement(by=secretary, at=now, engagement=own)
    Appointment.objects.update(until=today + timedelta(1))
    assert hold_engagement(by=secretary, at=now, engagement=own).state == "held"


def test_a_group_and_a_strategy_that_it_does_not_steer_are_not_tied(administrator, now, group, council, plan):
    other = make_strategy(
        council, slug="second", opens_first=False, steered_by=make_organisation("Others", "partnership_group")
    )
    with pytest.raises(Invalid, match="does not steer this strategy"):
        plan_engagement(by=administrator, at=now, group=group, strategy=other, plan=plan)


def test_commitments_are_those_of_its_strategy_or_of_what_its_group_steers(
    administrator, now, group, commitment, council, strategy, today
):
    there = make_strategy(council, slug="second", opens_first=False).commitments.get(reference="1.1")
    plan = EngagementPlan("forum", "Forum", today, commitments=(commitment,))
    own = plan_engagement(by=administrator, at=now, group=None, strategy=strategy, plan=plan)
    assert list(own.commitments.all()) == [commitment]
    foreign = EngagementPlan("forum", "Forum", today, commitments=(there,))
    with pytest.raises(Invalid) as refused:
        edit_engagement(by=administrator, at=now, engagement=own, plan=foreign)
    assert refused.value.field == "commitments"
    of_group = plan_engagement(by=administrator, at=now, group=group, strategy=None, plan=foreign)
    assert list(of_group.commitments.all()) == [there], "the same group steers it too"


def test_what_is_called_off_says_why_and_takes_nothing_more(officer, now, workshop, plan):
    with pytest.raises(Invalid) as refused:
        call_off_engagement(by=officer, at=now, engagement=workshop, reason=" ")
    assert refused.value.field == "reason"
    off = call_off_engagement(by=officer, at=now, engagement=workshop, reason="Snow.")
    assert (off.state, off.state_reason) == ("called_off", "Snow.")
    with pytest.raises(NotNow):
        edit_engagement(by=officer, at=now, engagement=workshop, plan=plan)
    with pytest.raises(NotNow):
        save_account(by=officer, at=now, engagement=workshop, account=TOLD)
    with pytest.raises(AlreadyDone):
        call_off_engagement(by=officer, at=now, engagement=workshop, reason="Snow.")


def test_what_is_held_can_t_be_called_off(officer, now, workshop):
    hold_engagement(by=officer, at=now, engagement=workshop)
    with pytest.raises(NotNow):
        call_off_engagement(by=officer, at=now, engagement=workshop, reason="Snow.")


def test_what_is_written_up_has_to_be_reopened_before_it_changes(officer, now, workshop, plan):
    write_up_engagement(by=officer, at=now, engagement=workshop, account=TOLD)
    for act in (lambda: edit_engagement(by=officer, at=now, engagement=workshop, plan=plan),
                lambda: save_account(by=officer, at=now, engagement=workshop, account=TOLD),
                lambda: set_attendance(by=officer, at=now, engagement=workshop, entries=[])):  # fmt: skip
        with pytest.raises(NotNow, match="Reopen it first"):
            act()
    with pytest.raises(AlreadyDone):
        write_up_engagement(by=officer, at=now, engagement=workshop, account=TOLD)


def test_a_summary_is_needed_to_publish_it(officer, now, workshop):
    with pytest.raises(Invalid) as refused:
        write_up_engagement(by=officer, at=now, engagement=workshop, account=EngagementAccount(people_attended=3))
    assert refused.value.field == "summary"


def test_the_second_of_two_who_save_is_refused_and_told_who_was_first(officer, second_officer, now, workshop):
    save_account(by=officer, at=now, engagement=workshop, account=TOLD, version=0)
    with pytest.raises(Conflict, match=f"{officer.name} has changed this"):
        save_account(by=second_officer, at=now, engagement=workshop, account=EngagementAccount("Mine."), version=0)
    workshop.refresh_from_db()
    assert workshop.summary == TOLD.summary


def test_only_evidence_that_the_person_can_see_is_linked(officer, now, workshop, partner, commitment):
    draft = make_evidence(partner, commitment, state="draft", officer=officer)
    account = EngagementAccount("Said.", evidence=(draft,))
    with pytest.raises(Invalid) as refused:
        save_account(by=officer, at=now, engagement=workshop, account=account)
    assert refused.value.field == "evidence"
    accepted = make_evidence(partner, commitment, state="accepted", officer=officer)
    account = EngagementAccount("Said.", evidence=(accepted,))
    assert list(save_account(by=officer, at=now, engagement=workshop, account=account).evidence.all()) == [accepted]


@pytest.fixture
def meeting(secretary, now, group, plan) -> Engagement:
    return plan_engagement(by=secretary, at=now, group=group, strategy=None, plan=plan)


def test_attendance_takes_organisation_and_post_from_who_held_the_seat_on_the_day(
    secretary, now, group, meeting, charity, other_charity, today
):
    chair = Seat.objects.create(group=group, number=2, title="Chair", is_chair=True)
    Appointment.objects.create(
        seat=chair, organisation=charity, post="Director", starts_on=today - timedelta(9), until=today
    )
    Appointment.objects.create(seat=chair, organisation=other_charity, post="Trustee", starts_on=today)
    entries = [
        AttendanceEntry(seat=chair),
        AttendanceEntry(organisation=charity, post="Observer", sent_apologies=True),
        AttendanceEntry(post="Town clerk"),
    ]
    set_attendance(by=secretary, at=now, engagement=meeting, entries=entries, version=0)
    rows = meeting.attendance.order_by("id")
    assert [(row.seat, row.organisation, row.post, row.sent_apologies) for row in rows] == [
        (chair, other_charity, "Trustee", False),
        (None, charity, "Observer", True),
        (None, None, "Town clerk", False),
    ]
    set_attendance(by=secretary, at=now, engagement=meeting, entries=[], version=1)
    assert not meeting.attendance.exists()
    kept = meeting.history.filter(act="attendance").order_by("id").first()
    assert [row["post"] for row in kept.said["attendance"]] == ["Trustee", "Observer", "Town clerk"]


def test_nobody_attends_from_a_vacant_seat_one_of_another_group_or_twice(secretary, now, group, meeting, charity):
    vacant = Seat.objects.create(group=group, number=3, title="Larger business representative")
    other = PartnershipGroup.objects.create(organisation=make_organisation("Others", "partnership_group"))
    theirs = Seat.objects.create(group=other, number=1, title="Chair")
    once = AttendanceEntry(organisation=charity, post="Director")
    for entries, sentence in (
        ([AttendanceEntry(seat=vacant)], "Nobody held the seat"),
        ([AttendanceEntry(seat=theirs)], "is not a seat of this group"),
        ([once, AttendanceEntry(organisation=charity, post="director ")], "is listed twice"),
        ([AttendanceEntry()], "Choose an organisation or write a post"),
        ([AttendanceEntry(post="x" * 1_000_000)], "The text has 1,000,000 characters"),
        ([once] * 201, "200 is the limit"),
    ):
        with pytest.raises(Invalid, match=sentence) as refused:
            set_attendance(by=secretary, at=now, engagement=meeting, entries=entries)
        assert refused.value.field == "attendance"


@pytest.mark.parametrize(("days", "came"), [(1, False), (0, True)])
def test_before_its_first_day_only_apologies_are_recorded(secretary, now, group, plan, today, charity, days, came):
    made = plan_engagement(by=secretary, at=now, group=group, strategy=None, plan=on(plan, today + timedelta(days)))
    set_attendance(
        by=secretary, at=now, engagement=made, entries=[AttendanceEntry(organisation=charity, sent_apologies=True)]
    )
    if came:
        set_attendance(by=secretary, at=now, engagement=made, entries=[AttendanceEntry(organisation=charity)])
        return
    with pytest.raises(Invalid, match="nobody has come yet"):
        set_attendance(by=secretary, at=now, engagement=made, entries=[AttendanceEntry(organisation=charity)])


def test_where_only_the_month_is_known_no_day_is_said(officer, now, strategy):
    plan = EngagementPlan("workshop", "Workshops", date(2021, 12, 14), month_only=True, starts_at=time(9))
    made = plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)
    assert (made.starts_on, made.ends_on, made.starts_at) == (date(2021, 12, 1), date(2021, 12, 31), None)
    assert made.when == "December 2021"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((date(2026, 3, 12), None), "12 March 2026"),
        ((date(2026, 3, 12), date(2026, 3, 14)), "12 to 14 March 2026"),
        ((date(2026, 3, 30), date(2026, 4, 2)), "30 March to 2 April 2026"),
        ((date(2026, 12, 30), date(2027, 1, 2)), "30 December 2026 to 2 January 2027"),
    ],
)
def test_days_in_words(days, words):
    assert dates_in_words(*days) == words
    assert dates_in_words(*days, starts_at=time(17, 30)) == f"{words} at 5:30pm"
