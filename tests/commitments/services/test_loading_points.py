"""Points in a strategy's file: what is wrong is named by line and field, and what people did with them stays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.points import PointAnswer
from commitments.models import Engagement, Point
from commitments.services.loading.strategy import load_strategy
from commitments.services.point_retention import erase_words
from commitments.services.points import answer_point, take_down_point
from commitments.strategy_file.strategy import read
from tests.commitments.services.test_loading_engagement import FIRST_LINE, STRATEGY, WHOLE
from vcsportal.common.data_file import Faulty

POINT = """commitments = ["1.1"]
[[engagement.point]]
kind = "said"
words = "Rooms cost too much."
raised_by = "A choir"
commitment = "1.1"
stance = "in_part"
response = "Two are free."
answered_on = 2024-06-01
done_on = 2024-07-01
[[engagement.point]]
kind = "decision"
words = "We meet in May."
owner = "The council"
due_on = 2024-05-31
"""
TEXT = WHOLE + POINT
POINT_LINE = FIRST_LINE + WHOLE.count("\n")


def load(text: str):
    return load_strategy(by=None, at=timezone.now(), entry=read(STRATEGY + text))


@pytest.mark.parametrize(
    ("was", "becomes", "line", "field", "sentence"),
    [
        ('kind = "said"', 'kind = "rumour"', 2, "kind", "is not one of: said, decision."),
        ('words = "Rooms cost too much."', 'words = " "', 3, "words", "is empty."),
        ('"Rooms cost too much."', f'"{"x" * 5_001}"', 3, "words", "The limit is 5000."),
        ('words = "We meet in May."', 'words = "Rooms cost too much."', 12, "words", "are used twice at the same occasion."),
        ('stance = "in_part"', 'stance = "perhaps"', 6, "stance", "“perhaps” is not one of: yes, in_part, no, noted."),
        ('stance = "in_part"\n', "", 1, "stance", "is missing. Give stance, response and answered_on together"),
        ('response = "Two are free."\n', "", 1, "response", "is missing. Give stance"),
        ("answered_on = 2024-06-01\n", "", 1, "answered_on", "is missing. Give stance"),
        ("done_on = 2024-07-01", "done_on = 2024-04-30", 9, "done_on", "comes before the day on which it was raised."),
        ("answered_on = 2024-06-01", "answered_on = 2024-04-30", 8, "answered_on", "comes before the day"),
        ("due_on = 2024-05-31", "due_on = 2024-04-30", 14, "due_on", "comes before the day"),
        ('owner = "The council"\n', "", 10, "owner", "is missing. Say who will do what was decided."),
        ('owner = "The council"', 'owner = "x"\nresponse = "No."', 14, "response", "is given for a decision."),
        ('raised_by = "A choir"', 'raised_bye = "A choir"', 4, "raised_bye", "is not recognised here."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_field(was, becomes, line, field, sentence):
    assert was in TEXT
    with pytest.raises(Faulty) as refused:
        read(STRATEGY + TEXT.replace(was, becomes))
    fault = next(fault for fault in refused.value.faults if fault.field == field)
    assert fault.line == POINT_LINE + line
    assert sentence in fault.sentence


def test_without_an_answer_nothing_was_done_and_a_month_alone_is_no_day():
    unanswered = TEXT.replace('stance = "in_part"\nresponse = "Two are free."\nanswered_on = 2024-06-01\n', "")
    with pytest.raises(Faulty, match="is given without an answer"):
        read(STRATEGY + unanswered)
    with pytest.raises(Faulty, match="only the month of the engagement is known"):
        read(STRATEGY + TEXT.replace("starts_on = 2024-05-01", 'month = "2024-05"'))


def test_a_point_needs_the_place_that_it_comes_from():
    planned = """[[engagement]]
