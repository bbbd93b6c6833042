"""A meeting from its first screen to its minutes: who may, which days count, what is recorded, and that nothing is lost."""

import io
from datetime import datetime, time, timedelta

import pypdf
import pytest
from django.utils import timezone
from docx import Document

from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.content.risks import AssessmentContent, RiskContent
from commitments.models import Action, Commitment, Engagement, HistoryEntry, Point, WorkingCopy
from commitments.rules.risk_levels import LevelRange
from commitments.services.engagement import hold_engagement, plan_engagement
from commitments.services.engagement_account import set_attendance, write_up_engagement
from commitments.services.points import close_point, finish_point, take_down_point
from commitments.services.receiving_points import record_point
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import edit_risk, end_risk, record_risk
from partners.models import Appointment, Seat
from reporting import assembly
from reporting.reading import meeting as reading
from tests.factories import make_group, make_organisation, make_person, make_strategy, steering_group
from tests.pdf import in_catalogue
from vcsportal.common.dates import in_words
from vcsportal.common.words import Conflict

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(db):
    person = make_person(name="Sasha Secretary")
    person.post = "Partnership clerk"
    person.save()
    return person


@pytest.fixture
def group(secretary):
    return make_group(steering_group(), secretary=secretary)


def plan(by, now, group, strategy, day, title="This meeting", **more) -> Engagement:
    wanted = EngagementPlan("meeting", title, day, place="Town hall", **more)
    return plan_engagement(by=by, at=now, group=group, strategy=strategy, plan=wanted)


@pytest.fixture
def meeting(administrator, now, group, strategy, today) -> Engagement:
    return plan(administrator, now, group, strategy, today)


@pytest.fixture
def last(administrator, now, group, strategy, today) -> Engagement:
    made = plan(administrator, now, group, strategy, today - timedelta(30), "The last meeting")
    return hold_engagement(by=administrator, at=now, engagement=made)


def decide(by, now, engagement, words="Write to the owner.", **more) -> Point:
    options = {name: more.pop(name) for name in ("owner", "makes_action") if name in more}
    content = {"owner_words": "The Rowan Trust", "raised_on": engagement.starts_on, **more}
    return record_point(
        by=by, at=now, content=RecordedPoint("decision", words, engagement=engagement, **content), **options
    )


def at_risk(commitment, officer, now, reason="The lease ends.") -> Commitment:
    commitment.status, commitment.status_reason, commitment.status_at, commitment.status_by = (
        "at_risk", reason, now, officer
    )  # fmt: skip
    commitment.save()
    return commitment


SENT = {"words": "Write to the owner.", "owner_words": "The Rowan Trust", "due_on": "", "act": "record"}


def test_only_those_who_keep_it_open_it(
    client, signed_in, meeting, secretary, officer, administrator, steering_member, partner_lead, nobody, council, today
):
    url = f"{meeting.get_absolute_url()}meeting/"
    screens = ("", "changes/", "exceptions/", "other/", "end/")
    other_officer = make_person("officer", make_organisation("Elmshire Council", "public_body"))
    other_secretary = make_person()
    make_group(make_organisation("The Forum", "partnership_group"), secretary=other_secretary)
    for person in (secretary, officer, administrator):
        for screen in screens:
            assert signed_in(person).get(f"{url}{screen}").status_code == 200
        assert "Open the meeting" in text_of(signed_in(person).get(meeting.get_absolute_url()))
    for person in (steering_member, partner_lead, nobody, other_officer, other_secretary):
        for screen in screens:
            assert signed_in(person).get(f"{url}{screen}").status_code == 403
        assert signed_in(person).post(f"{url}other/", SENT).status_code == 403
        assert "Open the meeting" not in text_of(signed_in(person).get(meeting.get_absolute_url()))
    assert client.get(url).status_code == 302
    assert not Point.objects.exists()
    assert "Open the meeting" in text_of(signed_in(secretary).get(meeting.group.get_absolute_url()))
    assert "Open the meeting" not in text_of(signed_in(steering_member).get(meeting.group.get_absolute_url()))


