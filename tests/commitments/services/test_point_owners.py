"""Whoever gets a point from somebody else reads so in an email; and a person's points go along when their work is handed over."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from commitments.content.points import PointAnswer, RecordedPoint, SentPoint
from commitments.models import Action, Commitment, Engagement, HistoryEntry, Point
from commitments.reading.handover_brief import brief
from commitments.reading.people import who_may_take
from commitments.reading.point_tasks import points_to_answer
from commitments.rules.stances import STANCES
from commitments.services import points
from commitments.services.actions import plan_action
from commitments.services.handover import hand_over, held_by
from commitments.services.receiving_points import record_point, send_point
from partners.models import Appointment, Mail, Seat
from partners.models import HistoryEntry as PersonHistory
from partners.services.access import end_access
from tests.factories import make_group, make_organisation, make_person, make_strategy, steering_group
from vcsportal.common.words import Invalid
from vcsportal.privacy.services.erasure import erase_ended_accounts

pytestmark = pytest.mark.django_db
WORDS = "The lunch club has no ramp. Ring Petra Quince."


@pytest.fixture
def sent(strategy, now) -> Point:
    return send_point(at=now, token=uuid.uuid4(), content=SentPoint("proposal", WORDS, strategy=strategy))


@pytest.fixture
def secretary(db):
    return make_person("steering_group", name="Sam Secretary")


@pytest.fixture
def group(secretary):
    return make_group(steering_group(), secretary=secretary)


def mails(*kinds) -> list[tuple[str, str]]:
    return list(
        Mail.objects.filter(kind__in=kinds or ("point_assigned", "point_passed_on")).values_list("to", "subject")
    )


def test_whoever_is_given_a_point_gets_an_email_without_its_words(sent, officer, second_officer, now):
    due = timezone.localdate(now) + timedelta(days=9)
    points.assign_point(by=officer, at=now, point=sent, owner=second_officer, due_on=due)
    mail = Mail.objects.get(kind="point_assigned")
    assert (mail.person, mail.subject) == (
        second_officer, f"For you to answer: a question or proposal (number {sent.pk})"
    )  # fmt: skip
    for words in (officer.name, f"/points/{sent.pk}/", f"It is due on {due.day} {due:%B %Y}.", "Change who answers it"):
        assert words in mail.text
    assert "Petra" not in mail.subject + mail.text + mail.html


def test_whoever_takes_a_point_themselves_gets_no_email(sent, officer, now):
    points.assign_point(by=officer, at=now, point=sent, owner=officer)
    assert not mails()


def test_another_due_date_or_nobody_sends_nothing_and_a_further_owner_gets_their_own(
    sent, officer, second_officer, administrator, now
):
    points.assign_point(by=officer, at=now, point=sent, owner=second_officer)
    points.assign_point(by=officer, at=now, point=sent, owner=second_officer, due_on=timezone.localdate(now))
    points.assign_point(by=officer, at=now, point=sent, owner=None, owner_words="A team")
    assert [to for to, _ in mails()] == [second_officer.email]
    points.assign_point(by=officer, at=now, point=sent, owner=administrator)
    points.assign_point(by=administrator, at=now, point=sent, owner=second_officer)
    assert [to for to, _ in mails()] == [second_officer.email, administrator.email, second_officer.email]


def test_the_email_says_what_there_is_to_do(strategy, officer, second_officer, now):
    meeting = Engagement.objects.create(
        kind="meeting", title="The spring meeting", strategy=strategy, starts_on=timezone.localdate(now)
    )
    today = timezone.localdate(now)
    decision = RecordedPoint("decision", "We meet again.", today, engagement=meeting)
    record_point(by=officer, at=now, content=decision, owner=second_officer)
    mail = Mail.objects.get(kind="point_assigned")
    assert mail.subject.startswith("For you to carry out: a decision")
    assert "from “The spring meeting”. It was made on" in mail.text
    Mail.objects.all().delete()
    said = record_point(
        by=officer, at=now, content=RecordedPoint("said", "A.", today, engagement=meeting), owner=officer
    )
    assert not mails(), "it is their own"
    points.answer_point(by=officer, at=now, point=said, answer=PointAnswer("yes", "We will."))
    points.assign_point(by=officer, at=now, point=said, owner=second_officer)
    assert mails()[0][1].startswith("For you to follow up: a point")


def test_whoever_owns_what_is_passed_on_reads_whether_it_is_still_theirs(
    sent, officer, administrator, secretary, group, now
):
    points.assign_point(by=officer, at=now, point=sent, owner=officer)
    points.direct_point(by=administrator, at=now, point=sent, strategy=sent.strategy, group=group)
    mail = Mail.objects.get(kind="point_passed_on")
    assert (mail.person, "It is still yours" in mail.text) == (officer, True)
    assert f"the strategy “{sent.strategy.title}” and the group “{group.organisation.name}”" in mail.text
    points.direct_point(by=administrator, at=now, point=sent, strategy=None, group=group)
    [_, last] = Mail.objects.filter(kind="point_passed_on").order_by("id")
    assert (last.person, "You do not need to do anything more" in last.text) == (officer, True)
    assert f"/points/{sent.pk}/" not in last.text, "they can't open it any more"
    assert "Petra" not in last.text


def test_the_email_about_what_is_passed_on_says_what_is_left_to_do(strategy, officer, administrator, group, now):
    today = timezone.localdate(now)

    def pass_on(kind, stance="") -> list[str]:
        content = RecordedPoint(kind, "A.", today, strategy=strategy)
        point = record_point(by=officer, at=now, content=content, owner=officer)
        if stance:
            points.answer_point(by=officer, at=now, point=point, answer=PointAnswer(stance, "For a reason."))
        Mail.objects.all().delete()
        points.direct_point(by=administrator, at=now, point=point, strategy=strategy, group=group)
        return [mail.text for mail in Mail.objects.all()]

    assert "It is still yours to answer:" in pass_on("said")[0]
    assert "It is still yours to follow up:" in pass_on("said", "yes")[0]
    assert "It is still yours to carry out:" in pass_on("decision")[0]
    assert pass_on("said", "no") == [], "nothing is left to do"


def test_passing_on_without_an_owner_or_by_the_owner_sends_nothing(sent, officer, secretary, group, now):
    points.direct_point(by=officer, at=now, point=sent, strategy=sent.strategy, group=group)
    points.assign_point(by=officer, at=now, point=sent, owner=officer)
    points.direct_point(by=officer, at=now, point=sent, strategy=None, group=group)
    assert not mails()


def test_whoever_has_left_gets_no_email(sent, officer, second_officer, administrator, group, now):
    points.assign_point(by=officer, at=now, point=sent, owner=second_officer)
    end_access(by=administrator, at=now, person=second_officer, reason="Left.")
    points.direct_point(by=officer, at=now, point=sent, strategy=None, group=group)
    assert not mails("point_passed_on")


def test_points_go_along_when_work_is_handed_over(sent, strategy, officer, second_officer, administrator, now):
    today = timezone.localdate(now)
    points.assign_point(by=officer, at=now, point=sent, owner=officer, due_on=today)
    answered, done, hers = (
        record_point(by=officer, at=now, content=RecordedPoint("said", words, today, strategy=strategy), owner=owner)
        for words, owner in (("A", officer), ("B", officer), ("C", administrator))
    )
    for point in (answered, done):
        points.answer_point(by=officer, at=now, point=point, answer=PointAnswer("yes", "We will."))
    points.finish_point(by=officer, at=now, point=done, done_on=today)
    Mail.objects.all().delete()
    assert [point.pk for point in held_by(officer).points] == [sent.pk, answered.pk]
    entry = hand_over(by=administrator, at=now, person=officer, to=second_officer, why="Another post.")
    owners = dict(Point.objects.values_list("pk", "owner"))
    assert owners == {
        sent.pk: second_officer.pk, answered.pk: second_officer.pk, done.pk: officer.pk, hers.pk: administrator.pk
    }  # fmt: skip
    assert Point.objects.get(pk=sent.pk).due_on == today
    marks = HistoryEntry.objects.filter(act="point_assign", by=administrator, at=now)
    assert [(mark.point_id, mark.said) for mark in marks.order_by("point")] == [
        (key, {"was": {"owner": officer.name}, "now": {"owner": second_officer.name}}) for key in (sent.pk, answered.pk)
    ]
    assert entry.said["points"] == [sent.pk, answered.pk]
    assert PersonHistory.objects.filter(person=second_officer, act="work taken over").exists()
    mail = Mail.objects.get()
    assert (mail.kind, mail.person) == ("handed_over", second_officer)
    assert f"A question or proposal, number {sent.pk}" in mail.text
    assert not held_by(officer)


def act_on(point: Point, officer, now, **became) -> Action:
    commitment = Commitment.objects.get(strategy=point.strategy, reference="1.1")
    action = plan_action(by=officer, at=now, commitment=commitment, title="Paint it")
    Action.objects.filter(pk=action.pk).update(**became)
    Point.objects.filter(pk=point.pk).update(became_action=action)
    return action


def test_what_needs_nothing_further_is_not_handed_over(strategy, officer, administrator, now):
    today = timezone.localdate(now)

    def record(kind, owner=officer):
        return record_point(
            by=officer, at=now, content=RecordedPoint(kind, "A.", today, strategy=strategy), owner=owner
        )

    by_stance = {stance.code: record("said") for stance in STANCES}
    for code, point in by_stance.items():
        points.answer_point(by=officer, at=now, point=point, answer=PointAnswer(code, "For a reason."))
    silent, decided, acted, done, dropped = record("said"), *(record("decision") for _ in range(4))
    act_on(acted, officer, now)
    act_on(done, officer, now, done_on=today)
    act_on(dropped, officer, now, dropped_on=today, dropped_why="No money.")
    unfinished = [by_stance["yes"], by_stance["in_part"], silent, decided, acted]
    assert list(held_by(officer).points) == unfinished
    assert [point for point in Point.objects.oldest_first() if point.is_unfinished] == unfinished
    for point in unfinished:
        points.close_point(by=officer, at=now, point=point, reason="Over.")
    assert not held_by(officer).points


def test_an_ended_account_is_erased_though_it_owned_what_was_answered_and_noted(strategy, officer, administrator, now):
    said = RecordedPoint("said", "A.", timezone.localdate(now), strategy=strategy)
    point = record_point(by=officer, at=now, content=said, owner=officer)
    end_access(by=administrator, at=now, person=officer, reason="Left.")
    officer.refresh_from_db()
    assert erase_ended_accounts([officer], now) == 0, "somebody has to answer first"
    points.answer_point(by=administrator, at=now, point=point, answer=PointAnswer("noted", "Thank you."))
    assert erase_ended_accounts([officer], now) == 1


def test_a_decision_whose_action_is_over_is_no_task(strategy, officer, now):
    today = timezone.localdate(now)
    decision = RecordedPoint("decision", "Paint it.", today, strategy=strategy, due_on=today)
    point = record_point(by=officer, at=now, content=decision, owner=officer)
    action = act_on(point, officer, now)
    assert list(points_to_answer(officer, today)) == [point]
    Action.objects.filter(pk=action.pk).update(done_on=today)
    assert list(points_to_answer(officer, today)) == []


def test_a_decision_is_not_passed_on_to_where_nobody_would_do_it(strategy, officer, administrator, group, now):
    today = timezone.localdate(now)
    decision = RecordedPoint("decision", "Paint it.", today, strategy=strategy)
    point = record_point(by=officer, at=now, content=decision, owner=officer)
    with pytest.raises(Invalid, match=f"{officer.name} has to carry out number {point.pk}") as refused:
        points.direct_point(by=administrator, at=now, point=point, strategy=None, group=group)
    assert refused.value.field == "group"
    assert Point.objects.get().owner == officer


def test_the_brief_names_the_points_while_they_are_theirs(sent, officer, second_officer, administrator, signed_in, now):
    points.assign_point(by=officer, at=now, point=sent, owner=officer)
    entry = hand_over(by=administrator, at=now, person=officer, to=second_officer, why="Another post.")
    page = signed_in(second_officer).get(f"/handed-over/{entry.pk}/").content.decode()
    assert f"A question or proposal, number {sent.pk}" in page
    assert "Petra" not in page
    printed = signed_in(second_officer).get(f"/reports/handed-over/{entry.pk}/brief.pdf")
    in_pdf = " ".join(PdfReader(BytesIO(printed.content)).pages[0].extract_text().split())
    assert f"Points to answer or follow up: A question or proposal, number {sent.pk}." in in_pdf
    points.close_point(by=second_officer, at=now, point=Point.objects.get(), reason="Over.")
    assert brief(entry, timezone.localdate(now)).points == ()


def test_nothing_moves_to_somebody_who_could_not_answer(sent, officer, second_officer, administrator, group, now):
    points.direct_point(by=officer, at=now, point=sent, strategy=None, group=group)
    points.assign_point(by=administrator, at=now, point=sent, owner=administrator)
    with pytest.raises(Invalid, match=f"can’t read and answer number {sent.pk}") as refused:
        hand_over(by=administrator, at=now, person=administrator, to=second_officer, why="Another post.")
    assert refused.value.field == "to"
    assert Point.objects.get().owner == administrator
    assert not Mail.objects.filter(kind="handed_over").exists()


def test_the_page_lists_points_and_offers_whoever_could_answer_them(
    officer, second_officer, administrator, secretary, group, signed_in, now
):
    colleague = make_person("steering_group", name="Tess Secretary")
    elsewhere = make_organisation("Elmshire Council", "public_body")
    far = make_person("officer", elsewhere, name="Faye Far")
    other = make_strategy(elsewhere, slug="elmshire", opens_first=False)
    content = RecordedPoint("said", "More chairs.", timezone.localdate(now), group=group)
    record_point(by=secretary, at=now, content=content, owner=secretary)
    assert colleague not in who_may_take(secretary, points_on=timezone.localdate(now))
    seat = Seat.objects.create(group=group, number=2, title="Second secretary", is_secretary=True)
    Appointment.objects.create(seat=seat, person=colleague, starts_on=timezone.localdate(now))
    assert colleague in who_may_take(secretary, points_on=timezone.localdate(now))
    assert colleague not in who_may_take(secretary), "a single task of a round is no point"
    assert far not in who_may_take(secretary, points_on=timezone.localdate(now))
    content = RecordedPoint("said", "More chairs.", timezone.localdate(now), strategy=other)
    record_point(by=administrator, at=now, content=content, owner=administrator)
    assert far in who_may_take(administrator, points_on=timezone.localdate(now))
    page = signed_in(administrator).get(f"/people/{secretary.pk}/hand-over/").content.decode()
    assert "Said at a meeting or event, number" in page
    assert "Tess Secretary" in page
