"""The easy summary on groups, decisions and what people asked for: plain, with the answers given, and absent where there is nothing."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from reporting.easy import drawing, people
from reporting.easy.words import EasyPart
from reporting.facts import DecisionFacts, GroupFacts, PointFacts, ResponseFacts, SeatFacts
from tests.reporting.easy.test_easy import REAL, told

HELD, EMPTY = SeatFacts("Chair", is_held=True), SeatFacts("Business", is_held=False)
GROUPS = (
    GroupFacts("alliance", "The alliance", seats=(HELD, HELD, EMPTY)),
    GroupFacts("transport", "Transport group", seats=(HELD,)),
    GroupFacts("skills", "Skills group", seats=(EMPTY,), rests_since=date(2025, 1, 1), rests_why="its purpose is under review"),
    GroupFacts("halls", "Halls group", seats=(EMPTY,), ended_on=date(2025, 2, 1), rests_since=date(2025, 1, 1)),
)  # fmt: skip
DECISIONS = (
    DecisionFacts(1, "Spring meeting", date(2025, 2, 1), "Ask the districts for rooms.", "Chair", date(2025, 6, 1), date(2025, 5, 1)),
    DecisionFacts(2, "Spring meeting", date(2025, 2, 1), "Write to the bus company", "Chair", date(2025, 9, 1), None),
)  # fmt: skip
POINTS = (
    PointFacts(1, "said", date(2024, 5, 1), "More evening\nbuses.", stance="in_part", done_on=date(2025, 5, 1)),
    PointFacts(2, "said", date(2024, 5, 1), "A hall for every village", stance="no"),
    PointFacts(3, "said", date(2024, 5, 1), "A new page"),
    PointFacts(4, "said", date(2024, 5, 1), "A mended page", is_closed=True),
    PointFacts(5, "decision", date(2024, 5, 1), "Meet in the evening", done_on=date(2024, 9, 3)),
)


def there(part: EasyPart | None) -> EasyPart:
    assert part is not None
    return part


@pytest.fixture
def report():
    return replace(told((3,)), groups=GROUPS, decisions=DECISIONS, points=POINTS, actions_as_at=date(2025, 6, 3))


def test_groups_are_counted_with_the_empty_seats_of_those_that_meet(report):
    part = there(people.groups(report, 6))
    assert part.says == (
        "2 groups meet for this plan.", "They have 4 seats.", "1 of them was empty on 3 June 2025.", "2 groups do not meet now.",
    )  # fmt: skip
    assert part.points == (
        ("The alliance", "1 seat is empty."),
        ("Skills group", "It does not meet now. Its purpose is under review."),
        ("Halls group", "It ended on 1 February 2025."),
    )
    one = replace(report, groups=(replace(GROUPS[1], seats=(HELD, HELD)),))
    assert there(people.groups(one, 6)).says == (
        "1 group meets for this plan.", "It has 2 seats.", "None of them was empty on 3 June 2025.",
    )  # fmt: skip
    resting = replace(report, groups=(GROUPS[2],))
    assert there(people.groups(resting, 6)).says == ("No group meets for this plan now.", "1 group does not meet now.")
    for seat, says in ((HELD, "It was not empty on 3 June 2025."), (EMPTY, "It was empty on 3 June 2025.")):
        assert there(people.groups(replace(report, groups=(replace(GROUPS[1], seats=(seat,)),)), 6)).says[-1] == says


def test_decisions_of_meetings_say_what_became_of_them(report):
    part = there(people.decided(report, 6))
    assert part.says == ("Meetings made 3 decisions.", "2 of them are done.")
    assert part.points == (
        ("“Ask the districts for rooms”", "Done on 1 May 2025."),
        ("“Write to the bus company”", "Open: it is due on 1 September 2025."),
        ("“Meet in the evening”", "Done on 3 September 2024."),
    )
    one = replace(report, points=(), decisions=DECISIONS[1:])
    assert there(people.decided(one, 6)).says == ("Meetings made 1 decision.", "It is not done yet.")
    both = replace(report, points=(), decisions=(DECISIONS[1],) * 2)
    assert there(people.decided(both, 0)).says == ("Meetings made 2 decisions.", "None of them is done yet.")
    closed = replace(POINTS[4], done_on=None, is_closed=True)
    assert (
        there(people.decided(replace(one, decisions=(), points=(closed,)), 1)).points[0][1]
        == "Closed without being done."
    )
    still = replace(POINTS[4], done_on=None)
    assert there(people.decided(replace(one, decisions=(), points=(still,)), 1)).points[0][1] == "Not done yet."


def test_what_people_asked_for_stands_with_the_answer(report):
    part = there(people.said(report, 3))
    assert part.title == "You said, we did"
    assert part.says == (
        "People told us 4 things that we can print here.", "1 is accepted in part.", "1 is declined.",
        "1 was closed without an answer.", "1 is waiting for an answer.",
    )  # fmt: skip
    assert part.points == (
        ("“More evening buses”", "We said yes to some of it. It was done on 1 May 2025."),
        ("“A hall for every village”", "We said no."),
        ("“A new page”", "We have not answered yet."),
    )
    assert part.more == "The report has 1 more."
    assert there(people.said(report, 6)).points[3][1] == "It was closed without an answer."


def test_how_many_others_have_answered_is_said_apart_from_our_answers():
    report = told((2,))
    [priority] = report.priorities

    def asked(*stances: str):
        mine = ResponseFacts(1, "A County Council", "yes", "", "", None, None, is_owners=True)
        others = tuple(
            ResponseFacts(n, "A district", stance, "", "", None, None) for n, stance in enumerate(stances, 2)
        )
        first = replace(priority.commitments[0], owner_response="yes", responses=(mine, *others))
        lines = drawing.to_html(replace(report, priorities=(replace(priority, commitments=(first,)),)))
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", lines)).split())
        return words[words.index("Work begins when we say yes.") :].partition("What we do not know")[0]

    assert "asked of others" not in asked()
    assert "1 more answer was to come from others. It has not come yet." in asked("")
    assert "1 more answer was to come from others. It has come." in asked("no")
    assert "2 more answers were to come from others. None of these has come yet." in asked("", "")
    assert "3 more answers were to come from others. 2 of these have come." in asked("no", "", "yes")


def test_nothing_is_said_where_there_is_nothing():
    bare = told(REAL)
    assert [each(bare, 3) for each in (people.groups, people.decided, people.said)] == [None, None, None]
    assert not re.search("Our groups|What was decided|You said", drawing.to_html(bare))
    decided = replace(bare, points=POINTS[4:])
    assert people.said(decided, 3) is None, "a decision is no request"


@pytest.mark.parametrize("shape", [(3,), REAL, (9,) * 8])
@pytest.mark.parametrize("long", [False, True])
def test_it_stays_two_pages_with_all_of_them(shape, long):
    words = "Somebody said a great deal about it. " * 40 if long else "More buses."
    report = replace(
        told(shape, long=long), groups=GROUPS * 3, decisions=tuple(replace(DECISIONS[0], words=words) for _ in range(9)),
        points=tuple(replace(POINTS[n % 4], id=n, words=words) for n in range(20)), actions_as_at=date(2025, 6, 3),
    )  # fmt: skip
    drawn = drawing.to_pdf(report)
    assert drawn.pages == 2
    html = drawing.to_html(report)
    assert all(title in html for title in ("Our groups", "What was decided", "You said, we did"))


def test_sentences_follow_one_another_only_where_there_is_no_room_for_lines(report):
    roomy, tight = (
        drawing.to_html(report, points=layout) for layout in (drawing.LIST_LAYOUTS[0], drawing.LIST_LAYOUTS[-1])
    )
    assert "<p>They have 4 seats.</p>" in roomy
    assert "<p>2 groups meet for this plan. They have 4 seats. 1 of them was empty on 3 June 2025." in tight
