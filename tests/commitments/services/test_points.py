"""A point is recorded or sent, gets an owner, is published, answered, done and closed; one person does each of these."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from commitments.content.points import PointAnswer, RecordedPoint, SentPoint
from commitments.models import Engagement, HistoryEntry, Point, PointContact
from commitments.rules.engagement_kinds import LISTING, PUBLIC_POINT_KINDS
from commitments.services import points
from commitments.services.receiving_points import record_point, send_point
from partners.models import Mail
from tests.factories import make_group, make_organisation, make_person, make_strategy, steering_group
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
WORDS = "The lunch club at Ash Lane has no ramp. Ring Petra Quince. https://evil.example/ <b>x</b>"
YES = PointAnswer("yes", "We will put a ramp in by the summer.")


def send(now, **more) -> Point:
    content = {"kind": "proposal", "words": WORDS, "email": "petra@example.org", "name": "Petra Quince", **more}
    return send_point(at=now, token=uuid.uuid4(), content=SentPoint(**content))


@pytest.fixture
def sent(strategy, now) -> Point:
    return send(now)


@pytest.fixture
def secretary(db):
    return make_person("steering_group", name="Sam Secretary")


@pytest.fixture
def group(secretary):
    return make_group(steering_group(), secretary=secretary)


def record(by, now, **more) -> Point:
    options = {name: more.pop(name) for name in ("owner", "makes_action", "publish") if name in more}
    content = {"kind": "said", "words": WORDS, "raised_on": timezone.localdate(now), **more}
    return record_point(by=by, at=now, content=RecordedPoint(**content), **options)


def test_anyone_sends_a_point_and_the_same_form_makes_one(strategy, now):
    token, content = uuid.uuid4(), SentPoint("feedback", WORDS, email="petra@example.org", about_page="/")
    first = send_point(at=now, token=token, content=content)
    second = send_point(at=now, token=token, content=content)
    assert first == second
    assert (first.state, first.raised_on, first.is_published) == ("raised", timezone.localdate(now), False)
    assert PointContact.objects.get().email == "petra@example.org"
    assert Mail.objects.filter(to="petra@example.org").count() == 1


def test_the_confirmation_repeats_nothing_that_was_written(sent):
    mail = Mail.objects.get(kind="point")
    assert (mail.person, mail.to) == (None, "petra@example.org")
    assert f"number {sent.pk}" in mail.subject
    assert "/tell-us/" in mail.text
    for theirs in ("Petra", "ramp", "evil"):
        assert theirs not in mail.subject + mail.text + mail.html, "a stranger could have us send their words to anyone"


def test_what_is_sent_leaves_no_history_so_that_public_pages_stay_in_the_cache(strategy, now):
    before = HistoryEntry.objects.count()
    send(now)
    assert HistoryEntry.objects.count() == before


def test_without_an_address_nobody_is_emailed_and_without_details_nothing_is_kept_apart(strategy, now):
    send(now, email="", name="")
    assert not Mail.objects.exists()
    assert not PointContact.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "decision"}, "kind"), ({"kind": "said"}, "kind"), ({"kind": "rubbish"}, "kind"), ({"words": " \n "}, "words"),
        ({"words": "x" * 5_001}, "words"), ({"words": "x" * 1_000_000}, "words"), ({"words": "a\x00b"}, "words"),
        ({"about_words": "x" * 201}, "about_words"), ({"name": "x" * 151}, "name"), ({"group_name": "x" * 201}, "group_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_at_its_field(strategy, now, more, field):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        send(now, **more)
    assert refused.value.field == field
    assert not Point.objects.exists()


def test_every_kind_of_the_public_form_is_taken(strategy, now):
    organisation = make_organisation("Rowan Friends")
    for kind in PUBLIC_POINT_KINDS:
        about = organisation if kind.code == LISTING else None
        assert send(now, kind=kind.code, about_organisation=about).kind == kind.code
    assert len(PUBLIC_POINT_KINDS) == 5


def test_five_thousand_letters_are_kept_whole(strategy, now):
    assert len(send(now, words="x" * 5_000).words) == 5_000


def test_what_is_said_at_an_engagement_belongs_to_its_group_and_strategy(strategy, group, officer, secretary, now):
    meeting = Engagement.objects.create(
        kind="meeting", title="Spring", group=group, strategy=strategy, starts_on=timezone.localdate(now)
    )
    for by in (officer, secretary):
        point = record(by, now, engagement=meeting)
        assert (point.strategy, point.group, point.is_published) == (strategy, group, False)
        assert point.history.get().act == "point_record"


def test_a_secretary_records_for_the_own_group_only(strategy, group, secretary, now):
    assert record(secretary, now, group=group).group == group
    with pytest.raises(NotAllowed, match="council officer"):
        record(secretary, now, strategy=strategy)
    other = make_group(make_organisation("The Circle", "partnership_group"))
    with pytest.raises(NotAllowed, match="the secretary of The Circle"):
        record(secretary, now, group=other)


def test_a_point_can_be_published_as_it_is_recorded(strategy, officer, now):
    point = record(officer, now, strategy=strategy, publish=True, words="More seats.")
    assert (point.public_words, point.published_by, point.is_published) == ("More seats.", officer, True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "rubbish"}, "kind"), ({"words": ""}, "words"), ({"raised_on": "tomorrow"}, "raised_on"),
        ({"kind": "decision"}, "owner_words"), ({"makes_action": True}, "makes_action"),
        ({"kind": "decision", "owner_words": "The hub", "makes_action": True}, "commitment"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused_at_its_field(strategy, officer, now, more, field):
    if more.get("raised_on") == "tomorrow":
        more = {"raised_on": timezone.localdate(now) + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        record(officer, now, strategy=strategy, **more)
    assert refused.value.field == field
    assert not Point.objects.exists()


def test_today_is_not_the_future(strategy, officer, now):
    assert record(officer, now, strategy=strategy, raised_on=timezone.localdate(now)).pk


def test_a_commitment_of_another_strategy_is_refused(strategy, commitment, council, officer, now):
    other = make_strategy(council, slug="other", opens_first=False)
    with pytest.raises(Invalid) as refused:
        record(officer, now, strategy=other, commitment=commitment)
    assert refused.value.field == "commitment"
    assert record(officer, now, commitment=commitment).strategy == strategy


def test_a_decision_becomes_an_action_of_its_commitment(commitment, officer, now):
    due = timezone.localdate(now) + timedelta(days=30)
    point = record(
        officer, now, kind="decision", words="Buy a ramp.", commitment=commitment, owner=officer, due_on=due, makes_action=True,
    )  # fmt: skip
    assert point.became_action is not None
    assert (point.became_action.title, point.became_action.due_on) == ("Buy a ramp.", due)
    assert (point.became_action.owner_person, point.became_commitment) == (officer, commitment)


def test_an_action_that_cannot_be_planned_keeps_no_decision(commitment, officer, administrator, now):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        record(
            officer,
            now,
            kind="decision",
            words="Buy it.",
            commitment=commitment,
            owner=administrator,
            makes_action=True,
        )
    assert refused.value.field == "owner", "an administrator owns no actions"
    assert not Point.objects.exists()


def test_only_who_could_answer_it_owns_it(sent, officer, partner, administrator, now):
    with pytest.raises(Invalid) as refused:
        points.assign_point(by=officer, at=now, point=sent, owner=partner)
    assert refused.value.field == "owner"
    day = timezone.localdate(now)
    owned = points.assign_point(by=officer, at=now, point=sent, owner=administrator, due_on=day)
    assert (owned.owner, owned.due_on, owned.version) == (administrator, day, 1)
    assert owned.history.get().said["now"] == {"owner": administrator.name, "owner_words": "", "due": day.isoformat()}


def test_a_point_is_passed_to_the_people_of_another_strategy(sent, council, officer, now):
    elsewhere = make_organisation("Elmshire Council", "public_body")
    other = make_strategy(elsewhere, slug="elmshire", opens_first=False)
    theirs = make_person("officer", elsewhere)
    points.assign_point(by=officer, at=now, point=sent, owner=officer)
    passed = points.direct_point(by=officer, at=now, point=sent, strategy=other, group=None)
    assert (passed.strategy, passed.owner) == (other, None), "it is not the first council's any more"
    with pytest.raises(NotAllowed):
        points.assign_point(by=officer, at=now, point=sent, owner=None)
    assert points.assign_point(by=theirs, at=now, point=sent, owner=theirs).owner == theirs


def test_where_it_was_raised_says_who_answers(strategy, officer, group, now):
    meeting = Engagement.objects.create(
        kind="meeting", title="Spring", strategy=strategy, starts_on=timezone.localdate()
    )
    point = record(officer, now, engagement=meeting)
    with pytest.raises(NotNow, match="passed to another strategy or group"):
        points.direct_point(by=officer, at=now, point=point, strategy=None, group=group)


def test_nothing_is_public_before_an_officer_publishes_edited_words(sent, officer, now):
    assert not Point.objects.published().exists()
    shown = points.publish_point(
        by=officer, at=now, point=sent, public_words="There is no ramp.", raised_by_words="A club"
    )
    assert (shown.is_published, shown.words) == (True, WORDS), "the original stays"
    assert list(Point.objects.published()) == [sent]
    assert "Petra" not in str([entry.said for entry in shown.history.all()]), (
        "a name in the history could not be erased"
    )
    with pytest.raises(Invalid):
        points.publish_point(by=officer, at=now, point=sent, public_words=" ")


def test_published_words_are_taken_down_with_a_reason_and_can_be_published_again(sent, officer, now):
    with pytest.raises(NotNow, match="Nothing from this is published"):
        points.take_down_point(by=officer, at=now, point=sent, reason="It names somebody.")
    points.publish_point(by=officer, at=now, point=sent, public_words="There is no ramp.")
    with pytest.raises(Invalid):
        points.take_down_point(by=officer, at=now, point=sent, reason=" ")
    down = points.take_down_point(by=officer, at=now, point=sent, reason="It names somebody.")
    assert (down.is_published, Point.objects.published().exists()) == (False, False)
    again = points.publish_point(by=officer, at=now, point=sent, public_words="No ramp.")
    assert (again.is_published, again.taken_down_why) == (True, "")


def test_one_person_answers_and_the_sender_reads_it_by_email(sent, officer, now):
    done = points.answer_point(by=officer, at=now, point=sent, answer=YES)
    assert (done.state, done.stance, done.responded_by) == ("answered", "yes", officer)
    mail = Mail.objects.filter(kind="point").latest("id")
    assert "We will put a ramp in" in mail.text
    assert "Petra" not in mail.text
    assert done.history.get().said["response"] == YES.response
    corrected = points.answer_point(by=officer, at=now, point=sent, answer=PointAnswer("no", "There is no money."))
    assert (corrected.stance, corrected.is_answered) == ("no", True)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (PointAnswer("", "Soon."), "stance"), (PointAnswer("awaited", "Soon."), "stance"), (PointAnswer("yes", " "), "response"),
        (PointAnswer("yes", "x" * 5_001), "response"),
    ],
)  # fmt: skip
def test_an_answer_has_a_stance_and_a_reason(sent, officer, now, answer, field):
    with pytest.raises(Invalid) as refused:
        points.answer_point(by=officer, at=now, point=sent, answer=answer)
    assert refused.value.field == field
    assert Mail.objects.count() == 1


def test_an_answer_leads_only_to_what_is_its_own(sent, officer, strategy, commitment, council, now):
    other = make_strategy(council, slug="other", opens_first=False)
    today = timezone.localdate(now)
    points.direct_point(by=officer, at=now, point=sent, strategy=strategy, group=None)
    theirs, ours, later = (
        Engagement.objects.create(kind="meeting", title="M", strategy=whose, starts_on=today + timedelta(days=days))
        for whose, days in ((other, 0), (strategy, 0), (strategy, 1))
    )
    wrong = [
        ("became_commitment", PointAnswer("yes", "Soon.", became_commitment=other.commitments.first())),
        ("decided_at", PointAnswer("yes", "Soon.", decided_at=theirs)),
        ("decided_at", PointAnswer("yes", "Soon.", decided_at=later)),
    ]
    for field, answer in wrong:
        with pytest.raises(Invalid) as refused:
            points.answer_point(by=officer, at=now, point=sent, answer=answer)
        assert refused.value.field == field
    right = PointAnswer("yes", "Soon.", decided_at=ours, became_commitment=commitment)
    done = points.answer_point(by=officer, at=now, point=sent, answer=right)
    assert (done.decided_at, done.became_commitment) == (ours, commitment)


def test_a_point_is_answered_before_it_is_done_and_a_decision_is_done_without_an_answer(sent, strategy, officer, now):
    today = timezone.localdate(now)
    with pytest.raises(NotNow, match="Answer it first"):
        points.finish_point(by=officer, at=now, point=sent, done_on=today)
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    with pytest.raises(Invalid):
        points.finish_point(by=officer, at=now, point=sent, done_on=today + timedelta(days=1))
    with pytest.raises(Invalid):
        points.finish_point(by=officer, at=now, point=sent, done_on=today - timedelta(days=1))
    assert points.finish_point(by=officer, at=now, point=sent, done_on=today).state == "done"
    decision = record(officer, now, kind="decision", strategy=strategy, owner_words="The hub")
    with pytest.raises(NotNow, match="needs no answer"):
        points.answer_point(by=officer, at=now, point=decision, answer=YES)
    assert points.finish_point(by=officer, at=now, point=decision, done_on=today).state == "done"


def test_a_point_without_an_answer_is_closed_with_a_reason(sent, officer, now):
    with pytest.raises(Invalid):
        points.close_point(by=officer, at=now, point=sent)
    closed = points.close_point(by=officer, at=now, point=sent, reason="It is about another county.")
    assert (closed.state, closed.closed_at, closed.closed_why) == ("closed", now, "It is about another county.")
    with pytest.raises(AlreadyDone):
        points.close_point(by=officer, at=now, point=sent, reason="Again.")
    with pytest.raises(NotNow, match="Reopen it first"):
        points.assign_point(by=officer, at=now, point=sent, owner=officer)


def test_spam_needs_no_reason_and_is_never_published(sent, strategy, officer, now):
    said = record(officer, now, strategy=strategy)
    with pytest.raises(NotNow, match="public form"):
        points.close_point(by=officer, at=now, point=said, is_spam=True)
    points.publish_point(by=officer, at=now, point=sent, public_words="Cheap pills.")
    with pytest.raises(NotNow, match="Take them down"):
        points.close_point(by=officer, at=now, point=sent, is_spam=True)
    points.take_down_point(by=officer, at=now, point=sent, reason="Spam.")
    spam = points.close_point(by=officer, at=now, point=sent, is_spam=True)
    assert spam.is_spam
    with pytest.raises(NotNow, match="closed as spam"):
        points.publish_point(by=officer, at=now, point=sent, public_words="Cheap pills.")


def test_a_reopened_point_waits_for_an_answer_again(sent, officer, now):
    with pytest.raises(AlreadyDone):
        points.reopen_point(by=officer, at=now, point=sent, reason="More came.")
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    with pytest.raises(Invalid):
        points.reopen_point(by=officer, at=now, point=sent, reason="")
    back = points.reopen_point(by=officer, at=now, point=sent, reason="The ramp broke.")
    assert (back.state, back.stance, back.response, back.is_answered) == ("raised", "", "", False)
    assert back.history.latest("id").said["was"]["response"] == YES.response
    assert list(Point.objects.unanswered()) == [sent]


def test_the_second_of_two_people_is_told_who_was_quicker(sent, officer, second_officer, now):
    seen = sent.version
    points.answer_point(by=officer, at=now, point=sent, answer=YES, version=seen)
    with pytest.raises(Conflict, match="Olive Officer has changed this"):
        points.answer_point(by=second_officer, at=now, point=sent, answer=YES, version=seen)
    with pytest.raises(Conflict, match="You have changed this"):
        points.close_point(by=officer, at=now, point=sent, version=seen)


ACTS = {
    "assign": lambda by, now, point: points.assign_point(by=by, at=now, point=point, owner=None),
    "direct": lambda by, now, point: points.direct_point(by=by, at=now, point=point, strategy=None, group=None),
    "publish": lambda by, now, point: points.publish_point(by=by, at=now, point=point, public_words="A ramp."),
    "take down": lambda by, now, point: points.take_down_point(by=by, at=now, point=point, reason="A name."),
    "answer": lambda by, now, point: points.answer_point(by=by, at=now, point=point, answer=YES),
    "finish": lambda by, now, point: points.finish_point(by=by, at=now, point=point, done_on=timezone.localdate(now)),
    "close": lambda by, now, point: points.close_point(by=by, at=now, point=point, reason="Over."),
    "reopen": lambda by, now, point: points.reopen_point(by=by, at=now, point=point, reason="More."),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_for_those_who_answer_it(sent, act, partner_lead, secretary, group, now):
    for person in (partner_lead, secretary, make_person("officer", make_organisation("Elsewhere", "public_body"))):
        with pytest.raises(NotAllowed):
            ACTS[act](person, now, sent)
    assert Point.objects.get().version == 0


@pytest.mark.parametrize(("days", "silent"), [(59, False), (60, True), (61, True)])
def test_after_sixty_days_everyone_reads_that_it_is_unanswered(sent, officer, now, days, silent):
    today = sent.raised_on + timedelta(days=days)
    assert Point.objects.silent(today).exists() is silent
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    assert not Point.objects.silent(today).exists()


def test_a_strategy_of_one_s_own_is_no_way_into_a_meeting_of_others(strategy, officer, now):
    elsewhere = make_organisation("Elmshire Council", "public_body")
    there = make_strategy(elsewhere, slug="elmshire", opens_first=False)
    far = make_person("officer", elsewhere)
    meeting = Engagement.objects.create(
        kind="meeting", title="Ours", strategy=strategy, starts_on=timezone.localdate(now)
    )
    with pytest.raises(NotAllowed):
        record(far, now, engagement=meeting, strategy=there)
    with pytest.raises(Invalid) as refused:
        record(officer, now, engagement=meeting, commitment=there.commitments.first())
    assert refused.value.field == "commitment"
    assert not Point.objects.exists()


def test_a_meeting_of_a_group_is_about_what_the_group_steers(strategy, secretary, now):
    group = make_group(steering_group(), secretary=secretary)
    meeting = Engagement.objects.create(kind="meeting", title="Ours", group=group, starts_on=timezone.localdate(now))
    point = record(secretary, now, engagement=meeting, commitment=strategy.commitments.first())
    assert (point.strategy, point.group) == (strategy, group)
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    other.steered_by = make_organisation("Another group", "partnership_group")
    other.save()
    with pytest.raises(Invalid):
        record(secretary, now, engagement=meeting, commitment=other.commitments.first())