def test_it_opens_with_what_became_of_the_last_decisions(
    signed_in, secretary, officer, now, today, last, meeting, commitment
):
    done = decide(secretary, now, last, "Paint the hall.")
    finish_point(by=secretary, at=now, point=done, done_on=today)
    decide(secretary, now, last, "Due today.", due_on=today)
    decide(secretary, now, last, "Due yesterday.", due_on=today - timedelta(1))
    acted = decide(
        officer, now, last, "Ring the owner.", commitment=commitment, makes_action=True, owner_words="Estates"
    )
    assert acted.became_action_id is not None
    Action.objects.filter(pk=acted.became_action_id).update(due_on=today - timedelta(2))
    page = text_of(signed_in(secretary).get(f"{meeting.get_absolute_url()}meeting/"))
    assert f"Done on {in_words(today)}." in page
    assert f"Due on {in_words(today)}." in page, "what is due today is not late today"
    assert f"It was due on {in_words(today - timedelta(1))}." in page
    assert f"It was due on {in_words(today - timedelta(2))}." in page, "an action’s date is the one that moves"
    assert page.count(">Late<") == 2
    assert f"/actions/{acted.became_action_id}/" in page


def test_decisions_of_earlier_meetings_stay_until_they_are_done(
    signed_in, secretary, administrator, now, today, group, strategy, last, meeting
):
    older = plan(administrator, now, group, strategy, today - timedelta(90), "An older meeting")
    hold_engagement(by=administrator, at=now, engagement=older)
    decide(secretary, now, older, "Still to do.")
    finish_point(by=secretary, at=now, point=decide(secretary, now, older, "Long done."), done_on=today)
    elsewhere = make_group(make_organisation("The Forum", "partnership_group"))
    other = plan(administrator, now, elsewhere, None, today - timedelta(3), "Another group’s")
    hold_engagement(by=administrator, at=now, engagement=other)
    decide(administrator, now, other, "Somebody else’s.")
    planned = plan(administrator, now, group, strategy, today - timedelta(2), "Nobody said that it was held")
    decide(administrator, now, planned, "Never met.")
    page = text_of(signed_in(secretary).get(f"{meeting.get_absolute_url()}meeting/"))
    assert "The last meeting" in page
    assert "Still to do." in page.split("Still open from earlier meetings")[1]
    for words in ("Long done.", "Somebody else’s.", "Never met."):
        assert words not in page


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (-1, False), (1, True)])
def test_what_changed_on_the_day_of_the_last_meeting_is_told(
    signed_in, secretary, officer, now, last, meeting, commitment, days, is_told
):
    moment = timezone.make_aware(datetime.combine(last.starts_on + timedelta(days), time.min))
    HistoryEntry.objects.create(
        at=moment, by=officer, act="status", commitment=commitment, from_state="on_track", to_state="at_risk"
    )
    page = text_of(signed_in(secretary).get(f"{meeting.get_absolute_url()}meeting/changes/"))
    assert f"What changed since {in_words(last.starts_on)}" in page
    assert ("Thing 1.1" in page) == is_told


