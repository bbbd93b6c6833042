"""A comment on a draft: whoever wrote the section is told, once a day at most, and has a task until it is resolved."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from commitments.models import Round
from partners.emails.sending import send_waiting
from partners.models import Mail, RoleGrant, User
from reporting.reading.open_comments import comments_for, sections_for
from reporting.services.comments import add_comment, reopen_comment, resolve_comment
from reporting.services.texts import save_text
from tests.mail_server import plain_words_of, words_of

pytestmark = pytest.mark.django_db
FOREWORD = "/reports/of/our-strategy/2025-26/write/foreword/"
TUESDAY = date(2026, 5, 12)


def at(day: date = TUESDAY, hour: int = 9, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


@pytest.fixture
def round_(strategy) -> Round:
    return Round.objects.create(
        strategy=strategy, slug="2025-26", observes_from=date(2025, 4, 1), observes_to=date(2026, 3, 31),
        opens_on=date(2026, 4, 1), closes_on=date(2026, 6, 3), grace_until=date(2026, 6, 10), state="open",
    )  # fmt: skip


@pytest.fixture
def written(round_, officer):
    """The foreword, which the officer wrote last."""
    return save_text(by=officer, at=at(), round_=round_, section="foreword", text="A good year.", version=None)


@pytest.fixture
def say(round_, steering_member):
    def say(words="Say more.", *, section="foreword", by=None, when=None):
        return add_comment(by=by or steering_member, at=when or at(), round_=round_, section=section, words=words)

    return say


def emails(person=None, **more) -> list[Mail]:
    found = Mail.objects.filter(kind="report:comments", **more).order_by("due_at", "id")
    return list(found.filter(person=person) if person else found)


def test_whoever_wrote_the_section_gets_one_email_with_all_the_day_s_comments(written, say, officer, administrator):
    say()
    say("Name the [halls](https://example.org).\n# Now", when=at(hour=11))
    [mail] = emails()
    assert (mail.person, mail.state) == (officer, "waiting")
    assert timezone.localtime(mail.due_at) == at(date(2026, 5, 13), 8, 10)
    assert mail.subject == "2 comments on the draft report for 2025-26, Strategy our-strategy"
    where = f"http://127.0.0.1:8000{FOREWORD}#comments"
    assert f"* Sam Steering on Foreword: {where}: “Say more.”" in mail.text
    assert "“Name the [halls](https: //example[.]org). # Now”" in mail.text
    assert words_of(mail.html) == plain_words_of(mail.text)


def test_the_next_day_s_email_has_only_what_is_new(written, say, officer):
    say("First.")
    send_waiting(at(date(2026, 5, 13), 8, 30))
    say("Second.", when=at(date(2026, 5, 13), 9))
    first, second = emails(officer)
    assert (first.state, second.state) == ("sent", "waiting")
    assert "Second." not in first.text
    assert "First." not in second.text
    assert second.subject.startswith("1 comment on")


@pytest.mark.parametrize(
    ("said", "due"),
    [
        (at(TUESDAY, 7), at(TUESDAY, 8, 10)),
        (at(TUESDAY, 8, 10), at(date(2026, 5, 13), 8, 10)),
        (at(date(2026, 5, 1), 17), at(date(2026, 5, 5), 8, 10)),
        (at(date(2026, 5, 2), 7), at(date(2026, 5, 5), 8, 10)),
    ],
)
def test_it_goes_on_the_next_working_morning(written, say, said, due):
    say(when=said)
    assert [timezone.localtime(mail.due_at) for mail in emails()] == [due]


def test_where_nobody_has_written_it_the_administrators_are_told(round_, say, officer, administrator):
    say(section="forward-plan")
    assert [mail.person for mail in emails()] == [administrator]


def test_once_its_writer_may_write_no_longer_the_administrators_answer(written, say, officer, administrator):
    RoleGrant.objects.filter(person=officer).update(ended_at=at(), ended_by=administrator)
    say()
    assert [mail.person for mail in emails()] == [administrator]
    assert len(comments_for(administrator)) == 1


def test_once_its_writer_s_access_has_ended_the_administrators_answer(written, say, officer, administrator):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    say()
    assert [mail.person for mail in emails()] == [administrator]
    assert len(comments_for(administrator)) == 1


def test_nobody_is_told_of_their_own_comment(written, say, officer):
    say(by=officer)
    assert emails() == []


def test_one_s_own_comment_is_not_among_those_of_others(written, say, officer):
    say("Mine.", by=officer)
    say("Theirs.")
    [mail] = emails(officer)
    assert "Theirs." in mail.text
    assert "Mine." not in mail.text


def test_what_is_resolved_before_it_goes_is_left_out_and_the_last_one_lets_it_go(written, say, officer):
    first, second = say("First."), say("Second.")
    resolve_comment(by=officer, at=at(hour=10), comment=first)
    [mail] = emails()
    assert "First." not in mail.text
    assert mail.subject.startswith("1 comment on")
    resolve_comment(by=officer, at=at(hour=10), comment=second)
    assert [mail.state for mail in emails()] == ["dropped"]
    say("Third.", when=at(hour=12))
    assert [mail.state for mail in emails()] == ["waiting"]
    assert "Third." in emails()[0].text


def test_the_same_comment_sent_twice_is_told_once(written, say):
    say()
    say()
    assert emails()[0].subject.startswith("1 comment on")


def test_the_task_stands_until_the_comment_is_resolved_and_comes_back_with_it(
    written, say, officer, second_officer, administrator, signed_in
):
    comment = say()
    say("More.")
    page = signed_in(officer).get("/my-work/").text
    assert "Answer 2 comments on “Foreword”" in page
    assert f"{FOREWORD}#comments" in page
    for other in (second_officer, administrator):
        assert sections_for(other) == []
    for one in comments_for(officer):
        resolve_comment(by=officer, at=at(), comment=one)
    assert "Answer " not in signed_in(officer).get("/my-work/").text
    reopen_comment(by=officer, comment=comment)
    assert "Answer 1 comment on “Foreword”" in signed_in(officer).get("/my-work/").text


def test_who_cannot_write_a_report_has_no_such_task(written, say, steering_member, partner):
    say()
    assert comments_for(steering_member) == comments_for(partner) == []
