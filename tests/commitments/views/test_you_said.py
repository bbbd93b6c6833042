"""Everyone reads what was asked, answered and done; what is unanswered for 60 days shows without its words."""

import uuid
from datetime import timedelta

import pytest

from commitments.content.points import PointAnswer, RecordedPoint, SentPoint
from commitments.models import Engagement, Point
from commitments.reading.my_work import waiting_for
from commitments.reading.point_tasks import point_tasks
from commitments.services import points as services
from commitments.services.receiving_points import record_point, send_point
from tests.factories import make_area, make_group, make_organisation, make_person, make_strategy, steering_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(now):
    return now.date()


def send(now, *, days=0, words="Quillwort at Ash Hall.", **more) -> Point:
    content = SentPoint("proposal", words, email="petra@example.org", name="Petra Quince", **more)
    return send_point(at=now - timedelta(days=days), token=uuid.uuid4(), content=content)


def page(client, query="") -> str:
    answer = client.get(f"/you-said/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_published_points_stand_in_three_columns(client, strategy, officer, commitment, now, today):
    point = send(now, strategy=strategy)
    services.publish_point(
        by=officer, at=now, point=point, public_words="A ramp, <b>please</b>.", raised_by_words="A club"
    )
    answer = PointAnswer("in_part", "At the front only.", became_commitment=commitment)
    services.answer_point(by=officer, at=now, point=point, answer=answer)
    services.finish_point(by=officer, at=now, point=point, done_on=today)
    text = page(client)
    for said in (
        "A ramp, &lt;b&gt;please&lt;/b&gt;.",
        "A club",
        "Accepted in part",
        "At the front only.",
        "Done on",
        str(commitment),
    ):
        assert said in text
    for hidden in ("Quillwort", "Petra", "petra@"):
        assert hidden not in text


@pytest.mark.parametrize(("days", "shown"), [(59, False), (60, True)])
def test_after_sixty_days_without_an_answer_kind_and_day_show_without_words(client, strategy, now, days, shown):
    send(now, days=days, strategy=strategy, about_words="Quillwort House")
    text = page(client)
    assert ("A question or proposal. The words are not published." in text) is shown
    assert ("Unanswered" in text) is shown
    assert "Quillwort" not in text


def test_words_of_an_unanswered_point_show_only_if_they_are_published(client, strategy, officer, now):
    point = send(now, days=70, strategy=strategy)
    services.publish_point(by=officer, at=now, point=point, public_words="A ramp.")
    text = page(client)
    assert "A ramp." in text
    assert "Unanswered</strong> for 70 days" in text
    services.take_down_point(by=officer, at=now, point=point, reason="A name.")
    text = page(client)
    assert "A ramp." not in text
    assert "The words are not published." in text


def test_an_answer_to_what_is_not_published_is_not_shown(client, strategy, officer, now):
    point = send(now, days=70, strategy=strategy)
    services.answer_point(by=officer, at=now, point=point, answer=PointAnswer("no", "Quillwort costs too much."))
    assert "Quillwort" not in page(client)


def test_spam_is_never_shown(client, strategy, officer, now):
    services.close_point(by=officer, at=now, point=send(now, days=70, strategy=strategy), is_spam=True)
    assert "There is nothing to show here yet." in page(client)


def test_what_was_said_at_an_engagement_stands_together_and_filters_narrow_it(
    client, strategy, council, officer, now, today
):
    meeting = Engagement.objects.create(kind="workshop", title="Spring workshop", strategy=strategy, starts_on=today)
    for words in ("More seats.", "More tea."):
        content = RecordedPoint("said", words, today, engagement=meeting, district=make_area())
        record_point(by=officer, at=now, content=content, publish=True)
    other = make_strategy(council, slug="other", opens_first=False)
    record_point(by=officer, at=now, content=RecordedPoint("said", "A bus.", today, strategy=other), publish=True)
    text = page(client)
    assert text.count("Spring workshop,") == 1
    assert "A bus." in text
    text = page(client, f"?strategy={strategy.slug}")
    assert "A bus." not in text
    assert "More tea." in text
    make_area("Oxford", "E07000178")
    assert "A bus." not in page(client, f"?district={make_area().gss_code}")
    assert client.get("/you-said/?strategy=burnt").status_code == 422


def test_the_strategys_page_leads_there_once_there_is_something(client, strategy, officer, now):
    address = f"/strategies/{strategy.slug}/"
    assert "You said, we did" not in client.get(address).content.decode()
    services.publish_point(by=officer, at=now, point=send(now, strategy=strategy), public_words="A ramp.")
    assert f"/you-said/?strategy={strategy.slug}" in client.get(address).content.decode()


def test_twenty_a_page_and_no_more_questions_for_more_points(
    client, strategy, officer, now, today, django_assert_max_num_queries
):
    for number in range(21):
        content = RecordedPoint("said", f"Point {number}.", today, strategy=strategy)
        record_point(by=officer, at=now, content=content, publish=True)
    client.get("/you-said/")
    with django_assert_max_num_queries(12):
        text = page(client, "?strategy=our-strategy")
    assert text.count('class="app-said"') == 20
    assert page(client, "?page=2").count('class="app-said"') == 1


def titles(person, today):
    return [
        (task["title"].rsplit(" ", 1)[-1], task["word"])
        for task in point_tasks(waiting_for(person, today)["points"], today)
    ]


@pytest.mark.parametrize(("days", "told"), [(29, []), (30, ["Late"])])
def test_a_point_without_an_answer_is_among_its_owners_tasks_after_thirty_days(
    strategy, officer, second_officer, now, today, days, told
):
    point = send(now, days=days, strategy=strategy)
    services.assign_point(by=officer, at=now, point=point, owner=officer)
    assert [word for _, word in titles(officer, today)] == told
    assert titles(second_officer, today) == [], "a colleague owns it"


@pytest.mark.parametrize(("days", "told"), [(1, []), (0, ["Due"]), (-1, ["Late"])])
def test_a_decision_is_among_the_tasks_from_its_due_date(strategy, officer, now, today, days, told):
    content = RecordedPoint("decision", "Buy it.", today, strategy=strategy, due_on=today + timedelta(days=days))
    record_point(by=officer, at=now, content=content, owner=officer)
    assert [word for _, word in titles(officer, today)] == told


def test_what_nobody_owns_is_a_task_of_those_who_may_answer(strategy, officer, partner_lead, now, today):
    point = send(now, strategy=strategy)
    secretary = make_person("steering_group")
    group = make_group(steering_group(), secretary=secretary)
    elsewhere = make_organisation("Elmshire Council", "public_body")
    make_strategy(elsewhere, slug="elmshire", opens_first=False)
    assert titles(officer, today) == [(str(point.pk), "Needs an owner")]
    for person in (partner_lead, secretary, make_person("officer", elsewhere)):
        assert titles(person, today) == []
    said = record_point(by=secretary, at=now, content=RecordedPoint("said", "More seats.", today, group=group))
    assert titles(secretary, today) == [(str(said.pk), "Needs an owner")]
    services.answer_point(by=officer, at=now, point=point, answer=PointAnswer("yes", "Soon."))
    assert titles(officer, today) == []
