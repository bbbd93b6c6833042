"""What people send from the public form is erased in time, and what was answered stays."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from commitments.content.points import PointAnswer, RecordedPoint, SentPoint
from commitments.models import Point, PointContact
from commitments.services import points
from commitments.services.receiving_points import record_point, send_point
from partners.services.access import end_access
from vcsportal.privacy.personal_data_export import sections
from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services.erasure import erase_person
from vcsportal.privacy.services.retention_job import apply_retention

pytestmark = pytest.mark.django_db
YES = PointAnswer("yes", "We will.")


@pytest.fixture
def now():
    """Noon, so that the same number of days later is the same number of local days later, in summer and in winter."""
    return timezone.localtime().replace(hour=12, minute=0)


@pytest.fixture
def sent(strategy, now) -> Point:
    content = SentPoint(
        "proposal", "A ramp for Petra.", about_words="Ash Hall", email="petra@example.org", name="Petra"
    )
    return send_point(at=now, token=uuid.uuid4(), content=content)


def after(days, now):
    """Apply the table so many days later."""
    apply_retention(now + timedelta(days=days))


def test_contact_details_go_once_it_has_been_answered_for_half_a_year(sent, officer, now):
    after(600, now)
    assert PointContact.objects.exists(), "nobody has answered, so somebody may still want to"
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    assert RULE["point_contacts"].days == 180
    after(180, now)
    assert PointContact.objects.exists()
    after(181, now)
    assert not PointContact.objects.exists()
    assert Point.objects.get().words == "A ramp for Petra.", "the original is kept for longer"


def test_the_last_of_answer_and_closing_counts(sent, officer, now):
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    points.close_point(by=officer, at=now + timedelta(days=100), point=sent)
    after(181, now)
    assert PointContact.objects.exists()
    after(281, now)
    assert not PointContact.objects.exists()


def test_contact_details_go_half_a_year_after_it_was_closed_without_an_answer(sent, officer, now):
    points.close_point(by=officer, at=now, point=sent, reason="Another county.")
    after(181, now)
    assert not PointContact.objects.exists()


def test_original_words_are_erased_after_two_years_and_what_is_published_stays(sent, officer, now):
    points.publish_point(by=officer, at=now, point=sent, public_words="A ramp.")
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    after(730, now)
    assert Point.objects.get().words
    after(731, now)
    point = Point.objects.get()
    assert (point.words, point.about_words, bool(point.erased_at)) == ("", "", True)
    assert (point.public_words, point.response) == ("A ramp.", "We will.")


def test_nothing_waits_for_ever_for_an_answer(sent, now):
    after(731, now)
    assert not PointContact.objects.exists()
    assert Point.objects.get().words == ""


def test_spam_goes_sooner(sent, officer, now):
    points.close_point(by=officer, at=now, point=sent, is_spam=True)
    after(30, now)
    assert Point.objects.get().words
    after(31, now)
    assert Point.objects.get().words == ""
    assert not PointContact.objects.exists()


def test_what_the_portals_people_record_is_the_record(strategy, officer, now):
    content = RecordedPoint("said", "More seats.", timezone.localdate(now), strategy=strategy)
    record_point(by=officer, at=now, content=content)
    after(2_000, now)
    assert Point.objects.get().words == "More seats."


def test_a_person_gets_what_they_sent_and_their_details_go_with_the_account(sent, partner, administrator, now):
    PointContact.objects.update(email=partner.email.upper())
    found = {table.code: table for table in sections(partner)}
    assert "A ramp for Petra." in found["commitments-point-sent"].rows[0]
    assert found["commitments-pointcontact"].rows
    end_access(by=administrator, at=now, person=partner, reason="Left.")
    partner.refresh_from_db()
    erase_person(by=administrator, at=now, person=partner, reason="They asked.")
    assert not PointContact.objects.exists()
    assert Point.objects.exists()


def test_words_that_were_taken_down_go_with_the_original(sent, officer, now):
    points.publish_point(by=officer, at=now, point=sent, public_words="A ramp for Petra.", raised_by_words="Petra")
    points.take_down_point(by=officer, at=now, point=sent, reason="It names somebody.")
    after(731, now)
    point = Point.objects.get()
    assert (point.words, point.public_words, point.raised_by_words) == ("", "", "")
    assert point.taken_down_why


@pytest.fixture
def recorded(strategy, officer, now) -> Point:
    content = RecordedPoint(
        "decision", "Petra gets a ramp.", timezone.localdate(now), strategy=strategy, about_words="Ash Hall",
        raised_by_words="Petra", owner_words="The works team",
    )  # fmt: skip
    return record_point(by=officer, at=now, content=content, publish=True)


def test_recorded_words_that_were_taken_down_go_two_years_later(recorded, officer, now):
    later = now + timedelta(days=100)
    points.take_down_point(by=officer, at=later, point=recorded, reason="It names somebody.")
    after(830, now)
    assert Point.objects.get().words == "Petra gets a ramp."
    after(831, now)
    point = Point.objects.get()
    assert (point.words, point.public_words, point.about_words, point.raised_by_words) == ("", "", "", "")
    assert (point.is_published, point.owner_words, bool(point.erased_at)) == (False, "The works team", True)
    assert point.taken_down_why == "It names somebody."
    erased = point.erased_at
    after(840, now)
    assert Point.objects.get().erased_at == erased, "what is gone is not erased again"


def test_words_that_are_published_again_stay(recorded, officer, now):
    points.take_down_point(by=officer, at=now, point=recorded, reason="It names somebody.")
    points.publish_point(by=officer, at=now, point=recorded, public_words="Ash Hall gets a ramp.")
    after(2_000, now)
    point = Point.objects.get()
    assert (point.public_words, point.words) == ("Ash Hall gets a ramp.", "Petra gets a ramp.")


def test_what_was_never_published_is_no_word_that_was_taken_down(strategy, officer, now):
    content = RecordedPoint("said", "More seats.", timezone.localdate(now), strategy=strategy)
    record_point(by=officer, at=now, content=content)
    after(2_000, now)
    assert Point.objects.get().words == "More seats."


def test_published_words_of_a_message_go_though_the_original_was_erased_long_before(sent, officer, now):
    points.publish_point(by=officer, at=now, point=sent, public_words="A ramp for Petra.")
    after(731, now)
    assert Point.objects.get().public_words == "A ramp for Petra."
    later = now + timedelta(days=800)
    points.take_down_point(by=officer, at=later, point=sent, reason="It names somebody.")
    after(1_530, now)
    assert Point.objects.get().public_words == "A ramp for Petra."
    after(1_531, now)
    assert Point.objects.get().public_words == ""


def test_the_command_erases_words_that_were_taken_down(recorded, officer, now, capsys):
    long_ago = now - timedelta(days=731)
    Point.objects.update(raised_on=timezone.localdate(long_ago), raised_at=long_ago)
    points.take_down_point(by=officer, at=long_ago, point=recorded, reason="It names somebody.")
    call_command("apply_retention")
    assert Point.objects.get().words == ""


def test_whoever_handled_a_point_does_not_take_its_words_along(sent, officer, now):
    points.answer_point(by=officer, at=now, point=sent, answer=YES)
    told = str([table.rows for table in sections(officer)])
    assert "We will." in told
    assert "A ramp for Petra." not in told
    assert "Ash Hall" not in told


def test_whoever_sent_a_point_reads_the_own_words_and_not_why_they_were_taken_down(sent, officer, partner_lead, now):
    PointContact.objects.update(email=partner_lead.email)
    points.publish_point(by=officer, at=now, point=sent, public_words="A ramp.")
    points.take_down_point(by=officer, at=now, point=sent, reason="It names somebody.")
    told = str([table.rows for table in sections(partner_lead)])
    assert "A ramp for Petra." in told
    assert "It names somebody." not in told
