"""The pages of engagement, from planning to what a stranger reads, and what is refused with nothing lost."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.models import Engagement, WorkingCopy
from commitments.reading.engagement import asked_in_words, share_in_words
from commitments.services.engagement import plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from partners.models import Appointment, PartnershipGroup, Seat
from tests.factories import make_evidence, make_organisation, make_person
from vcsportal.common.dates import in_words

pytestmark = pytest.mark.django_db

SECRET = "Quillwort"


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
def meeting(administrator, now, group, strategy, today) -> Engagement:
    plan = EngagementPlan("meeting", "Spring meeting", today, place="Town hall", question="What is hard?")
    return plan_engagement(by=administrator, at=now, group=group, strategy=strategy, plan=plan)


def test_from_the_plan_to_what_a_stranger_reads(
    client, signed_in, secretary, group, strategy, today, charity, partner, commitment, officer
):
    own = signed_in(secretary)
    assert "Add a meeting or consultation" in text_of(own.get("/engagement/"))
    page = text_of(own.get(f"/engagement/new/?group={group.organisation.slug}"))
    assert f'value="{group.organisation.slug}" selected' in page
    sent = {
        "group": group.organisation.slug, "strategy": strategy.slug, "kind": "forum", "title": "Open forum",
        "starts_on": in_words(today), "starts_at": "7.30pm", "place": "Didcot Civic Hall", "question": "What is hard?",
    }  # fmt: skip
    made = own.post("/engagement/new/", sent, follow=True)
    assert "It is saved, and everyone can read when and where it takes place." in text_of(made)
    found = Engagement.objects.get()
    public = text_of(client.get(found.get_absolute_url()))
    assert f"{in_words(today)} at 7:30pm" in public
    assert "Didcot Civic Hall" in public
    assert "What is hard?" in public
    assert "Write it up" not in public
    assert "History" not in public
    url = f"{found.get_absolute_url()}write-up/"
    draft = {"summary": f"{SECRET} was said.", "people_attended": "1,200", "version": "0", "act": "save"}
    assert "The draft is saved." in text_of(own.post(url, draft, follow=True))
    public = text_of(client.get(found.get_absolute_url()))
    assert SECRET not in public
    assert "1,200" not in public
    assert SECRET in text_of(own.get(found.get_absolute_url()))
    item = make_evidence(partner, commitment, state="accepted", officer=officer, title="Photographs of the forum")
    whole = {
        "summary": f"**{SECRET}** was said.", "people_asked": "2000", "people_answered": "380", "version": "1",
        "evidence": str(item.pk), "act": "publish",
    }  # fmt: skip
    assert "The summary is published. Everyone can read it." in text_of(own.post(url, whole, follow=True))
    public = text_of(client.get(found.get_absolute_url()))
    assert f"<strong>{SECRET}</strong> was said." in public
    assert "Asked 2,000, answered 380 (19%)" in public
    assert "Photographs of the forum" in public
    assert "People who attended" not in public, "it was left blank the second time, and a blank is no zero"
    again = text_of(own.post(f"{found.get_absolute_url()}reopen/", follow=True))
    assert "It is open for changes." in again
    assert SECRET not in text_of(client.get(found.get_absolute_url()))


def test_attendance_is_a_list_of_seats_and_then_of_others(
    client, signed_in, secretary, group, meeting, charity, today, now
):
    chair = Seat.objects.create(group=group, number=2, title="Chair", is_chair=True)
    Appointment.objects.create(seat=chair, organisation=charity, post="Director", starts_on=today)
    Seat.objects.create(group=group, number=3, title="Larger business representative")
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}attendance/"
    form = own.get(url)
    assert "Vacant on that day: Larger business representative." in text_of(form)
    other = make_organisation("Willow Circle")
    sent = {
        f"seat-{chair.pk}": "came", f"seat-{secretary.appointments.get().seat_id}": "apologies",
        "organisation-0": other.slug, "post-0": "Observer", "post-1": "Town clerk", "apologies-1": "on",
        "rows": "3", "version": "0", "act": "save",
    }  # fmt: skip
    assert "Attendance is saved." in text_of(own.post(url, sent, follow=True))
    assert "Director, Chair" not in text_of(client.get(meeting.get_absolute_url())), "it is not written up"
    meeting.refresh_from_db()
    account = EngagementAccount("Said.")
    write_up_engagement(by=secretary, at=now, engagement=meeting, account=account)
    page = text_of(client.get(meeting.get_absolute_url()))
    came, apologies = page.split("Who attended")[1].split("Apologies", 1)
    assert "Rowan Trust</a> (Director, Chair)" in came
    assert "Willow Circle</a> (Observer)" in came
    assert "Clerk" in apologies
    assert "Town clerk" in apologies
    assert "Sasha" not in page, "posts, never names"


def test_save_and_add_more_offers_further_rows(signed_in, secretary, meeting, charity):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}attendance/"
    assert "Organisation or post 4" not in text_of(own.get(url))
    sent = {"organisation-0": charity.slug, "rows": "3", "version": "0", "act": "more"}
    assert "Organisation or post 4" in text_of(own.post(url, sent, follow=True))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"people_asked": "380", "people_answered": "2000"}, "people_answered", "2,000 can’t have answered if 380 were asked."),
        ({"people_attended": "many"}, "people_attended", "“many” is not a whole number."),
        ({"people_attended": "99999999"}, "people_attended", "looks too large"),
        ({"summary": "x" * 1_000_000}, "summary", "Use 20000 characters or fewer. You have used 1000000."),
        ({"summary": ""}, "summary", "Write a summary."),
        ({"evidence": "a photograph"}, "evidence", "“a photograph” is not the number of an item of evidence."),
        ({"evidence": "9" * 19}, "evidence", "” is not the number of an item of evidence."),
        ({"evidence_search": "photograph"}, "evidence", "Select the items that you want to link, or clear the search box."),
        ({"evidence": "999999"}, "evidence", "There is no evidence number 999999 that you can see."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    signed_in, secretary, meeting, changes, field, sentence
):
    sent = {"summary": "Kept words.", "source": "Minutes, page 3", "version": "0", "act": "publish", **changes}
    answer = signed_in(secretary).post(f"{meeting.get_absolute_url()}write-up/", sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert f'id="id_{field}_error"' in page
    assert "Minutes, page 3" in page, "what was typed stays"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Give it a title."),
        ({"title": "x" * 201}, "Use 200 characters or fewer. You have used 201."),
        ({"starts_on": "soon"}, "“soon” is not one."),
        ({"starts_at": "7"}, "Enter a time like 7:30pm."),
        ({"starts_at": "25:00"}, "Enter a time like 7:30pm."),
        ({"kind": "party"}, "Choose what kind of engagement it is."),
        ({"ends_on": "1 January 2001"}, "The last day comes before the first."),
        ({"strategy": "nowhere"}, "Choose a strategy from the list."),
        ({"strategy": ""}, "Choose a group or a strategy."),
    ],
)
def test_a_plan_that_is_wrong_is_shown_again(signed_in, officer, strategy, changes, sentence):
    sent = {"strategy": strategy.slug, "kind": "forum", "title": "Forum", "starts_on": "1 March 2025", "place": "Kept"}
    answer = signed_in(officer).post("/engagement/new/", {**sent, **changes})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Kept" in text_of(answer)
    assert not Engagement.objects.exists()


def test_the_future_is_not_written_up(signed_in, secretary, now, group, today):
    plan = EngagementPlan("meeting", "Next meeting", today + timedelta(1))
    made = plan_engagement(by=secretary, at=now, group=group, strategy=None, plan=plan)
    own = signed_in(secretary)
    assert "Write it up" not in text_of(own.get(made.get_absolute_url()))
    answer = own.get(f"{made.get_absolute_url()}write-up/")
    assert answer.status_code == 409
    assert "This does not begin until" in text_of(answer)


def test_who_may_not_keep_it_is_told_so(signed_in, meeting, partner_lead, nobody, steering_member):
    for person in (partner_lead, nobody, steering_member):
        for act in ("edit", "attendance", "write-up", "call-off"):
            assert signed_in(person).get(f"{meeting.get_absolute_url()}{act}/").status_code == 403
        for act in ("hold", "reopen"):
            assert signed_in(person).post(f"{meeting.get_absolute_url()}{act}/").status_code == 403
        assert signed_in(person).get("/engagement/new/").status_code == 403


def test_a_second_click_is_told_that_it_is_held(signed_in, secretary, meeting):
    own = signed_in(secretary)
    assert own.post(f"{meeting.get_absolute_url()}hold/").status_code == 302
    assert "already" in text_of(own.post(f"{meeting.get_absolute_url()}hold/", follow=True))


def test_the_second_of_two_who_save_keeps_their_words(signed_in, secretary, officer, meeting):
    url = f"{meeting.get_absolute_url()}write-up/"
    signed_in(officer).post(url, {"summary": "Theirs.", "version": "0", "act": "save"})
    mine = {"summary": "Mine.", "version": "0", "act": "save"}
    answer = signed_in(secretary).post(url, mine)
    assert answer.status_code == 409
    assert "Olive Officer has changed this" in text_of(answer)
    assert "Mine." in text_of(answer)
    assert 'name="version" value="1"' in text_of(answer)


def test_what_is_typed_is_kept_and_given_back(signed_in, secretary, meeting):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}write-up/"
    assert own.post(url, {"summary": "Half a sent", "version": "0", "act": "keep"}).status_code == 204
    page = text_of(own.get(url))
    assert "What you typed was saved" in page
    assert "Half a sent" in page
    own.post(url, {"act": "discard"})
    assert "Half a sent" not in text_of(own.get(url))
    assert own.post(url, {"summary": "Half", "version": "0", "act": "keep"}).status_code == 204
    own.post(url, {"summary": "Whole.", "version": "0", "act": "save"})
    assert not WorkingCopy.objects.exists()
    attendance = f"{meeting.get_absolute_url()}attendance/"
    assert own.post(attendance, {"post-0": "Town cl", "rows": "3", "version": "1", "act": "keep"}).status_code == 204
    assert "Town cl" in text_of(own.get(attendance))


def test_it_is_called_off_with_a_reason_that_everyone_reads(client, signed_in, secretary, meeting):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}call-off/"
    assert own.post(url, {"reason": "", "version": "0"}).status_code == 422
    own.post(url, {"reason": "Snow.", "version": "0"})
    page = text_of(client.get(meeting.get_absolute_url()))
    assert "Called off" in page
    assert "Snow." in page


def test_the_list_has_what_is_planned_soonest_first_then_what_was_held_newest_first(
    client, administrator, now, strategy, today
):
    for days in (5, -40, 2, -3):
        plan = EngagementPlan("visit", f"Visit {days}", today + timedelta(days))
        made = plan_engagement(by=administrator, at=now, group=None, strategy=strategy, plan=plan)
        if days < 0:
            write_up_engagement(by=administrator, at=now, engagement=made, account=EngagementAccount("Said."))
    page = text_of(client.get("/engagement/"))
    places = [page.index(f"Visit {days}<") for days in (2, 5, -3, -40)]
    assert places == sorted(places)
    assert "4 meetings and consultations" in page
    assert "Visit 2<" not in text_of(client.get("/engagement/?kind=forum"))
    assert "Nothing matches your filters." in text_of(client.get("/engagement/?kind=forum"))
    assert client.get("/engagement/?kind=party").status_code == 422
    year = (today - timedelta(40)).year
    assert "Visit -40<" in text_of(client.get(f"/engagement/?strategy={strategy.slug}&year={year}"))
    assert "No meeting or consultation has been recorded yet." not in page


def test_an_empty_list_says_so_and_offers_no_filter(client):
    page = text_of(client.get("/engagement/"))
    assert "No meeting or consultation has been recorded yet." in page
    assert "Filter" not in page


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(380, 2000, "19%"), (1, 2000, "less than 1%"), (0, 10, "0%"), (1999, 2000, "more than 99%"), (5, 5, "100%"), (1, 8, "13%")],
)  # fmt: skip
def test_shares(part, whole, words):
    assert share_in_words(part, whole) == words


@pytest.mark.parametrize(
    ("asked", "answered", "words"),
    [(None, None, ""), (40, None, "Asked 40"), (None, 12, "12 answered"), (0, 0, "Asked 0, answered 0")],
)
def test_numbers_that_nobody_counted_are_not_said(asked, answered, words):
    assert asked_in_words(Engagement(people_asked=asked, people_answered=answered)) == words


def test_the_pages_need_no_more_queries_for_more_rows(
    client, signed_in, administrator, now, group, strategy, today, django_assert_max_num_queries
):
    plan = EngagementPlan("meeting", "Meeting", today)
    made = plan_engagement(by=administrator, at=now, group=group, strategy=strategy, plan=plan)
    seats = Seat.objects.bulk_create(Seat(group=group, number=n, title=f"Seat {n}") for n in range(2, 62))
    held_by = [make_organisation() for _ in range(5)]
    Appointment.objects.bulk_create(
        Appointment(seat=seat, organisation=held_by[n % 5], post="Director", starts_on=today)
        for n, seat in enumerate(seats)
    )
    set_attendance(by=administrator, at=now, engagement=made, entries=[AttendanceEntry(seat=seat) for seat in seats])
    made.refresh_from_db()
    write_up_engagement(by=administrator, at=now, engagement=made, account=EngagementAccount("Said."))
    Engagement.objects.bulk_create(
        Engagement(kind="visit", title=f"Visit {n}", starts_on=today - timedelta(n), group=group, strategy=strategy)
        for n in range(500)
    )
    client.get("/engagement/")
    with django_assert_max_num_queries(12):
        assert "501 meetings and consultations" in text_of(client.get("/engagement/"))
    with django_assert_max_num_queries(12):
        assert text_of(client.get(made.get_absolute_url())).count("Director, Seat") == 60
    own = signed_in(administrator)
    own.get("/engagement/")
    with django_assert_max_num_queries(12):
        own.get("/engagement/")
    with django_assert_max_num_queries(12):
        own.get(made.get_absolute_url())
    own.post(f"{made.get_absolute_url()}reopen/")
    with django_assert_max_num_queries(12):
        assert "Seat 61" in text_of(own.get(f"{made.get_absolute_url()}attendance/"))


def test_it_is_met_from_its_strategy_its_group_and_its_commitments_and_empty_is_absent(
    client, administrator, now, group, strategy, commitment, today
):
    pages = (strategy.get_absolute_url(), group.get_absolute_url(), commitment.get_absolute_url())
    for url in pages:
        assert "Meetings and consultations" not in text_of(client.get(url))
    plan = EngagementPlan("meeting", "Spring meeting", today, commitments=(commitment,))
    plan_engagement(by=administrator, at=now, group=group, strategy=strategy, plan=plan)
    assert f'href="/engagement/?strategy={strategy.slug}"' in text_of(client.get(pages[0]))
    for url in pages[1:]:
        page = text_of(client.get(url))
        assert "Meetings and consultations" in page
        assert "Spring meeting" in page


def test_who_keeps_a_group_plans_its_next_meeting_from_its_page(signed_in, client, secretary, officer, group):
    page, start = group.get_absolute_url(), f"/engagement/new/?group={group.organisation.slug}"
    own = signed_in(secretary)
    assert f'href="{start}"' in text_of(own.get(page)), "before there is any meeting"
    chosen = re.search(r"<option[^>]* selected[^>]*>", text_of(own.get(start)))
    assert chosen
    assert group.organisation.slug in chosen[0]
    for other in (client, signed_in(officer)):
        assert "Plan a meeting" not in text_of(other.get(page))
        assert "Meetings and consultations" not in text_of(other.get(page))


@pytest.mark.parametrize(
    ("days", "state", "heading"),
    [
        (14, "planned", "In the next 14 days"),
        (15, "planned", ""),
        (0, "planned", "In the next 14 days"),
        (-1, "planned", "Meetings and consultations to write up"),
        (0, "held", "Meetings and consultations to write up"),
        (-1, "written_up", ""),
        (1, "called_off", ""),
    ],
)
def test_my_tasks_say_what_is_to_be_written_up_and_what_is_soon(
    signed_in, secretary, officer, second_officer, administrator, group, strategy, today, days, state, heading
):
    day = today + timedelta(days)
    more = {"written_up_at": timezone.now()} if state == "written_up" else {}
    Engagement.objects.create(
        kind="meeting", title="Spring meeting", starts_on=day, state=state, group=group, strategy=strategy, **more
    )
    for person in (secretary, officer, second_officer):
        page = text_of(signed_in(person).get("/my-work/"))
        assert ("Spring meeting" in page) == bool(heading)
        assert heading in page
    page = text_of(signed_in(administrator).get("/my-work/"))
    assert "Spring meeting" not in page, "its group has a secretary, and officers answer for its strategy"
    assert "You have no role in the portal" not in text_of(signed_in(secretary).get("/my-work/"))


def test_administrators_see_to_what_a_group_without_a_secretary_has_to_write_up(
    signed_in, administrator, partner_lead, group, secretary, today
):
    Engagement.objects.create(kind="meeting", title="Spring meeting", starts_on=today, state="held", group=group)
    assert "Spring meeting" not in text_of(signed_in(administrator).get("/my-work/"))
    Appointment.objects.update(until=today)
    assert "Spring meeting" in text_of(signed_in(administrator).get("/my-work/"))
    assert "Spring meeting" not in text_of(signed_in(partner_lead).get("/my-work/"))
