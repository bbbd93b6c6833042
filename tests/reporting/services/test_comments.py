"""What is said of a draft: by whom, until it is answered, and nothing that was said is lost."""

from datetime import timedelta

import pytest

from reporting.models import Comment
from reporting.reading import report_texts as reading
from reporting.services.comments import add_comment, reopen_comment, resolve_comment
from tests.factories import make_round
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(steering_member, open_round, now):
    """Says something of a section of the open round's report, as the steering-group member unless somebody else is named."""

    def add(words="Say more about volunteers.", *, section="foreword", by=None, at=None):
        return add_comment(by=by or steering_member, at=at or now, round_=open_round, section=section, words=words)

    return add


def test_a_comment_is_kept_with_who_and_when(say, steering_member, now):
    made = say(" Say more. \r\nAbout volunteers. ")
    assert (made.words, made.said_by, made.said_at, made.resolved_at) == (
        "Say more. \nAbout volunteers.", steering_member, now, None,
    )  # fmt: skip


@pytest.mark.parametrize(("who", "may"), [
    ("steering_member", True), ("officer", True), ("administrator", True), ("partner", False), ("outsider", False),
    ("nobody", False),
])  # fmt: skip
def test_who_may_comment(who, may, say, request):
    if may:
        assert say(by=request.getfixturevalue(who)).pk
    else:
        with pytest.raises(Refused, match="comment on a draft report"):
            say(by=request.getfixturevalue(who))
        assert not Comment.objects.exists()


def test_an_empty_one_a_long_one_and_one_of_no_section_are_refused(say):
    with pytest.raises(Refused, match="Write your comment first"):
        say(" \n")
    with pytest.raises(Refused, match=r"2,001 characters\. The limit is 2,000\."):
        say("x" * 2001)
    with pytest.raises(Refused, match="no such section"):
        say(section="priority-9")


def test_sending_it_twice_is_sending_it_once_while_it_is_open(say, officer, now):
    first = say()
    assert say() == first
    resolve_comment(by=officer, at=now, comment=first)
    assert say() != first


def test_an_officer_resolves_it_once_with_an_answer(say, officer, second_officer, now):
    comment = say()
    later = now + timedelta(hours=2)
    done = resolve_comment(by=officer, at=later, comment=comment, answer="They are named now. ")
    assert (done.answer, done.resolved_by, done.resolved_at) == ("They are named now.", officer, later)
    again = resolve_comment(by=second_officer, at=later + timedelta(1), comment=comment, answer="Another.")
    assert (again.answer, again.resolved_by) == ("They are named now.", officer)


@pytest.mark.parametrize("who", ["steering_member", "partner", "nobody"])
def test_only_those_who_write_resolve(who, say, now, request):
    comment = say()
    with pytest.raises(Refused):
        resolve_comment(by=request.getfixturevalue(who), at=now, comment=comment)
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_it_is_opened_again_and_both_answers_stay(say, officer, steering_member, partner, now):
    comment = resolve_comment(by=officer, at=now, comment=say(), answer="They are named now.")
    with pytest.raises(Refused):
        reopen_comment(by=partner, comment=comment)
    opened = reopen_comment(by=steering_member, comment=comment)
    assert (opened.resolved_at, opened.resolved_by, opened.answer) == (None, None, "They are named now.")
    done = resolve_comment(by=officer, at=now, comment=opened, answer="And counted.")
    assert done.answer == "They are named now.\n\nAnd counted."


def test_what_is_open_comes_first_and_is_counted(say, officer, open_round, strategy, now, django_assert_num_queries):
    first = say("One.")
    say("Two.", at=now + timedelta(hours=1))
    say("Of the plan.", section="forward-plan")
    resolve_comment(by=officer, at=now, comment=first)
    with django_assert_num_queries(1):
        said = [(one.words, one.said_by.name) for one in reading.comments(open_round, "foreword")]
    assert [words for words, _name in said] == ["Two.", "One."]
    counted = {one.section.key: (one.open, one.resolved) for one in reading.book(open_round).sections}
    assert (counted["foreword"], counted["forward-plan"], counted["priority-1"]) == ((1, 1), (1, 0), (0, 0))
    assert reading.book(make_round(strategy, years_ago=1)).open == 0