def test_exceptions_one_a_screen_in_their_order(
    signed_in, secretary, officer, now, today, group, strategy, commitment, meeting, charity
):
    Commitment.objects.filter(strategy=strategy).update(status="on_track", status_at=now, status_by=officer)
    commitment.refresh_from_db()
    at_risk(commitment, officer, now)
    late = strategy.commitments.get(reference="1.2")
    Action.objects.create(commitment=late, title="Find a hall", due_on=today - timedelta(1))
    Action.objects.create(commitment=strategy.commitments.get(reference="2.2"), title="Not late", due_on=today)
    silent = strategy.commitments.get(reference="2.1")
    Commitment.objects.filter(pk=silent.pk).update(status="", status_at=None, status_by=None)
    point = Point.objects.create(
        kind="said", words="Secret words", raised_on=today - timedelta(30), raised_at=now, group=group
    )
    Point.objects.create(kind="said", words="x", raised_on=today - timedelta(29), raised_at=now, group=group)
    seat = Seat.objects.create(group=group, number=2, title="Larger business representative")
    make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False,
                  steered_by=make_organisation("The Forum", "partnership_group"))  # fmt: skip
    keys = [
        f"commitment-{commitment.pk}",
        f"commitment-{silent.pk}",
        f"commitment-{late.pk}",
        f"point-{point.pk}",
        f"seat-{seat.pk}",
    ]
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}meeting/"
    listed = text_of(own.get(f"{url}exceptions/"))
    assert "5 screens" in listed
    places = [listed.index(f"{url}{key}/") for key in keys]
    assert places == sorted(places)
    for number, key in enumerate(keys, start=1):
        assert f"{number} of 5: " in text_of(own.get(f"{url}{key}/"))
    assert "The lease ends." in text_of(own.get(f"{url}{keys[0]}/"))
    page = text_of(own.get(f"{url}{keys[3]}/"))
    assert "Secret words" not in page, "nobody has published them, and a room reads the screen"
    assert "Its words are not published." in page
    first = text_of(own.get(f"{url}{keys[0]}/"))
    assert f'href="{url}exceptions/" rel="prev"' in first
    assert f'href="{url}{keys[1]}/" rel="next"' in first
    assert own.get(f"{url}commitment-{strategy.commitments.get(reference='2.2').pk}/").status_code == 200
    assert own.get(f"{url}commitment-999999/").status_code == 404
    foreign = Commitment.objects.filter(strategy__slug="elmshire").in_order()[0]
    assert own.get(f"{url}commitment-{foreign.pk}/").status_code == 404


def test_a_secretary_reads_of_the_points_about_the_strategy_that_everyone_sees(
    signed_in, secretary, officer, now, today, group, strategy, meeting
):
    of_strategy = {"kind": "said", "strategy": strategy, "words": "Secret words", "raised_at": now}
    published = Point.objects.create(
        **of_strategy,
        raised_on=today - timedelta(30),
        public_words="When is the next look?",
        published_at=now,
        published_by=officer,
    )
    silent = Point.objects.create(**of_strategy, raised_on=today - timedelta(60))
    unseen = Point.objects.create(**of_strategy, raised_on=today - timedelta(59))
    down = Point.objects.create(
        **of_strategy,
        raised_on=today - timedelta(59),
        public_words="No",
        published_at=now,
        published_by=officer,
        taken_down_at=now,
        taken_down_why="It names somebody.",
    )
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}meeting/"
    listed = text_of(own.get(f"{url}exceptions/"))
    assert [f"{url}point-{point.pk}/" in listed for point in (published, silent, unseen, down)] == [
        True,
        True,
        False,
        False,
    ]
    page = text_of(own.get(f"{url}point-{published.pk}/"))
    assert "When is the next look?" in page
    assert "Secret words" not in page
    assert f'href="/you-said/#point-{published.pk}"' in page
    assert f'href="{published.get_absolute_url()}"' not in page, "only whoever answers it may open it"
    assert "Its words are not published." in text_of(own.get(f"{url}point-{silent.pk}/"))
    assert own.get(f"{url}point-{unseen.pk}/").status_code == 404
    assert f'href="{published.get_absolute_url()}"' in text_of(signed_in(officer).get(f"{url}point-{published.pk}/"))


def test_a_decision_is_recorded_once_with_who_and_when(signed_in, secretary, officer, now, today, meeting, commitment):
    at_risk(commitment, officer, now)
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}meeting/commitment-{commitment.pk}/"
    page = own.get(url).text
    assert "makes_action" not in page, "the secretary does not manage commitments"
    assert "can turn it into an action" in " ".join(page.split())
    token = page.split('name="form_once" value="')[1].split('"')[0]
    sent = {**SENT, "due_on": in_words(today + timedelta(7)), "form_once": token, "makes_action": "on"}
    for _ in range(2):
        answer = own.post(url, sent)
        assert (answer.status_code, answer.url) == (302, url)
    point = Point.objects.get()
    assert (point.kind, point.commitment, point.engagement, point.raised_on) == ("decision", commitment, meeting, today)
    assert (point.owner_words, point.due_on, point.became_action) == ("The Rowan Trust", today + timedelta(7), None)
    assert not point.is_published
    assert "Decided at this meeting" in own.get(url).text
    assert "Decided</strong>" in own.get(f"{meeting.get_absolute_url()}meeting/exceptions/").text
    assert "Write to the owner." in own.get(f"{meeting.get_absolute_url()}meeting/end/").text


