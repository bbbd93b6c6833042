"""Engagement becomes another group's or strategy's: by whoever keeps it before and after, with its points."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementOwner, EngagementPlan
from commitments.content.points import PointAnswer, RecordedPoint
from commitments.models import Engagement, HistoryEntry, Point, Strategy
from commitments.services.engagement import edit_engagement, plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from commitments.services.points import answer_point, assign_point, finish_point
from commitments.services.receiving_points import record_point
from partners.models import Appointment, Mail, PartnershipGroup, Seat
from tests.api.conftest import Api
from tests.factories import make_group, make_organisation, make_person, make_strategy
from vcsportal.common.words import Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def group(strategy) -> PartnershipGroup:
    return PartnershipGroup.objects.get_or_create(organisation=strategy.steered_by)[0]


@pytest.fixture
def secretary(group, today):
    person = make_person(name="Sasha Secretary")
    seat = Seat.objects.create(group=group, number=1, title="Secretary to the board", is_secretary=True)
    Appointment.objects.create(seat=seat, person=person, post="Clerk", starts_on=today - timedelta(30))
    return person


@pytest.fixture
def other(strategy) -> Strategy:
    """A strategy of another council, which another group steers."""
    made = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    made.steered_by = make_organisation("The Elm board", "partnership_group")
    made.save()
    return made


@pytest.fixture
def plan(today) -> EngagementPlan:
    return EngagementPlan("meeting", "Spring meeting", today)


@pytest.fixture
def meeting(officer, now, strategy, plan) -> Engagement:
    return plan_engagement(by=officer, at=now, group=None, strategy=strategy, plan=plan)


def move(by, now, engagement, group, strategy, plan) -> Engagement:
    owner = EngagementOwner(group, strategy)
    return edit_engagement(by=by, at=now, engagement=engagement, plan=plan, owner=owner)


def test_whoever_keeps_it_before_and_after_changes_whose_it_is(officer, secretary, group, strategy, meeting, plan, now):
    made = move(officer, now, meeting, group, strategy, plan)
    assert (made.group, made.strategy, made.version) == (group, strategy, 1)
    said = HistoryEntry.objects.filter(engagement=made, act="engagement_edit").get().said
    assert said["moved"] == {
        "from": {"group": "", "strategy": strategy.slug},
        "to": {"group": group.organisation.slug, "strategy": strategy.slug},
    }
    made = move(secretary, now, made, group, None, plan)
    assert (made.group, made.strategy) == (group, None)
    with pytest.raises(NotAllowed):
        move(officer, now, made, None, strategy, plan)  # it is the group's now, which the officer does not keep


def test_the_same_owner_moves_nothing(officer, strategy, meeting, plan, now):
    move(officer, now, meeting, None, strategy, plan)
    assert "moved" not in HistoryEntry.objects.get(act="engagement_edit").said
    edit_engagement(by=officer, at=now, engagement=meeting, plan=plan)
    assert Engagement.objects.get().strategy == strategy


def test_nobody_gives_it_to_people_of_another_strategy_or_group(
    officer, secretary, administrator, group, strategy, other, meeting, plan, now
):
    with pytest.raises(NotAllowed):
        move(officer, now, meeting, None, other, plan)
    theirs = make_group(make_organisation("The Circle", "partnership_group"))
    ours = move(officer, now, meeting, group, strategy, plan)
    with pytest.raises(NotAllowed):
        move(secretary, now, ours, theirs, None, plan)
    with pytest.raises(Invalid, match="does not steer this strategy"):
        move(administrator, now, ours, theirs, strategy, plan)
    with pytest.raises(Invalid, match="Choose a group or a strategy"):
        move(administrator, now, ours, None, None, plan)
    assert move(administrator, now, ours, None, other, plan).strategy == other


def test_what_it_is_about_has_to_belong_to_the_new_strategy(administrator, strategy, other, meeting, today, now):
    about = EngagementPlan("meeting", "Spring meeting", today, commitments=(strategy.commitments.first(),))
    with pytest.raises(Invalid) as refused:
        move(administrator, now, meeting, None, other, about)
    assert (refused.value.field, "Leave it out, or keep the strategy" in refused.value.sentence) == (
        "commitments",
        True,
    )
    assert Engagement.objects.get().strategy == strategy


def test_a_group_is_not_left_while_attendance_is_recorded_for_its_seats(
    administrator, group, secretary, strategy, meeting, plan, now
):
    ours = move(administrator, now, meeting, group, strategy, plan)
    entry = AttendanceEntry(seat=group.seats.get())
    set_attendance(by=administrator, at=now, engagement=ours, entries=[entry])
    with pytest.raises(Invalid, match="Attendance is recorded for seats") as refused:
        move(administrator, now, ours, None, strategy, plan)
    assert refused.value.field == "group"
    assert move(administrator, now, ours, group, None, plan).strategy is None, "the group stays"
    set_attendance(by=administrator, at=now, engagement=ours, entries=[AttendanceEntry(post="Town clerk")])
    assert move(administrator, now, ours, None, strategy, plan).group is None


def test_its_points_go_along(administrator, officer, second_officer, strategy, other, meeting, plan, today, now):
    said = RecordedPoint("said", "More chairs.", today, engagement=meeting)
    point = record_point(by=officer, at=now, content=said, owner=second_officer)
    Mail.objects.all().delete()
    move(administrator, now, meeting, None, other, plan)
    point.refresh_from_db()
    assert (point.strategy, point.owner, point.version) == (other, None, 1)
    assert point.history.filter(act="point_direct", by=administrator).exists()
    assert Mail.objects.get().person == second_officer
    far = make_person("officer", other.owner)
    assert list(Point.objects.handled_by(far, today)) == [point]


def test_a_point_about_the_strategy_keeps_it_there(
    administrator, officer, group, strategy, other, meeting, plan, today, now
):
    said = RecordedPoint("said", "x", today, engagement=meeting, commitment=strategy.commitments.first())
    point = record_point(by=officer, at=now, content=said)
    with pytest.raises(Invalid, match=f"Number {point.pk}, which was recorded at it, is about 1.1") as refused:
        move(administrator, now, meeting, None, other, plan)
    assert refused.value.field == "strategy"
    move(administrator, now, meeting, group, None, plan)
    point.refresh_from_db()
    assert (point.strategy, point.group) == (strategy, group), "the group steers that strategy"


def decide(by, now, meeting, owner, words="Paint the hall.") -> Point:
    decided = RecordedPoint("decision", words, timezone.localdate(now), engagement=meeting)
    return record_point(by=by, at=now, content=decided, owner=owner)


def test_a_decision_is_not_left_with_nobody(administrator, secretary, group, strategy, other, meeting, plan, now):
    ours = move(administrator, now, meeting, group, None, plan)
    decision = decide(administrator, now, ours, secretary)
    with pytest.raises(Invalid) as refused:
        move(administrator, now, ours, None, strategy, plan)
    assert (refused.value.field, refused.value.sentence) == (
        "group",
        f"Sasha Secretary has to carry out number {decision.pk}, and could not read it there. "
        "Say first who else will do it.",
    )
    assert (Engagement.objects.get().group, Point.objects.get().owner) == (group, secretary)
    assign_point(by=administrator, at=now, point=decision, owner=secretary, owner_words="The clerks")
    move(administrator, now, ours, None, strategy, plan)
    decision.refresh_from_db()
    assert (decision.owner, decision.owner_words) == (None, "The clerks"), "the minutes still say who"
    theirs = decide(administrator, now, Engagement.objects.get(), make_person("officer", strategy.owner))
    with pytest.raises(Invalid) as refused:
        move(administrator, now, Engagement.objects.get(), None, other, plan)
    assert (refused.value.field, str(theirs.pk) in refused.value.sentence) == ("strategy", True)


def test_whoever_did_what_is_done_stays_its_owner(administrator, secretary, group, strategy, meeting, plan, now):
    ours = move(administrator, now, meeting, group, None, plan)
    decision = decide(administrator, now, ours, secretary)
    finish_point(by=secretary, at=now, point=decision, done_on=timezone.localdate(now))
    move(administrator, now, ours, None, strategy, plan)
    decision.refresh_from_db()
    assert (decision.owner, decision.strategy, decision.group) == (secretary, strategy, None)
    assert not Mail.objects.filter(kind="point_passed_on").exists(), "there is nothing left to do"


def test_owners_get_one_email_about_all_that_moves(
    administrator, officer, second_officer, group, strategy, other, meeting, plan, today, now
):
    mine = [decide(administrator, now, meeting, officer, words) for words in ("Paint.", "Sweep.")]
    said = RecordedPoint("said", "More chairs.", today, engagement=meeting)
    hers = record_point(by=officer, at=now, content=said, owner=second_officer)
    over = record_point(by=officer, at=now, content=said, owner=second_officer)
    answer_point(by=officer, at=now, point=over, answer=PointAnswer("noted", "Thank you."))
    Mail.objects.all().delete()
    move(administrator, now, meeting, group, strategy, plan)
    mails = {mail.person: mail for mail in Mail.objects.filter(kind="point_passed_on")}
    assert set(mails) == {officer, second_officer}
    assert Mail.objects.count() == 2
    assert mails[officer].subject == "Passed on: 2 points and decisions"
    assert "They are still yours to answer or carry out:" in mails[officer].text
    for point in mine:
        assert f"A decision, number {point.pk}" in mails[officer].text
        assert f"/points/{point.pk}/" in mails[officer].text
    assert mails[second_officer].subject == f"Passed on: a point (number {hers.pk})"
    assert "It is still yours to answer:" in mails[second_officer].text
    assert f"/points/{over.pk}/" not in mails[second_officer].text
    assert "chairs" not in mails[second_officer].text
    Mail.objects.all().delete()
    assign_point(by=administrator, at=now, point=mine[0], owner=officer, owner_words="Estates")
    assign_point(by=administrator, at=now, point=mine[1], owner=officer, owner_words="Estates")
    move(administrator, now, Engagement.objects.get(), None, other, plan)
    [mail] = Mail.objects.filter(person=officer)
    assert "You do not need to do anything more about them." in mail.text
    assert "/points/" not in mail.text
    assert f"A decision, number {mine[1].pk}" in mail.text


def test_a_point_about_what_the_other_group_does_not_steer_is_said_at_the_group(
    administrator, officer, group, strategy, meeting, plan, today, now
):
    ours = move(administrator, now, meeting, group, None, plan)
    said = RecordedPoint("said", "x", today, engagement=ours, commitment=strategy.commitments.first())
    point = record_point(by=administrator, at=now, content=said)
    theirs = make_group(make_organisation("The Circle", "partnership_group"))
    with pytest.raises(Invalid) as refused:
        move(administrator, now, ours, theirs, None, plan)
    assert (refused.value.field, refused.value.sentence) == (
        "group",
        f"Number {point.pk}, which was recorded at it, is about 1.1, so it stays with a group that steers the "
        f"{strategy.nouns.strategy} “{strategy.title}”.",
    )


def test_what_is_written_up_stays_where_it_is(officer, group, strategy, meeting, plan, now):
    written = write_up_engagement(by=officer, at=now, engagement=meeting, account=EngagementAccount("Said."))
    with pytest.raises(NotNow):
        move(officer, now, written, group, strategy, plan)


def test_the_form_offers_what_the_person_keeps(
    signed_in, officer, secretary, group, strategy, other, meeting, now, plan
):
    url = f"{meeting.get_absolute_url()}edit/"
    own = signed_in(officer)
    page = text_of(own.get(url))
    assert "Which group meets?" in page
    assert other.title not in page.split("Which strategy")[0]
    assert f'value="{other.slug}"' not in page
    sent = {
        "kind": "meeting", "title": "Spring meeting", "starts_on": "1 March 2025", "place": "Kept", "version": "0",
        "group": group.organisation.slug, "strategy": strategy.slug,
    }  # fmt: skip
    wrong = own.post(url, {**sent, "strategy": other.slug})
    assert wrong.status_code == 422
    assert "Choose a strategy from the list." in text_of(wrong)
    assert "Kept" in text_of(wrong)
    assert own.post(url, sent).status_code == 302
    found = Engagement.objects.get()
    assert (found.group, found.strategy) == (group, strategy)
    page = text_of(own.get(url))
    assert f'value="{group.organisation.slug}" selected' in page
    assert f'value="{strategy.slug}" selected' in page
    none = own.post(url, {**sent, "group": "", "strategy": "", "version": "1"})
    assert "Choose a group or a strategy." in text_of(none)


def test_without_another_to_choose_the_form_does_not_ask(signed_in, officer, strategy, meeting):
    own, url = signed_in(officer), f"{meeting.get_absolute_url()}edit/"
    page = text_of(own.get(url))
    assert "Which group meets?" not in page
    assert "Which strategy is it for?" not in page
    PartnershipGroup.objects.create(organisation=strategy.steered_by)
    page = text_of(own.get(url))
    assert "Which group meets?" in page
    assert "Which strategy is it for?" in page


def test_the_api_changes_whose_it_is(officer, group, strategy, other, meeting):
    address = f"engagement/{meeting.pk}/"
    writer = Api(officer)
    told = writer.patch(address, {"group": group.organisation.slug, "version": 0}).json()
    assert (told["group"]["slug"], told["strategy"], told["title"]) == (
        group.organisation.slug, strategy.slug, "Spring meeting",
    )  # fmt: skip
    assert writer.patch(address, {"place": "Online", "version": 1}).json()["group"] == told["group"]
    assert writer.patch(address, {"group": None, "version": 2}).json()["group"] is None
    assert writer.patch(address, {"strategy": other.slug, "version": 3}).status_code == 403
    assert list(writer.patch(address, {"strategy": None, "version": 3}).json()["errors"]) == ["group"]


def test_the_page_of_many_groups_costs_no_more_queries(
    signed_in, administrator, meeting, django_assert_max_num_queries
):
    for number in range(60):
        make_group(make_organisation(f"Group {number}", "partnership_group"))
    own, url = signed_in(administrator), f"{meeting.get_absolute_url()}edit/"
    own.get(url)
    with django_assert_max_num_queries(12):
        assert "Group 59" in text_of(own.get(url))
