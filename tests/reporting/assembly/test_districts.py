"""Districts are those of the owner and those that evidence names; what was done in each a year ago is counted in the database."""

from datetime import timedelta

import pytest

from commitments.models import Evidence
from partners.models import Area
from reporting import assembly
from reporting.facts import EvidenceSumFacts, ProductionDetails
from tests.factories import make_evidence
from tests.reporting.year import make_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(council):
    return make_year(shape=(2, 2), pieces=2, years=2, council=council)


def assembled(year, now):
    return assembly.assemble(round_=year.round, making=ProductionDetails(at=now))


def item(year, *commitments, day, districts, **facts):
    made = make_evidence(
        year.people[0],
        *commitments,
        state="accepted",
        officer=year.reviewer,
        happened_from=day,
        happened_to=None,
        **facts,
    )
    made.districts.set(Area.objects.filter(name__in=districts))
    return made


def test_the_owners_districts_are_there_with_their_places_whatever_was_done_in_them(year, now):
    year.strategy.owner.districts.set(Area.objects.filter(name="Cherwell"))
    Evidence.districts.through.objects.all().delete()
    report = assembled(year, now)
    assert [(one.name, one.column, one.row) for one in report.districts] == [("Cherwell", 2, 0)]
    Area.objects.filter(name="Cherwell").update(valid_to=year.round.observes_to - timedelta(days=1))
    assert assembled(year, now).districts == ()
    Area.objects.filter(name="Cherwell").update(valid_to=year.round.observes_to)
    assert [one.name for one in assembled(year, now).districts] == ["Cherwell"]


def test_a_year_ago_is_counted_by_district_without_counting_an_item_twice_in_one(year, now):
    Evidence.objects.update(publishable=False)
    first, second = year.strategy.commitments.in_order()[:2]
    before = year.rounds[0]
    day = before.observes_from
    item(year, first, second, day=day, districts=["Cherwell", "Oxford"], people_reached=30)
    item(year, second, day=before.observes_to, districts=["Cherwell"], people_reached=None)
    item(year, first, day=before.observes_to, districts=["Cherwell"], publishable=False, people_reached=99)
    item(year, first, day=before.observes_from - timedelta(days=1), districts=["Cherwell"], people_reached=99)
    item(year, first, day=year.round.observes_from, districts=["Oxford"], people_reached=5)
    [earlier] = assembled(year, now).earlier
    found = {area.gss_code: area for area in earlier.areas}
    cherwell, oxford = found["E07000177"], found["E07000178"]
    assert (cherwell.items, cherwell.organisations, cherwell.commitments) == (2, 1, 2)
    assert cherwell.sums[0] == EvidenceSumFacts("people_reached", 30, 1)
    assert (oxford.items, oxford.organisations, oxford.commitments) == (1, 1, 2)
    assert set(found) == {"E07000177", "E07000178"}