def test_an_officer_makes_it_an_action_and_chooses_a_person(
    signed_in, officer, second_officer, now, meeting, commitment
):
    at_risk(commitment, officer, now)
    own, url = signed_in(officer), f"{meeting.get_absolute_url()}meeting/commitment-{commitment.pk}/"
    own.post(url, {**SENT, "owner_words": "", "owner": str(second_officer.pk), "makes_action": "on"})
    action = Action.objects.get()
    assert (action.title, action.commitment, action.owner_person) == ("Write to the owner.", commitment, second_officer)
    assert Point.objects.get().became_action == action


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"words": ""}, "words", "Say what was decided."),
        ({"owner_words": ""}, "owner_words", "Say who will do it"),
        ({"due_on": "soon"}, "due_on", "is not one."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in, secretary, meeting, changes, field, sentence):
    answer = signed_in(secretary).post(f"{meeting.get_absolute_url()}meeting/other/", {**SENT, **changes})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert f'id="id_{field}_error"' in text_of(answer)
    assert not Point.objects.exists()


def test_what_is_typed_is_kept_for_each_screen(signed_in, client, secretary, officer, now, meeting, commitment):
    at_risk(commitment, officer, now)
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}meeting/commitment-{commitment.pk}/"
    whose = own.get(url).text.split('name="whose" value="')[1].split('"')[0]
    assert own.post(url, {**SENT, "words": "Half a sent", "act": "keep"}).status_code == 204
    assert "Half a sent" in own.get(url).text
    assert "Half a sent" not in own.get(f"{meeting.get_absolute_url()}meeting/other/").text
    at_risk(commitment, officer, now).status = "on_track"
    Commitment.objects.update(status="on_track", status_at=now, status_by=officer, status_reason="")
    assert "Half a sent" in own.get(url).text, "it is no exception any more, and its words still have their screen"
    own.post(url, {"act": "discard"})
    assert "Half a sent" not in own.get(url).text
    own.logout()
    answer = own.post(url, {**SENT, "words": "Signed out meanwhile", "whose": whose})
    assert answer.url.startswith("/account/login/")
    assert not Point.objects.exists()
    own.force_login(secretary)


def test_it_is_dropped_once_it_is_recorded(signed_in, secretary, meeting):
    own, url = signed_in(secretary), f"{meeting.get_absolute_url()}meeting/other/"
    own.post(url, {**SENT, "act": "keep"})
    own.post(url, SENT)
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize(("days", "decided_on"), [(0, 0), (-2, -2), (3, 0)])
def test_it_was_decided_today_or_on_the_day_of_a_meeting_that_is_over(
    signed_in, secretary, administrator, now, group, strategy, today, days, decided_on
):
    made = plan(administrator, now, group, strategy, today + timedelta(days))
    signed_in(secretary).post(f"{made.get_absolute_url()}meeting/other/", SENT)
    assert Point.objects.get().raised_on == today + timedelta(decided_on)


def test_what_is_written_up_is_not_opened_and_a_workshop_is_no_meeting(
    signed_in, secretary, administrator, now, group, strategy, today, meeting
):
    write_up_engagement(by=secretary, at=now, engagement=meeting, account=EngagementAccount("Said."))
    assert signed_in(secretary).get(f"{meeting.get_absolute_url()}meeting/").status_code == 409
    workshop = plan_engagement(
        by=administrator, at=now, group=group, strategy=strategy, plan=EngagementPlan("workshop", "Workshop", today)
    )
    for page in ("meeting/", "minutes/"):
        assert signed_in(secretary).get(f"{workshop.get_absolute_url()}{page}").status_code == 404


