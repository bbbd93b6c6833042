"""The engagement of a strategy's file: what is wrong is named by line and field, and what people changed stays."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from commitments.content.engagement import EngagementAccount, EngagementOwner, EngagementPlan
from commitments.models import Engagement
from commitments.services.engagement import edit_engagement
from commitments.services.engagement_account import reopen_engagement, write_up_engagement
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from tests.factories import make_organisation, make_strategy
from vcsportal.common.data_file import Faulty

OXFORDSHIRE = settings.BASE_DIR / "commitments" / "strategies" / "oxfordshire-vcs-2022-27.toml"
STRATEGY = """[strategy]
slug = "working-together"
title = "Working together"
vision = "A vision."
source = "A source."
starts_on = 2024-04-01
ends_on = 2029-03-31
[strategy.owner]
slug = "shirewell-council"
name = "Shirewell Council"
kind = "public_body"
[[priority]]
number = 1
title = "Places"
[[priority.commitment]]
wording = "Open a room"
short_title = "Room"
ongoing = false
"""
FIRST_LINE = STRATEGY.count("\n") + 1
WHOLE = """[[engagement]]
kind = "workshop"
title = "Workshop"
starts_on = 2024-05-01
asked = 40
answered = 19
summary = "Said."
source = "Minutes."
"""


def load(text: str):
    return load_strategy(by=None, at=timezone.now(), entry=read(STRATEGY + text))


@pytest.mark.parametrize(
    ("was", "becomes", "line", "field", "sentence"),
    [
        ("answered = 19", "answered = 41", 5, "answered", "41 can’t have answered if 40 were asked."),
        ("asked = 40", "asked = -1", 4, "asked", "should be a whole number from 0 to 10,000,000"),
        ("asked = 40", "asked = 1.5", 4, "asked", "should be a whole number"),
        ("starts_on = 2024-05-01\n", "", 0, "starts_on", "is missing."),
        ("starts_on = 2024-05-01", "starts_on = 2024-05-01\nends_on = 2024-04-30", 4, "ends_on", "comes before the first"),
        ("starts_on = 2024-05-01", 'starts_on = 2024-05-01\nmonth = "2024-05"', 3, "starts_on", "is given with a month"),
        ("starts_on = 2024-05-01", 'month = "2024-13"', 3, "month", "is not a month"),
        ("starts_on = 2024-05-01", "starts_on = 1700-05-01", 3, "starts_on", "Check the year"),
        ('kind = "workshop"', 'kind = "party"', 1, "kind", "is not one of: meeting, workshop"),
        ('summary = "Said."\n', "", 4, "asked", "is given without a summary"),
        ('source = "Minutes."\n', "", 0, "source", "is missing."),
        ('"Said."', f'"{"x" * 1_000_000}"', 6, "summary", "The limit is 20000."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_field(was, becomes, line, field, sentence):
    assert was in WHOLE
    with pytest.raises(Faulty) as refused:
        read(STRATEGY + WHOLE.replace(was, becomes))
    fault = next(fault for fault in refused.value.faults if fault.field == field)
    assert fault.line == FIRST_LINE + line
    assert sentence in fault.sentence


def test_two_of_one_title_on_one_day_are_refused():
    with pytest.raises(Faulty, match="is used twice"):
        read(STRATEGY + WHOLE + WHOLE)
    assert len(read(STRATEGY + WHOLE + WHOLE.replace("05-01", "05-02")).engagement) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "refused"), [(0, False), (1, True)])
def test_a_file_writes_up_nothing_that_has_not_begun(days, refused):
    day = timezone.localdate() + timedelta(days)
    text = WHOLE.replace("2024-05-01", day.isoformat())
    if not refused:
        assert "Added the workshop “Workshop”." in load(text).changes
        return
    with pytest.raises(Faulty, match="is given, although it has not begun yet") as fault:
        load(text)
    assert fault.value.faults[0].line == FIRST_LINE
    assert not Engagement.objects.exists()


@pytest.mark.django_db
def test_a_later_file_amends_it_and_loading_twice_changes_nothing():
    load(
        WHOLE.replace('summary = "Said."\nsource = "Minutes."\nasked', "asked").replace(
            "asked = 40\nanswered = 19\n", ""
        )
    )
    assert load(WHOLE).changes
    row = Engagement.objects.get()
    assert (row.state, row.people_asked, row.written_up_by) == ("written_up", 40, None)
    assert load(WHOLE).changes == []
    assert load(WHOLE.replace("Said.", "Said more.")).changes == [
        "Amended “Workshop”, summary: “Said.” becomes “Said more.”."
    ]
    assert list(row.history.values_list("act", flat=True).distinct()) == ["amend"]
    assert load("").changes == []
    assert Engagement.objects.get().summary == "Said more.", "what a file leaves out stays"


@pytest.mark.django_db
def test_what_people_changed_in_the_portal_stays(administrator, now):
    load(WHOLE)
    row = reopen_engagement(by=administrator, at=now, engagement=Engagement.objects.get())
    write_up_engagement(by=administrator, at=now, engagement=row, account=EngagementAccount("Ours."))
    done = load(WHOLE.replace("Said.", "Said more."))
    assert done.changes == []
    assert done.notes == ["People have changed “Workshop” in the portal, so it stays as it is there."]
    assert Engagement.objects.get().summary == "Ours."


@pytest.mark.django_db
def test_the_strategy_s_own_engagement_ships_without_a_day_or_a_number(client):
    call_command("load_areas", str(settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"))
    load_strategy(by=None, at=timezone.now(), entry=read(OXFORDSHIRE.read_text(encoding="utf-8")))
    first, second = Engagement.objects.order_by("starts_on")
    assert (first.kind, first.when, first.starts_on) == ("workshop", "December 2021", date(2021, 12, 1))
    assert (second.kind, second.when) == ("consultation", "May 2022")
    for row in (first, second):
        assert (row.people_attended, row.people_asked, row.people_answered) == (None, None, None)
        page = client.get(row.get_absolute_url()).content.decode()
        assert "Source: Oxfordshire County Council" in page
        assert f"1 {row.when}" not in page, "the source names no day"
        assert "People who attended" not in page
        assert "Answers" not in page


@pytest.mark.django_db
def test_what_people_made_another_s_is_not_added_again(administrator, now):
    load(WHOLE)
    row = reopen_engagement(by=administrator, at=now, engagement=Engagement.objects.get())
    other = make_strategy(make_organisation("Elmshire Council", "public_body"), slug="elmshire", opens_first=False)
    plan = EngagementPlan("workshop", "Workshop", row.starts_on)
    edit_engagement(by=administrator, at=now, engagement=row, plan=plan, owner=EngagementOwner(None, other))
    done = load(WHOLE)
    assert done.changes == []
    assert Engagement.objects.get().strategy == other
