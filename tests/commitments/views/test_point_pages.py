"""The people who answer points read, publish and answer them on pages; nobody else reads originals or contacts."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.content.points import RecordedPoint, SentPoint
from commitments.models import Action, Engagement, Point
from commitments.reading.point_tasks import points_to_answer
from commitments.reading.points import is_late
from commitments.services import points as services
from commitments.services.point_emails import address_to_follow
from commitments.services.receiving_points import record_point, send_point
from partners.services.access import end_access
from tests.factories import make_group, make_organisation, make_person, make_strategy, steering_group
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
WORDS = "No ramp at Ash Hall. Ring Petra on 01865 000000. https://evil.example/ <i>x</i>"


@pytest.fixture
def sent(strategy, now) -> Point:
    content = SentPoint("proposal", WORDS, strategy=strategy, email="petra@example.org", name="Petra Quince")
    return send_point(at=now, token=uuid.uuid4(), content=content)


def text(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_officer_reads_the_original_and_how_to_reach_the_sender(client, sent, officer):
    sign_in(client, officer)
    assert "No ramp at Ash Hall" in text(client, "/points/")
    page = text(client, f"/points/{sent.pk}/")
    for part in ("Petra Quince", "petra@example.org", "01865 000000", "Answer it"):
        assert part in page
    assert 'href="https://evil' not in page
    assert "&lt;i&gt;x" in page


def test_people_of_another_strategy_or_group_learn_nothing(client, sent, partner_lead):
    elsewhere = make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    secretary = make_person("steering_group")
    make_group(steering_group(), secretary=secretary)
    for person in (make_person("officer", elsewhere), secretary):
        sign_in(client, person)
        assert "Ash Hall" not in text(client, "/points/")
        text(client, f"/points/{sent.pk}/", 404)
        assert client.post(f"/points/{sent.pk}/close/", {"reason": "x", "version": 0}).status_code == 404
    sign_in(client, partner_lead)
    text(client, "/points/", 403)


def test_a_secretary_answers_the_points_of_the_own_group(client, strategy, now):
    secretary = make_person("steering_group")
    group = make_group(steering_group(), secretary=secretary)
    content = RecordedPoint("said", "More seats.", timezone.localdate(now), group=group)
    point = record_point(by=secretary, at=now, content=content)
    sign_in(client, secretary)
    assert "More seats." in text(client, "/points/")
    data = {"stance": "yes", "response": "Two more.", "version": point.version}
    assert client.post(f"/points/{point.pk}/answer/", data).status_code == 302
    point.refresh_from_db()
    assert (point.state, point.responded_by) == ("answered", secretary)


def test_every_act_is_done_on_its_page(client, sent, officer, now):
    sign_in(client, officer)
    today = timezone.localdate(now)

    def do(act, **data):
        version = Point.objects.get(pk=sent.pk).version
        assert f'value="{version}"' in text(client, f"/points/{sent.pk}/{act}/")
        answer = client.post(f"/points/{sent.pk}/{act}/", {"version": version, **data})
        assert answer.status_code == 302, answer.content.decode()[-4000:]
        return Point.objects.get(pk=sent.pk)

    assert do("assign", owner=officer.pk, due_on="31 March 2027").owner == officer
    assert do("publish", public_words="No ramp.", raised_by_words="A club").is_published
    assert do("answer", stance="in_part", response="We will look.").stance == "in_part"
    assert do("done", done_on=today.isoformat()).done_on == today
    assert not do("take-down", reason="A name.").is_published
    assert do("close", reason="Over.").is_closed
    assert do("reopen", reason="More.").is_waiting
    assert do("pass-on", strategy="", group="").strategy is None
    page = text(client, f"/points/{sent.pk}/")
    for said in ("Owner or due date changed", "Published", "Answered", "Taken down", "Reopened", "Passed on"):
        assert said in page


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(client, sent, officer):
    sign_in(client, officer)
    answer = client.post(f"/points/{sent.pk}/answer/", {"version": 0, "response": "We will put a ramp in."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose an answer." in page
    assert "We will put a ramp in." in page


def test_the_second_of_two_officers_keeps_the_words_and_is_told(client, sent, officer, second_officer, now):
    services.assign_point(by=second_officer, at=now, point=sent, owner=second_officer)
    sign_in(client, officer)
    data = {"version": 0, "stance": "yes", "response": "We will put a ramp in."}
    answer = client.post(f"/points/{sent.pk}/answer/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Oscar Officer has changed this" in page
    assert "We will put a ramp in." in page
    assert 'value="1"' in page, "it can be sent again"


def test_a_decision_at_a_meeting_becomes_an_action(client, strategy, commitment, officer):
    meeting = Engagement.objects.create(
        kind="meeting", title="Spring meeting", strategy=strategy, starts_on=timezone.localdate()
    )
    sign_in(client, officer)
    page = text(client, f"/engagement/{meeting.pk}/points/")
    assert "Spring meeting" in page
    data = {
        "kind": "decision", "words": "Buy a ramp.", "raised_on": "today", "owner": officer.pk, "commitment": commitment.pk,
        "makes_action": "on", "due_on": "31 March 2027", "publish": "on",
    }  # fmt: skip
    answer = client.post(f"/engagement/{meeting.pk}/points/", data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    point = Point.objects.get()
    assert (point.engagement, point.is_published, point.became_action) == (meeting, True, Action.objects.get())
    for address in ("/points/", point.get_absolute_url()):
        page = text(client, address)
        assert "Not done yet" in page, "a decision needs no answer"
        assert "Not answered yet</strong>" not in page, "it stands only among the choices of the filter"
    said = Point.objects.create(
        kind="said", words="More seats.", raised_on=point.raised_on, raised_at=point.raised_at, strategy=strategy
    )
    assert "Not answered yet</strong>" in text(client, said.get_absolute_url())
    client.post(f"{point.get_absolute_url()}done/", {"done_on": "today", "version": point.version})
    assert "Not done yet" not in text(client, point.get_absolute_url())


def test_a_point_is_recorded_without_an_engagement(client, strategy, officer, charity):
    sign_in(client, officer)
    other = make_organisation("Quiet Quarter")
    assert charity.name not in text(client, "/points/new/")
    data = {"kind": "said", "words": "More seats.", "raised_on": "today", "strategy": strategy.pk}
    search = client.post("/points/new/", {**data, "raised_by_search": charity.name[:5], "find": "raised_by"})
    page = search.content.decode()
    assert (search.status_code, Point.objects.count()) == (200, 0)
    assert f'value="{charity.slug}"' in page
    assert "More seats." in page
    assert other.name not in page
    data["raised_by"] = charity.slug
    assert client.post("/points/new/", data).status_code == 302
    assert Point.objects.get().raised_by == charity


def test_the_queue_is_filtered_and_shows_what_waits_at_first(client, sent, strategy, officer, now):
    done = send_point(at=now, token=uuid.uuid4(), content=SentPoint("feedback", "A broken link.", strategy=strategy))
    services.close_point(by=officer, at=now, point=done, reason="Mended.")
    sign_in(client, officer)
    assert "A broken link." not in text(client, "/points/")
    page = text(client, "/points/?kind=feedback")
    assert "A broken link." in page
    assert "Ash Hall" not in page
    assert "A broken link." in text(client, "/points/?state=closed")
    text(client, "/points/?state=burnt", 422)


@pytest.mark.parametrize(("days", "late"), [(29, False), (30, True)])
def test_after_thirty_days_a_point_is_late(sent, days, late):
    assert is_late(sent, sent.raised_on + timedelta(days=days)) is late


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True)])
def test_it_is_late_the_day_after_its_due_date(sent, days, late):
    sent.due_on = sent.raised_on
    assert is_late(sent, sent.raised_on + timedelta(days=days)) is late


def test_the_queue_asks_the_same_questions_for_one_point_and_for_thirty(
    client, strategy, officer, now, django_assert_max_num_queries
):
    for _ in range(30):
        send_point(at=now, token=uuid.uuid4(), content=SentPoint("proposal", WORDS, strategy=strategy))
    sign_in(client, officer)
    client.get("/points/")
    with django_assert_max_num_queries(12):
        client.get("/points/")


def test_a_point_of_a_group_alone_is_in_nobody_elses_queue(client, strategy, officer, now):
    secretary, another = make_person("steering_group"), make_person("steering_group")
    group = make_group(steering_group(), secretary=secretary)
    make_group(make_organisation("The Circle", "partnership_group"), secretary=another)
    content = RecordedPoint("said", "Quillwort for the group.", timezone.localdate(now), group=group)
    point = record_point(by=secretary, at=now, content=content)
    for person in (officer, another):
        sign_in(client, person)
        assert "Quillwort" not in text(client, "/points/")
        text(client, f"/points/{point.pk}/", 404)


def test_whoever_sent_spam_does_not_read_why_it_was_closed(client, sent, officer, now):
    services.close_point(by=officer, at=now, point=sent, reason="An advertiser again.", is_spam=True)
    page = client.get(address_to_follow(sent)).content.decode()
    assert "An advertiser again." not in page
    assert "It was closed without an answer." in page


def test_a_point_whose_owner_has_left_is_nobodys_again(sent, officer, administrator, now):
    today = timezone.localdate(now)
    leaver = make_person("administrator")
    services.assign_point(by=administrator, at=now, point=sent, owner=leaver)
    assert list(points_to_answer(officer, today)) == []
    end_access(by=administrator, at=now, person=leaver, reason="Left.")
    assert list(points_to_answer(officer, today)) == [sent]


def test_taking_down_a_decision_says_that_the_title_of_its_action_stays(client, sent, strategy, officer, now):
    content = RecordedPoint(
        "decision", "Petra gets a ramp.", timezone.localdate(now), commitment=strategy.commitments.first(), owner_words="A team"
    )  # fmt: skip
    decision = record_point(by=officer, at=now, content=content, makes_action=True, publish=True)
    services.publish_point(by=officer, at=now, point=sent, public_words="A ramp.")
    sign_in(client, officer)
    assert "keeps its title" in text(client, f"/points/{decision.pk}/take-down/")
    assert "keeps its title" not in text(client, f"/points/{sent.pk}/take-down/")