def test_minutes_are_public_once_the_meeting_is_written_up(
    client, signed_in, secretary, officer, steering_member, now, today, group, meeting, commitment, charity, tmp_path
):
    seat = Seat.objects.create(group=group, number=2, title="Chair", is_chair=True)
    Appointment.objects.create(
        seat=seat, organisation=charity, post="Director", person=secretary, starts_on=today, name_shown=True
    )
    Seat.objects.create(group=group, number=3, title="Transport")
    entries = [AttendanceEntry(seat=seat), AttendanceEntry(post="Town clerk", sent_apologies=True)]
    set_attendance(by=secretary, at=now, engagement=meeting, entries=entries)
    officer.name_shown = True
    officer.save()
    decide(officer, now, meeting, commitment=commitment, owner=officer, owner_words="", due_on=today)
    decide(secretary, now, meeting, "Thank the cook.", owner=secretary, owner_words="")
    down = decide(secretary, now, meeting, "Better not said.")
    meeting.refresh_from_db()
    url = meeting.get_absolute_url()
    for page in ("minutes/", "minutes.pdf", "minutes.docx"):
        assert client.get(f"{url}{page}").status_code == 403
        assert signed_in(steering_member).get(f"{url}{page}").status_code == 403
    assert "This is a draft." in text_of(signed_in(secretary).get(f"{url}minutes/"))
    assert "Thank the cook." in text_of(signed_in(secretary).get(f"{url}write-up/"))
    write_up_engagement(by=secretary, at=now, engagement=meeting, account=EngagementAccount("We met."))
    take_down_point(by=secretary, at=now, point=down, reason="It names somebody.")
    page = text_of(client.get(f"{url}minutes/"))
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"{url}minutes.pdf").content))
    word = Document(io.BytesIO(client.get(f"{url}minutes.docx").content))
    in_pdf = " ".join(pdf.pages[0].extract_text().split())
    in_word = " ".join(
        [*(p.text for p in word.paragraphs), *(c.text for t in word.tables for r in t.rows for c in r.cells)]
    )
    for text in (page, in_pdf, in_word):
        for words in (
            "Write to the owner.",
            "Thank the cook.",
            "Rowan Trust (Director, Chair)",
            "Town clerk",
            in_words(today),
        ):
            assert words in text.replace("</a>", ""), (words, text)
        for words in ("Sasha", "Olive", "Better not said.", "draft", "Draft"):
            assert words not in text.split("Previous")[0], words
        assert "Secretary, The Alliance" in text
    assert len(pdf.pages) == 1
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Minutes: This meeting"
    assert in_catalogue(pdf, "/MarkInfo", "/Marked")
    assert str(in_catalogue(pdf, "/Lang")) == "en-GB"
    assert f"{url}minutes/" in text_of(client.get(group.get_absolute_url()))
    assert f"{url}minutes/" in text_of(client.get(url))


def test_the_screens_need_no_more_queries_for_more_rows(
    signed_in,
    secretary,
    officer,
    administrator,
    now,
    today,
    group,
    council,
    last,
    django_assert_max_num_queries,
    client,
):
    big = make_strategy(council, slug="big", opens_first=False, shape=(150,) * 4)
    made = plan(administrator, now, group, big, today)
    before = plan(administrator, now, group, big, today - timedelta(9))
    hold_engagement(by=administrator, at=now, engagement=before)
    parts = list(big.commitments.all())
    Action.objects.bulk_create(Action(commitment=part, title="Late", due_on=today - timedelta(3)) for part in parts)
    Point.objects.bulk_create(
        Point(kind="said", words="x", raised_on=today - timedelta(40), raised_at=now, group=group) for _ in range(500)
    )
    Point.objects.bulk_create(
        Point(kind="decision", words="x", raised_on=today, raised_at=now, group=group, strategy=big, engagement=each,
              owner=officer, commitment=part)
        for part in parts[:50] for each in (made, before)
    )  # fmt: skip
    Seat.objects.bulk_create(Seat(group=group, number=n, title=f"Seat {n}") for n in range(2, 62))
    own, url = signed_in(secretary), f"{made.get_absolute_url()}meeting/"
    own.get(url)
    for screen in ("", "changes/", "exceptions/", f"commitment-{parts[7].pk}/", "end/"):
        with django_assert_max_num_queries(13):
            assert own.get(f"{url}{screen}").status_code == 200
    assert "1160 screens" in text_of(own.get(f"{url}exceptions/")).replace(",", "")
    write_up_engagement(by=secretary, at=now, engagement=made, account=EngagementAccount("Said."))
    with django_assert_max_num_queries(13):
        client.get(f"{made.get_absolute_url()}minutes/")


