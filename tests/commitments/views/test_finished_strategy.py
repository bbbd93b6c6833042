"""A strategy whose term is over looks so wherever it is named, and says what followed it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import ProgressUpdate, Round, Strategy
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from reporting import assembly
from tests.factories import make_evidence, make_round, make_strategy, publish_update
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db

FILE = """
[strategy]
slug = "later-strategy"
title = "Later strategy"
vision = "A village that helps."
source = "Made for a test."
starts_on = 2014-04-01
ends_on = 2040-03-31
succeeds = "earlier"
[strategy.owner]
slug = "little-council"
name = "Little Council"
kind = "public_body"
[[priority]]
number = 1
title = "First"
[[priority.commitment]]
reference = "1.1"
key = "write-it-down"
wording = "Write it down"
short_title = "Writing"
ongoing = false
"""


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "’").split())


@pytest.fixture
def earlier(strategy):
    """A strategy that ended in 2011."""
    made = make_strategy(strategy.owner, slug="earlier", opens_first=False)
    Strategy.objects.filter(pk=made.pk).update(starts_on=date(2008, 4, 1), ends_on=date(2011, 3, 31))
    made.refresh_from_db()
    return made


PAGES = ("", "commitments/", "priorities/1/", "commitments/thing-1-1/")


def test_it_ends_on_its_last_day_and_not_on_the_day_itself(earlier):
    assert not earlier.is_finished(date(2011, 3, 31))
    assert earlier.is_finished(date(2011, 4, 1))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_it_says_so_and_leads_to_the_current_one(client, earlier, strategy, page):
    told = text_of(client.get(f"/strategies/earlier/{page}"))
    assert "This strategy ended on 31 March 2011." in told
    assert f'The current one is <a class="govuk-link" href="{strategy.get_absolute_url()}"' in told
    assert "This strategy ended" not in text_of(client.get(f"{strategy.get_absolute_url()}{page}"))


def test_what_followed_is_named(client, earlier, strategy):
    Strategy.objects.filter(pk=strategy.pk).update(succeeds=earlier)
    told = text_of(client.get("/strategies/earlier/"))
    assert "It was followed by" in told
    assert "the Strategy our-strategy" in told
    listed = text_of(client.get("/strategies/"))
    assert (
        listed.index("Strategy our-strategy") < listed.index("Finished strategies") < listed.index("Strategy earlier")
    )
    assert "Ended on 31 March 2011, followed by the Strategy our-strategy." in listed


def test_a_file_names_the_strategy_that_it_follows(earlier, now):
    loaded = load_strategy(by=None, at=now, entry=read(FILE))
    assert loaded.strategy.succeeds == earlier
    assert load_strategy(by=None, at=now, entry=read(FILE)).changes == []
    without = FILE.replace('succeeds = "earlier"\n', "")
    again = load_strategy(by=None, at=now, entry=read(without))
    assert (again.changes, again.strategy.succeeds) == ([], earlier)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [("nowhere", "is not a strategy in the portal"), ("our-strategy", "does not begin before this strategy")],
)
def test_a_file_that_follows_nothing_is_refused(earlier, strategy, now, named, sentence):
    with pytest.raises(Faulty) as refused:
        load_strategy(by=None, at=now, entry=read(FILE.replace('succeeds = "earlier"', f'succeeds = "{named}"')))
    assert sentence in str(refused.value)
    assert not Strategy.objects.filter(slug="later-strategy").exists()


def test_a_strategy_does_not_succeed_itself_when_it_is_new_or_loaded_again(earlier, now):
    itself = FILE.replace('succeeds = "earlier"', 'succeeds = "later-strategy"')
    for known in (False, True):
        with pytest.raises(Faulty) as refused:
            load_strategy(by=None, at=now, entry=read(itself))
        [fault] = refused.value.faults
        assert (fault.field, fault.sentence) == (
            "succeeds", "A strategy can’t succeed itself. Name the earlier one, or leave it out.",
        )  # fmt: skip
        assert Strategy.objects.filter(slug="later-strategy").exists() is known
        load_strategy(by=None, at=now, entry=read(FILE))


def test_a_report_is_asked_for_years_with_something_in_them_first(
    signed_in, officer, partner, strategy, commitment, earlier, now
):
    this_year, last_year = make_round(strategy), make_round(strategy, years_ago=1)
    old = Round.objects.create(
        strategy=earlier, slug="2010-11", observes_from=date(2010, 4, 1), observes_to=date(2011, 3, 31),
        opens_on=date(2011, 4, 1), closes_on=date(2011, 5, 1), grace_until=date(2011, 5, 8), state="closed", closings=1,
    )  # fmt: skip
    previews = assembly.outlooks(today=timezone.localdate())
    assert [preview.round for preview in previews] == [this_year, last_year, old]
    assert {preview.sentence().partition(",")[0] for preview in previews} == {
        "Nothing has been published for this year"
    }
    day = this_year.observes_to - timedelta(days=3)
    make_evidence(partner, commitment, state="accepted", officer=officer, happened_from=day)
    first, *_ = assembly.outlooks(today=timezone.localdate())
    assert first.sentence().startswith("No update has been published for this year. 1 item of evidence is accepted")
    publish_update(
        by=officer, at=now, commitment=commitment, round_=this_year, content=UpdateContent("on_track", "Good.")
    )
    this_year.refresh_from_db()
    ProgressUpdate.objects.filter(round=this_year).update(round=last_year)
    assert [preview.round for preview in assembly.outlooks(today=timezone.localdate())] == [last_year, this_year, old]
    page = text_of(signed_in(officer).get("/reports/request/"))
    assert page.index(f"{last_year.slug}, Strategy our-strategy") < page.index(
        f"{this_year.slug}, Strategy our-strategy"
    )
    assert "2010-11, Strategy earlier (ended 31 March 2011)" in page


def test_the_api_names_what_a_strategy_follows_and_what_followed_it(client, earlier, strategy):
    def links(slug: str) -> tuple[str | None, list[str]]:
        found = client.get(f"/api/v1/strategies/{slug}/").json()
        return found["succeeds"], found["succeeded_by"]

    assert (links("earlier"), links("our-strategy")) == ((None, []), (None, []))
    Strategy.objects.filter(pk=strategy.pk).update(succeeds=earlier)
    make_strategy(strategy.owner, slug="between", opens_first=False)
    between = Strategy.objects.filter(slug="between")
    between.update(starts_on=date(2012, 4, 1), ends_on=date(2013, 3, 31), succeeds=earlier)
    assert (links("earlier"), links("our-strategy")) == ((None, ["between", "our-strategy"]), ("earlier", []))