kind = "workshop"
title = "Workshop"
starts_on = 2024-05-01
[[engagement.point]]
kind = "said"
words = "More."
"""
    with pytest.raises(Faulty, match="a point needs the place that it comes from"):
        read(STRATEGY + planned)
    assert read(STRATEGY + planned + 'source = "Notes."\n').engagement[0].points[0].source == "Notes."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("was", "becomes", "line", "field"),
    [
        ('commitments = ["1.1"]', 'commitments = ["1.1", "9.9"]', 0, "commitments"),
        ('commitment = "1.1"', 'commitment = "9.9"', 5, "commitment"),
    ],
)
def test_a_commitment_that_there_is_none_of_is_named_by_its_line(was, becomes, line, field):
    with pytest.raises(Faulty, match=r"There is no commitment “9\.9” in this strategy\.") as refused:
        load(TEXT.replace(was, becomes))
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(POINT_LINE + line, field)]
    assert not Engagement.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "was"), [("answered_on", "2024-06-01"), ("done_on", "2024-07-01")])
def test_nothing_was_answered_or_done_in_the_future(field, was):
    today = timezone.localdate()
    load(TEXT.replace(f"{field} = {was}", f"{field} = {today}"))
    with pytest.raises(Faulty, match="is in the future") as refused:
        load(TEXT.replace(f"{field} = {was}", f"{field} = {today + timedelta(1)}"))
    assert refused.value.faults[0].field == field


@pytest.mark.django_db
def test_what_was_decided_today_is_loaded_and_nothing_is_decided_tomorrow():
    today = timezone.localdate()
    decided = 'words = "We meet in May."\nraised_on = {}\n'
    text = TEXT.replace("due_on = 2024-05-31\n", "").replace('words = "We meet in May."\n', decided)
    load(text.format(today))
    assert Point.objects.filter(kind="decision", raised_on=today).exists()
    with pytest.raises(Faulty, match="is in the future") as refused:
        load(text.format(today + timedelta(1)))
    assert refused.value.faults[0].field == "raised_on"


@pytest.mark.django_db
def test_points_are_published_with_their_source_and_loading_twice_changes_nothing(client):
    done = load(TEXT)
    assert done.changes[-2:] == ["Added a point of “Workshop”.", "Added a decision of “Workshop”."]
    row = Engagement.objects.get()
    said, decision = Point.objects.order_by("id")
    assert [about.reference for about in row.commitments.all()] == ["1.1"]
    assert (said.state, said.stance, said.done_on, said.is_published) == ("done", "in_part", date(2024, 7, 1), True)
    assert said.responded_at is not None
    assert timezone.localdate(said.responded_at) == date(2024, 6, 1)
    assert (said.commitment, said.raised_on, said.source) == (row.commitments.get(), date(2024, 5, 1), "Minutes.")
    assert (decision.state, decision.owner_words, decision.due_on) == ("raised", "The council", date(2024, 5, 31))
    page = client.get("/you-said/").content.decode()
    assert "Rooms cost too much." in page
    assert load(TEXT).changes == []
    assert load(WHOLE).changes == [], "what a file leaves out stays"
    assert Point.objects.count() == 2
    assert row.commitments.exists()
    amended = load(
        TEXT.replace("Two are free.", "Three are free.").replace('commitments = ["1.1"]', "commitments = []")
    )
    assert amended.changes == ["Amended “Workshop”, commitments: none.", "Amended a point of “Workshop”: response."]
    assert Point.objects.get(pk=said.pk).response == "Three are free."
    assert not Engagement.objects.get().commitments.exists()
    assert "Rooms cost" not in str(list(said.history.values_list("said", flat=True)))


@pytest.mark.django_db
def test_the_history_says_that_whoever_raised_it_is_named_otherwise_and_not_how(administrator, now):
    load(TEXT.replace("A choir", "Petra Quince"))
    done = load(TEXT.replace("Two are free.", "Three are free."))
    assert done.changes == ["Amended a point of “Workshop”: raised_by_words, response."]
    said = Point.objects.earliest("id")
    assert said.raised_by_words == "A choir"
    written = said.history.latest("id").said
    assert written == {
        "was": {"response": "Two are free."}, "now": {"response": "Three are free."}, "changed": ["raised_by_words"]
    }  # fmt: skip
    assert "Petra" not in str(list(said.history.values_list("said", flat=True)))


@pytest.mark.django_db
def test_what_people_did_with_a_point_stays(administrator, now):
    load(TEXT.replace("done_on = 2024-07-01\n", ""))
    said = Point.objects.earliest("id")
    answer_point(by=administrator, at=now, point=said, answer=PointAnswer("no", "Ours."))
    done = load(TEXT)
    assert done.changes == []
    assert done.notes == ["People have changed a point of “Workshop”, so it stays as it is in the portal."]
    assert Point.objects.get(pk=said.pk).response == "Ours."


@pytest.mark.django_db
def test_words_that_were_taken_down_are_never_brought_back(administrator, now):
    load(TEXT)
    said = Point.objects.earliest("id")
    take_down_point(by=administrator, at=now, point=said, reason="It names somebody.")
    load(TEXT)
    assert not Point.objects.published().filter(pk=said.pk).exists()
    assert Point.objects.count() == 2
    said.refresh_from_db()
    erase_words([said], now)
    more = '[[engagement.point]]\nkind = "said"\nwords = "More chairs."\n'
    done = load(f"{TEXT}{more}".replace("2024-05-31", "2024-06-30"))
    assert done.changes == ["Amended a decision of “Workshop”: due_on."], "what is there still follows the file"
    assert ["Remove them from the file." in note for note in done.notes] == [True], "said once"
    assert not Point.objects.filter(words="Rooms cost too much.").exists()
