"""What changed in groups, points and decisions: the days on the border, published words alone, and how it is told."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import Action, Commitment, Point, Round, Strategy
from partners.models import PartnershipGroup, Seat
from reporting import assembly
from reporting.assembly.groups import groups
from reporting.assembly.partnership_changes import partnership_changes
from reporting.facts import ChangesFacts, DecidedFacts, GroupChangeFacts, SeatChangeFacts, from_json, to_json
from reporting.narrative import change_sentences
from reporting.paper.blocks import words
from reporting.paper.outline import outline
from reporting.reading.differences import differences
from reporting.rendering.body import to_html
from tests.factories import make_organisation
from tests.reporting.partnership import Partnership

pytestmark = pytest.mark.django_db
VACANT = "Larger business representative"
HELD = "Member 7"
SINCE, UNTIL = date(2024, 1, 31), date(2024, 3, 31)
DAY = timedelta(days=1)


@pytest.fixture
def partnership():
    return Partnership()


def changed(partnership, since=SINCE, until=UNTIL) -> ChangesFacts:
    strategy = Strategy.objects.get(pk=partnership.strategy.pk)
    return assembly.between(strategy, since=since, until=until)


def leave(partnership, title, until):
    [appointment] = partnership.group.seats.get(title=title).appointments.all()
    appointment.until = until
    appointment.save()


@pytest.mark.parametrize(
    ("starts_on", "until", "told"),
    [
        (SINCE, None, False),
        (SINCE + DAY, None, True),
        (UNTIL, None, True),
        (UNTIL + DAY, None, False),
        (SINCE + DAY, UNTIL + DAY, True),
        (SINCE + DAY, UNTIL, False),
    ],
    ids=["the day before", "the first day", "the last day", "the day after", "its last day", "left before"],
)
def test_a_seat_that_was_vacant_and_is_held_was_filled(partnership, starts_on, until, told):
    partnership.appoint(VACANT, "Director", starts_on, until)
    expected = (SeatChangeFacts(partnership.group.organisation.name, VACANT, filled=True, on=starts_on),)
    assert changed(partnership).seats == (expected if told else ())


@pytest.mark.parametrize(("until", "told"), [(SINCE, False), (SINCE + DAY, True), (UNTIL, True), (UNTIL + DAY, False)])
def test_a_seat_that_was_held_and_is_not_fell_vacant(partnership, until, told):
    leave(partnership, HELD, until)
    expected = (SeatChangeFacts(partnership.group.organisation.name, HELD, filled=False, on=until),)
    assert changed(partnership).seats == (expected if told else ())


def test_another_holder_is_no_change_and_neither_is_a_seat_that_is_no_more(partnership):
    leave(partnership, HELD, SINCE + DAY)
    partnership.appoint(HELD, "Director", SINCE + 3 * DAY)
    leave(partnership, "Member 8", SINCE + 2 * DAY)
    Seat.objects.filter(title="Member 8").update(ended_on=SINCE + 2 * DAY)
    assert changed(partnership).seats == ()


@pytest.mark.parametrize(("day", "told"), [(SINCE, False), (SINCE + DAY, True), (UNTIL, True), (UNTIL + DAY, False)])
def test_a_group_that_rests_or_has_ended_is_told_once_and_its_seats_are_not(partnership, day, told):
    board = PartnershipGroup.objects.get(organisation__slug="ashmere-carbon-board")
    PartnershipGroup.objects.exclude(pk=board.pk).update(rests_since=None, rests_why="")
    board.rests_since, board.rests_why = day, "its terms are under review."
    board.save()
    found = changed(partnership).groups
    assert found == (
        (GroupChangeFacts("Ashmere Carbon Board", "rested", day, "its terms are under review."),) if told else ()
    )
    board.ended_on = day
    board.save()
    Seat.objects.create(group=board, number=1, title="Chair").appointments.create(
        post="Director", starts_on=date(2023, 1, 1), until=SINCE + DAY
    )
    both = changed(partnership)
    assert both.groups == ((GroupChangeFacts("Ashmere Carbon Board", "ended", day),) if told else ())
    assert bool(both.seats) == (day > UNTIL), "seats of a group that is over did not fall vacant"


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.max.time()))


@pytest.mark.parametrize(("day", "told"), [(SINCE, False), (SINCE + DAY, True), (UNTIL, True), (UNTIL + DAY, False)])
def test_a_point_is_answered_on_its_day_whenever_it_was_made(partnership, day, told):
    point = partnership.point(
        "More buses.", date(2022, 1, 9), stance="in_part", response="Two more.", done_on=date(2024, 5, 1)
    )
    Point.objects.filter(pk=point.pk).update(responded_at=at(day), commitment=Commitment.objects.get(reference="2.1"))
    found = changed(partnership).answered
    assert [(each.kind, each.raised_on, each.stance, each.on, each.reference) for each in found] == (
        [("said", date(2022, 1, 9), "in_part", day, "2.1")] if told else []
    )


def test_only_published_points_of_this_strategy_and_its_groups_count_and_no_words_are_kept(partnership):
    other = Strategy.objects.create(
        slug="other", title="Other", owner=partnership.council, starts_on=date(2023, 1, 1), ends_on=date(2026, 1, 1), opens_first=False
    )  # fmt: skip
    answer = {"stance": "no", "response": "No money."}
    elsewhere = PartnershipGroup.objects.create(organisation=make_organisation("A forum", "partnership_group"))
    mine = [
        partnership.point("Of the plan.", SINCE, **answer),
        partnership.point("Of its group.", SINCE, strategy=None, group=partnership.group, **answer),
        partnership.point(
            "At its meeting.",
            SINCE,
            strategy=None,
            engagement=partnership.engagement("meeting", "Winter", SINCE),
            **answer,
        ),
    ]
    theirs = [
        partnership.point("Of another plan.", SINCE, **{**answer, "strategy": other}),
        partnership.point("Of another group.", SINCE, strategy=None, group=elsewhere, **answer),
        partnership.point(
            "Of the group, about another plan.", SINCE, strategy=None,
            engagement=partnership.engagement("meeting", "Spring", SINCE, strategy=other), **answer,
        ),
        partnership.point("Taken down.", SINCE, taken_down_at=timezone.now(), taken_down_why="A name.", **answer),
        partnership.point("From a robot.", SINCE, is_spam=True, **answer),
        partnership.point("Not answered.", SINCE),
    ]  # fmt: skip
    Point.objects.filter(pk__in=[point.pk for point in (*mine, *theirs[:-1])]).update(responded_at=at(UNTIL))
    Point.objects.filter(pk=mine[0].pk).update(commitment=None)
    found = changed(partnership)
    assert len(found.answered) == len(mine)
    kept = json.dumps(to_json(found))
    assert not [point for point in (*mine, *theirs) if point.public_words in kept or "The original" in kept]
    Point.objects.filter(pk=mine[0].pk).update(published_at=None)
    assert len(changed(partnership).answered) == len(mine) - 1


@pytest.mark.parametrize(("day", "told"), [(SINCE, False), (SINCE + DAY, True), (UNTIL, True), (UNTIL + DAY, False)])
def test_decisions_are_told_when_they_are_made_and_when_they_are_carried_out(partnership, day, told):
    meeting = partnership.engagement("meeting", "Spring meeting", day, state="written_up")
    made = partnership.point("Ask the districts.", day, kind="decision", engagement=meeting)
    assert changed(partnership).decided == ((DecidedFacts("Spring meeting", day),) if told else ())
    assert changed(partnership).carried_out == ()
    Point.objects.filter(pk=made.pk).update(raised_on=date(2023, 5, 1), done_on=day)
    carried_out = (DecidedFacts("Spring meeting", date(2023, 5, 1), day),) if told else ()
    assert changed(partnership).decided == ()
    assert changed(partnership).carried_out == carried_out
    Point.objects.filter(pk=made.pk).update(raised_on=SINCE, done_on=UNTIL)
    assert changed(partnership).decided == (), "made before, and told as carried out alone"
    Point.objects.filter(pk=made.pk).update(raised_on=UNTIL, done_on=UNTIL + DAY)
    assert changed(partnership).carried_out == (), "it was carried out later"
    Point.objects.filter(pk=made.pk).update(raised_on=date(2023, 5, 1))
    action = Action.objects.create(commitment=Commitment.objects.get(reference="2.1"), title="Ask", done_on=day)
    Point.objects.filter(pk=made.pk).update(done_on=None, became_action=action)
    assert changed(partnership).carried_out == carried_out, "its action was done"


def test_the_steering_groups_seats_are_those_of_its_strategy(partnership):
    steering = make_organisation("The alliance", "partnership_group")
    group = PartnershipGroup.objects.create(organisation=steering)
    Seat.objects.create(group=group, number=1, title="Chair").appointments.create(post="Director", starts_on=UNTIL)
    assert changed(partnership).seats == ()
    Strategy.objects.filter(pk=partnership.strategy.pk).update(steered_by=steering)
    assert [seat.group for seat in changed(partnership).seats] == ["The alliance"]
    described = groups(Strategy.objects.get(pk=partnership.strategy.pk), UNTIL)
    assert described
    assert "The alliance" not in [each.name for each in described], "the section on groups is about the report's own"


def test_it_is_told_in_three_queries_however_much_it_is(partnership):
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            partnership_changes(partnership.strategy, since=SINCE, until=UNTIL)
        assert len(queries) == 3, number
        partnership.tell()
        for title in (HELD, "Member 8"):
            leave(partnership, title, UNTIL)


def full() -> ChangesFacts:
    return ChangesFacts(
        SINCE, UNTIL,
        seats=(SeatChangeFacts("The board", "Chair", True, UNTIL), SeatChangeFacts("The board", "Clerk", False, UNTIL)),
        groups=(GroupChangeFacts("Skills", "rested", UNTIL, "it is summer."), GroupChangeFacts("Halls", "ended", UNTIL)),
        answered=(),
        decided=(DecidedFacts("Spring meeting", UNTIL), DecidedFacts("Spring meeting", UNTIL), DecidedFacts("", SINCE + DAY)),
        carried_out=(DecidedFacts("Autumn meeting", SINCE, UNTIL),),
    )  # fmt: skip


def test_it_reads_as_sentences():
    found = {group.code: group for group in change_sentences.groups(full())}
    assert list(found) == ["groups", "decided"]
    assert (
        found["groups"].says
        == "One seat was filled, one seat fell vacant, one group stopped meeting and one group ended."
    )
    assert [line.sentence for line in found["groups"].lines] == [
        "Skills has not met since 31 March 2024: it is summer.",
        "Halls: it ended on 31 March 2024.",
        "The board: the seat “Chair” was filled on 31 March 2024.",
        "The board: the seat “Clerk” has been vacant since 31 March 2024.",
    ]
    assert found["decided"].says == "Three decisions were made at meetings and one decision was carried out."
    assert [line.sentence for line in found["decided"].lines] == [
        "Spring meeting, 31 March 2024: two decisions.",
        "Decision without a meeting, 1 February 2024: one decision.",
        "Autumn meeting, 31 January 2024: a decision was carried out on 31 March 2024.",
    ]
    headline = change_sentences.headline(full())
    assert headline.startswith("One seat was filled, one seat fell vacant, one group stopped meeting,")
    assert "three decisions were made at meetings and one decision was carried out." in headline
    many = replace(full(), seats=full().seats[:1] * 12)
    assert change_sentences.headline(many).startswith("12 seats were filled, 1 group stopped meeting,")
    copied = change_sentences.copied(full(), "The plan")
    assert [
        copied.lower().count(part) for part in ("one seat was filled", "three decisions were made", "group ended")
    ] == [1, 1, 1]
    assert "Groups and seats: Skills has not met since 31 March 2024; Halls: it ended on 31 March 2024; " in copied
    assert "Decisions made at meetings: Spring meeting, 31 March 2024: two decisions; " in copied
    assert copied.endswith("a decision was carried out on 31 March 2024.")
    assert change_sentences.groups(ChangesFacts(SINCE, UNTIL)) == []


def test_the_page_of_changes_tells_it_without_a_link_to_a_commitment(partnership, client):
    partnership.appoint(VACANT, "Director", UNTIL)
    point = partnership.point("More buses.", SINCE, stance="no", response="No money.")
    Point.objects.filter(pk=point.pk).update(responded_at=at(UNTIL))
    page = client.get(
        reverse("reporting:changes", args=[partnership.strategy.slug]), {"from": SINCE + DAY, "to": UNTIL}
    )
    html = " ".join(page.content.decode().split())
    assert f"{partnership.group.organisation.name}: the seat “{VACANT}” was filled on 31 March 2024." in html
    assert "Said at a meeting or event of 31 January 2024: declined on 31 March 2024." in html
    assert 'href=""' not in html
    assert "More buses" not in html


@pytest.fixture
def second(partnership):
    """A second round, so that the report compares two years."""
    later = Round.objects.create(
        strategy=partnership.strategy, slug="2024-25", observes_from=date(2024, 4, 1), observes_to=date(2025, 3, 31),
        opens_on=date(2025, 4, 1), closes_on=date(2025, 5, 31), grace_until=date(2025, 6, 7),
    )  # fmt: skip
    partnership.round = later
    return partnership


def test_the_report_and_the_paper_tell_those_of_the_period(second):
    second.appoint(VACANT, "Director", date(2024, 4, 1))
    leave(second, HELD, date(2025, 4, 1))
    report = second.report(date(2025, 6, 20))
    assert report.changes is not None
    assert [(seat.title, seat.filled) for seat in report.changes.seats] == [(VACANT, True)], "vacant from the day after"
    assert from_json(json.loads(json.dumps(to_json(report)))) == report
    line = f"the seat “{VACANT}” was filled on 1 April 2024."
    assert line in to_html(report)
    general = replace(report, skeleton=None)
    assert any(line in words(block.runs) for block in outline(general).blocks if hasattr(block, "runs"))
    old = to_json(report)
    for name in ("seats", "groups", "answered", "decided", "carried_out"):
        del old["changes"][name]
    earlier = from_json(old).changes
    assert earlier is not None
    assert earlier.seats == ()
    assert line not in to_html(from_json(old))


def test_a_newer_edition_says_what_changed_in_groups_points_and_decisions(partnership):
    before = partnership.tell().report()
    assert differences(before, before) == ()
    partnership.appoint(VACANT, "Director", date(2024, 5, 1))
    leave(partnership, HELD, date(2024, 5, 1))
    PartnershipGroup.objects.filter(organisation__slug="ashmere-safety-board").update(ended_on=date(2024, 5, 1))
    PartnershipGroup.objects.filter(organisation__slug="ashmere-carbon-board").update(
        rests_since=date(2024, 5, 1), rests_why="Summer."
    )
    PartnershipGroup.objects.filter(organisation__slug="ashmere-communities-board").update(
        rests_since=None, rests_why=""
    )
    Point.objects.filter(public_words="A hall for every village.").update(
        stance="no", response="No money.", state="answered", responded_at=timezone.now()
    )
    partnership.point("Another.", date(2024, 2, 1))
    now = partnership.report()
    assert differences(before, now) == (
        f"Ashmere Strategic Partnership: the seat “{HELD}” fell vacant and the seat “{VACANT}” was filled",
        "Ashmere Communities Board: it meets again",
        "Ashmere Safety Board: it has ended",
        "Ashmere Carbon Board: it no longer meets",
        "changed words or answers of 1 point",
        "1 more point",
    )
    assert differences(now, before)[-1] == "1 point left out"
    assert differences(replace(before, groups=(), schema=4), now) == (), "facts of that shape had no groups"
    fewer = replace(now, groups=before.groups[1:])
    assert differences(before, fewer)[-3] == "Ashmere Strategic Partnership is left out"
    assert differences(replace(before, groups=()), now)[0] == "Ashmere Strategic Partnership is a new group"


def test_a_newer_edition_says_that_words_of_a_point_were_changed(partnership):
    point = partnership.point("Ask Mrs Jones.", SINCE)
    before = partnership.report()
    Point.objects.filter(pk=point.pk).update(public_words="Ask a resident.")
    now = partnership.report()
    assert differences(before, now) == ("changed words or answers of 1 point",)
    raised = replace(now, points=tuple(replace(each, raised_by="A resident") for each in now.points))
    assert differences(now, raised) == ("changed words or answers of 1 point",)


def test_a_newer_edition_says_what_became_of_decisions(partnership):
    before = partnership.report()
    meeting = partnership.engagement("meeting", "Spring meeting", SINCE, state="written_up")
    Strategy.objects.filter(pk=partnership.strategy.pk).update(steered_by=partnership.group.organisation)
    made = partnership.point("Ask the districts.", SINCE, kind="decision", engagement=meeting, owner_words="The chair")
    decided = partnership.report()
    assert differences(before, decided) == ("1 more decision",)
    Point.objects.filter(pk=made.pk).update(done_on=date(2024, 6, 1))
    assert differences(decided, partnership.report()) == ("news of 1 decision",)
    nameless = tuple(replace(decision, id=0) for decision in decided.decisions)
    assert differences(replace(decided, decisions=nameless), partnership.report()) == (), (
        "an edition that kept no numbers"
    )
