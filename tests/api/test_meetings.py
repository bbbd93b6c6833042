"""A meeting through the API: what its screens show, for those who run it; decisions that are recorded; its minutes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.models import Action, Point
from commitments.services.engagement import hold_engagement, plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from commitments.services.receiving_points import record_point
from partners.models import PartnershipGroup, Seat
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(db):
    return make_person(name="Sasha Secretary")


@pytest.fixture
def group(strategy, secretary):
    group = PartnershipGroup.objects.get(organisation=strategy.steered_by)
    seat = Seat.objects.create(group=group, number=1, title="Secretary", is_secretary=True)
    seat.appointments.create(person=secretary, starts_on=timezone.localdate() - timedelta(days=365))
    return group


@pytest.fixture
def meeting(administrator, now, group, strategy, today):
    def plan(day, title):
        wanted = EngagementPlan("meeting", title, day, place="Town hall")
        return plan_engagement(by=administrator, at=now, group=group, strategy=strategy, plan=wanted)

    last = hold_engagement(by=administrator, at=now, engagement=plan(today - timedelta(30), "The last meeting"))
    words = RecordedPoint("decision", "Paint the hall.", last.starts_on, engagement=last, owner_words="Estates")
    record_point(by=administrator, at=now, content=words)
    return plan(today, "This meeting")


def address(meeting, what="meeting"):
    return f"engagement/{meeting.pk}/{what}/"


def test_only_those_who_run_it_read_it(
    api, stranger, meeting, secretary, officer, administrator, steering_member, partner_lead, now
):
    for person in (secretary, officer, administrator):
        assert api(person).get(address(meeting)).status_code == 200
        assert api(person).get(address(meeting, "minutes")).json()["is_draft"] is True
    for reader in (stranger, api(steering_member), api(partner_lead)):
        for what in ("meeting", "minutes"):
            answer = reader.get(address(meeting, what))
            assert answer.status_code == 403
            assert set(answer.json()) == {"type", "title", "status", "detail"}
    visit = plan_engagement(
        by=administrator, at=now, group=meeting.group, strategy=None, plan=EngagementPlan("visit", "A visit", meeting.starts_on)
    )  # fmt: skip
    for what in ("meeting", "minutes"):
        assert api(administrator).get(address(visit, what)).status_code == 404
        assert api(administrator).get(f"engagement/99999/{what}/").status_code == 404


def test_it_says_what_the_screens_say(api, meeting, secretary, officer, commitment, now, today):
    commitment.status, commitment.status_reason, commitment.status_at, commitment.status_by = (
        "at_risk",
        "The lease ends.",
        now,
        officer,
    )
    commitment.save()
    seat = Seat.objects.create(group=meeting.group, number=7, title="Business", made_on=today - timedelta(400))
    Seat.objects.create(group=meeting.group, number=8, title="New").appointments.create(
        post="Director", starts_on=today
    )
    told = api(secretary).get(address(meeting)).json()
    assert told["last_met_on"] == (today - timedelta(30)).isoformat()
    [before] = told["last_decisions"]
    assert (before["words"], before["who"], before["outcome"]["code"], before["due_on"]) == (
        "Paint the hall.",
        "Estates",
        "open",
        None,
    )
    assert (told["still_open"], told["decided"]) == ([], [])
    [changed] = told["changes"]
    assert changed["strategy"] == "our-strategy"
    lines = [line["sentence"] for kind in changed["changes"] for line in kind["lines"] if kind["code"] == "groups"]
    assert any("the seat “New” was filled" in line for line in lines)
    found = {item["key"]: item for item in told["exceptions"]}
    risky, vacant = found[f"commitment-{commitment.pk}"], found[f"seat-{seat.pk}"]
    assert (risky["kinds"][0], risky["commitment"], risky["strategy"]) == ("worry", commitment.key, "our-strategy")
    assert "The lease ends." in risky["lines"]
    assert (vacant["kinds"], vacant["commitment"], vacant["about_words"]) == (["seats"], None, "Vacant seat: Business")
    assert vacant["about_page"] == f"{meeting.group.get_absolute_url()}#seat-{seat.pk}"


def test_a_decision_is_recorded_by_those_who_run_it_under_what_it_is_about(
    api, stranger, meeting, secretary, officer, steering_member, commitment, today
):
    seat = Seat.objects.create(group=meeting.group, number=7, title="Business")
    [vacant] = [
        item for item in api(secretary).get(address(meeting)).json()["exceptions"] if item["key"] == f"seat-{seat.pk}"
    ]
    sent = {
        "kind": "decision", "words": "Ask the chamber.", "raised_on": today.isoformat(), "engagement": meeting.pk,
        "owner_words": "The clerk", "about_words": vacant["about_words"], "about_page": vacant["about_page"],
    }  # fmt: skip
    for reader, status in ((stranger, 401), (api(steering_member), 403)):
        assert reader.post("points/", sent).status_code == status
    for wrong in ("https://evil.example", "//evil.example/", "javascript:alert(1)", "organisations/"):
        answer = api(secretary).post("points/", {**sent, "about_page": wrong})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["about_page"]
    assert Point.objects.filter(engagement=meeting).count() == 0
    assert api(secretary).post("points/", sent).status_code == 201
    acted = {**sent, "words": "Ring the owner.", "about_words": "", "about_page": "", "makes_action": True, "due_on": today.isoformat(),
             "commitment": f"our-strategy:{commitment.key}"}  # fmt: skip
    assert api(secretary).post("points/", acted).status_code == 403, "a secretary alone changes no commitment"
    assert api(officer).post("points/", acted).status_code == 201
    first, second = api(secretary).get(address(meeting)).json()["decided"]
    assert (first["words"], first["about"], first["who"]) == ("Ask the chamber.", "Vacant seat: Business", "The clerk")
    assert (second["action"], second["due_on"]) == ("Ring the owner.", today.isoformat())
    assert commitment.reference in second["about"]


def test_minutes_are_for_everyone_once_it_is_written_up_and_name_nobody(
    api, stranger, meeting, secretary, officer, now, today
):
    officer.post, officer.name_shown = "Volunteering officer", True
    officer.save()
    record_point(
        by=officer, at=now, owner=officer, content=RecordedPoint("decision", "Write.", today, engagement=meeting)
    )
    set_attendance(
        by=secretary, at=now, engagement=meeting,
        entries=[AttendanceEntry(organisation=make_organisation("Willow"), post="Director"), AttendanceEntry(post="Clerk", sent_apologies=True)],
    )  # fmt: skip
    write_up_engagement(by=secretary, at=now, engagement=meeting, account=EngagementAccount("We met."))
    answer = stranger.get(address(meeting, "minutes"))
    told = answer.json()
    assert (told["summary"], told["is_draft"], told["meeting_of"]) == (
        "We met.",
        False,
        meeting.group.organisation.name,
    )
    assert [line["title"] for line in told["came"]] == ["Willow"]
    assert [line["title"] for line in told["apologies"]] == ["Clerk"]
    assert told["decisions"][0]["who"].startswith("Volunteering officer, ")
    assert "Olive" not in answer.content.decode()
    assert api(secretary).get(address(meeting)).status_code == 409, "written up, so there is nothing to run"


def test_minutes_keep_the_day_that_was_set_at_the_meeting_though_its_action_was_moved(
    stranger, meeting, secretary, officer, commitment, now, today
):
    words = RecordedPoint("decision", "Ring the owner.", today, engagement=meeting, commitment=commitment, owner_words="Estates", due_on=today)  # fmt: skip
    record_point(by=officer, at=now, content=words, makes_action=True)
    write_up_engagement(by=secretary, at=now, engagement=meeting, account=EngagementAccount("We met."))
    Action.objects.filter(title="Ring the owner.").update(due_on=today + timedelta(90))
    [line] = stranger.get(address(meeting, "minutes")).json()["decisions"]
    assert line["due_on"] == today.isoformat(), "the page, the PDF and the Word file print this day"
    assert set(line) == {"point", "words", "about", "who", "due_on"}, "what became of it is with the point"


def test_a_priority_names_its_group(stranger, strategy, group):
    path = "strategies/our-strategy/priorities/1/"
    assert stranger.get(path).json()["group"] is None
    strategy.priorities.filter(number=1).update(group=group)
    organisation = group.organisation
    assert stranger.get(path).json()["group"] == {"slug": organisation.slug, "name": organisation.name}