def test_writing_up_leaves_out_what_was_closed_and_keeps_who_raised_it(secretary, officer, now, last, charity):
    closed = decide(secretary, now, last, "Recorded by mistake.")
    close_point(by=secretary, at=now, point=closed, reason="A mistake.")
    kept = decide(secretary, now, last, "Paint the hall.")
    Point.objects.filter(pk=kept.pk).update(raised_by=charity, raised_by_words="Trustee")
    write_up_engagement(by=secretary, at=now, engagement=last, account=EngagementAccount("We met."))
    kept.refresh_from_db()
    closed.refresh_from_db()
    assert (kept.is_published, kept.raised_by, kept.raised_by_words) == (True, charity, "Trustee")
    assert not closed.is_published


def test_a_decision_that_the_writer_has_not_seen_is_not_published_with_the_summary(secretary, officer, now, last):
    last.refresh_from_db()
    seen = last.version
    decide(officer, now, last, "Ask Nadia at number 4.")
    with pytest.raises(Conflict):
        write_up_engagement(by=secretary, at=now, engagement=last, account=EngagementAccount("We met."), version=seen)
    assert not Point.objects.get().is_published


def test_an_officer_does_not_read_unpublished_decisions_of_a_meeting_about_something_else(
    signed_in, administrator, officer, secretary, council, now, today, group, meeting
):
    other = make_strategy(
        make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False,
        steered_by=group.organisation,
    )  # fmt: skip
    theirs = plan(administrator, now, group, other, today - timedelta(3), "About the other strategy")
    hold_engagement(by=administrator, at=now, engagement=theirs)
    decide(administrator, now, theirs, "Not for the other council.")
    url = f"{meeting.get_absolute_url()}meeting/"
    assert "Not for the other council." in text_of(signed_in(secretary).get(url))
    assert "Not for the other council." not in text_of(signed_in(officer).get(url))


def test_a_risk_that_rose_is_a_screen_of_the_meeting_until_the_group_has_met(meeting, officer, strategy, now):
    risk = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", "A repair fund"))
    for likelihood in (1, 2):
        levels = AssessmentContent(LevelRange(3, 3), LevelRange(1, likelihood))
        assess_risk(by=officer, at=now, risk=risk, content=levels)
    today = timezone.localdate(now)
    [item] = [item for item in reading.meeting(meeting, officer, today).items if item.kinds == ("risks",)]
    assert item.title == "Risk 1: The hall closes"
    assert item.lines == (
        "The likelihood rose: it was low and is now low to medium.",
        "Controls, and action required: A repair fund",
    )
    edit_risk(by=officer, at=now, risk=risk, content=RiskContent("The hall closes. " * 20), version=risk.version)
    [item] = [item for item in reading.meeting(meeting, officer, today).items if item.kinds == ("risks",)]
    assert item.title.endswith("The hall closes. …"), "as much as the back of a room can read"
    assert item.lines[0] == ("The hall closes. " * 20).strip()
    [told] = assembly.between(strategy, since=today - timedelta(days=1), until=today).risks
    assert (told.number, told.bound, told.was, told.now) == (1, "likelihood", "low", "low to medium")
    assert assembly.between(strategy, since=today, until=today + timedelta(days=1)).risks == ()
    end_risk(by=officer, at=now, risk=risk, reason="The hall was bought.")
    assert not [item for item in reading.meeting(meeting, officer, today).items if item.kinds == ("risks",)]
