"""A round's title is shown in place of its slug, which stays in addresses; a file, a person and the API can give one."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from commitments.models import HistoryEntry, Round
from commitments.reading.round_opening import likely_days
from commitments.services.loading.rounds import load_round
from commitments.services.round_days import Days, change_days, plan_round
from commitments.strategy_file.strategy import RoundEntry, read
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Europe/London"))
DAYS = Days(date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1), date(2027, 4, 21), date(2027, 4, 28))
ENTRY = RoundEntry(
    "2026-27-q4", DAYS.observes_from, DAYS.observes_to, DAYS.opens_on, DAYS.closes_on, DAYS.grace_until, "Quarter 4, 2026–27"
)  # fmt: skip
NAMES = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")


@pytest.fixture
def long_strategy(strategy):
    strategy.ends_on = date(2028, 3, 31)
    strategy.save(update_fields=["ends_on"])
    return strategy


def typed(**more):
    return {**{name: getattr(DAYS, name).isoformat() for name in NAMES}, **more}


def test_a_round_is_called_by_its_title_and_else_by_its_slug():
    assert Round(slug="2026-27-q4", title="Quarter 4, 2026–27").label == "Quarter 4, 2026–27"
    assert str(Round(slug="2026-27-q4")) == "2026-27-q4"


def test_a_file_gives_a_title_changes_it_and_leaves_it_where_it_names_none(strategy):
    made = load_round(by=None, at=AT, strategy=strategy, entry=ENTRY).round
    assert made.label == "Quarter 4, 2026–27"
    again = load_round(by=None, at=AT, strategy=strategy, entry=replace(ENTRY, title=""))
    assert (again.done, again.round.title) == ("", "Quarter 4, 2026–27")
    changed = load_round(by=None, at=AT, strategy=strategy, entry=replace(ENTRY, title="January to March"))
    assert changed.done == "Amended the title of the 2026-27-q4 round."
    entry = HistoryEntry.objects.get(act="amend")
    assert (entry.said["was"]["title"], entry.said["now"]["title"]) == ("Quarter 4, 2026–27", "January to March")


def test_a_title_of_a_person_stays_and_the_note_says_so(long_strategy, administrator):
    made = load_round(by=None, at=AT, strategy=long_strategy, entry=ENTRY).round
    change_days(by=administrator, at=AT, round_=made, days=DAYS, title="The last quarter")
    again = load_round(by=None, at=AT, strategy=long_strategy, entry=ENTRY)
    assert again.note == (
        "Left the title of the 2026-27-q4 round as Ada Administrator changed it on 28 November 2026: the title is “The "
        "last quarter”. The file says: the title is “Quarter 4, 2026–27”. Update the file to match, or change the title in "
        "the portal."
    )


def test_days_are_changed_without_a_word_on_the_title(long_strategy, administrator):
    made = plan_round(by=administrator, at=AT, strategy=long_strategy, days=DAYS, title="Spring")
    change_days(by=administrator, at=AT, round_=made, days=replace(DAYS, grace_until=date(2027, 5, 1)))
    made.refresh_from_db()
    assert made.title == "Spring"
    assert HistoryEntry.objects.filter(act="round_plan").get().said["title"] == "Spring"


def test_a_title_is_planned_and_changed_on_the_page(signed_in, administrator, long_strategy):
    client = signed_in(administrator)
    address = f"/strategies/{long_strategy.slug}/rounds/new/"
    check = client.post(address, typed(title="Quarter 4, 2026–27"))
    assert "Check the Quarter 4, 2026–27 round" in check.content.decode()
    assert 'name="title" value="Quarter 4, 2026–27"' in check.content.decode()
    client.post(address, typed(title="Quarter 4, 2026–27", act="plan"))
    made = Round.objects.get()
    assert (made.title, made.slug) == ("Quarter 4, 2026–27", "2027")
    assert made.get_absolute_url().endswith("/rounds/2027/")
    assert "Round Quarter 4, 2026–27" in client.get(made.get_absolute_url()).content.decode()
    page = client.get(f"{made.get_absolute_url()}days/").content.decode()
    shown = page.split('name="form_shown" value="')[1].split('"')[0]
    client.post(f"{made.get_absolute_url()}days/", typed(title="", form_shown=shown))
    made.refresh_from_db()
    assert made.label == "2027"
    too_long = client.post(address, typed(title="x" * 61)).content.decode()
    assert "Use 60 characters or fewer." in too_long


def test_a_title_that_is_too_long_is_a_fault_in_the_file():
    with pytest.raises(Faulty) as refused:
        read(f'[[round]]\nslug = "q1"\ntitle = "{"x" * 61}"\n')
    assert [f.line for f in refused.value.faults if f.field == "title" and "limit is 60" in f.sentence]


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ((date(2027, 1, 1), date(2027, 3, 31)), (date(2027, 4, 1), date(2027, 6, 30))),
        ((date(2026, 4, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2027, 3, 31))),
        ((date(2027, 2, 1), date(2027, 2, 28)), (date(2027, 3, 1), date(2027, 3, 31))),
        ((date(2026, 4, 1), date(2027, 3, 31)), (date(2027, 4, 1), date(2028, 3, 31))),
        ((date(2027, 1, 1), date(2027, 1, 10)), (date(2027, 1, 11), date(2027, 1, 20))),
    ],
)
def test_the_next_round_is_offered_as_long_as_the_last(long_strategy, observed, expected):
    Round.objects.create(
        strategy=long_strategy, slug="last", observes_from=observed[0], observes_to=observed[1], opens_on=observed[1],
        closes_on=observed[1], grace_until=observed[1],
    )  # fmt: skip
    likely = likely_days(long_strategy, timezone.localdate())
    assert (likely["observes_from"], likely["observes_to"]) == expected
