"""New partners: judged by the organisation and never by its name, and new in one year only, whatever is made first."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from commitments.models import DeliveryPartner, FrozenStanding, Round
from commitments.services.delivery import add_delivery_partner, end_delivery_partner
from partners.models import Organisation
from reporting import assembly
from reporting.facts import ProductionDetails
from tests.factories import make_evidence, make_organisation, make_strategy

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def a_round(strategy, last_day: date, frozen: date | None, commitment) -> Round:
    """A year that ends on ``last_day``, asked about until two months later."""
    made = Round.objects.create(
        strategy=strategy, slug=f"{last_day.year - 1}-{last_day.year % 100:02}", observes_from=last_day - timedelta(364),
        observes_to=last_day, opens_on=last_day + timedelta(1), closes_on=last_day + timedelta(60),
        grace_until=last_day + timedelta(67), state="closed" if frozen else "open", closings=1 if frozen else 0,
    )  # fmt: skip
    if frozen:
        FrozenStanding.objects.create(round=made, closing=1, commitment=commitment, frozen_at=at(frozen))
    return made


@pytest.fixture
def years(strategy, commitment):
    """Three years; the first two were frozen on 22 June 2023 and 22 June 2024, the third is open."""
    return [
        a_round(strategy, date(2023, 3, 31), date(2023, 6, 22), commitment),
        a_round(strategy, date(2024, 3, 31), date(2024, 6, 22), commitment),
        a_round(strategy, date(2025, 3, 31), None, commitment),
    ]


def new_in(round_: Round, made: date = date(2025, 7, 1)) -> tuple[str, ...]:
    changes = assembly.assemble(round_=round_, making=ProductionDetails(at=at(made))).changes
    assert changes is not None
    return changes.partners


def deliver(officer, commitment, organisation, recorded: date, started: date | None = None) -> DeliveryPartner:
    return add_delivery_partner(
        by=officer, at=at(recorded), commitment=commitment, organisation=organisation, started_on=started
    )


def test_named_in_one_year_and_heard_of_in_the_next_it_is_new_once(years, officer, commitment, partner, charity):
    """Named between the end of a year and its freezing, with a first item in the year after."""
    deliver(officer, commitment, charity, date(2024, 5, 1))
    make_evidence(
        partner, commitment, state="accepted", officer=officer, at=at(date(2024, 8, 1)), happened_from=date(2024, 8, 1)
    )
    assert (new_in(years[1]), new_in(years[2])) == (("Rowan Trust",), ())


def test_a_first_item_that_comes_before_the_naming_counts(years, officer, commitment, partner, charity):
    make_evidence(
        partner, commitment, state="accepted", officer=officer, at=at(date(2024, 5, 1)), happened_from=date(2024, 2, 1)
    )
    deliver(officer, commitment, charity, date(2024, 9, 1))
    assert (new_in(years[1]), new_in(years[2])) == (("Rowan Trust",), ())


def test_a_start_before_it_was_recorded_counts(years, officer, commitment, charity):
    deliver(officer, commitment, charity, date(2025, 4, 1), started=date(2024, 5, 1))
    assert (new_in(years[1]), new_in(years[2])) == (("Rowan Trust",), ())


@pytest.mark.parametrize(("day", "found"), [(date(2024, 6, 22), (True, False)), (date(2024, 6, 23), (False, True))])
def test_the_day_of_the_freezing_belongs_to_the_year_that_was_frozen(years, officer, commitment, charity, day, found):
    deliver(officer, commitment, charity, day, started=day)
    assert (bool(new_in(years[1])), bool(new_in(years[2]))) == found


def test_a_second_freezing_moves_nobody_to_another_year(years, officer, commitment, charity):
    deliver(officer, commitment, charity, date(2024, 9, 1))
    FrozenStanding.objects.create(round=years[1], closing=2, commitment=commitment, frozen_at=at(date(2024, 12, 1)))
    Round.objects.filter(pk=years[1].pk).update(closings=2)
    assert (new_in(years[1]), new_in(years[2])) == ((), ("Rowan Trust",))


def test_a_new_name_makes_no_new_partner(years, strategy, officer, commitment, charity):
    deliver(officer, commitment, charity, date(2022, 5, 1))
    Organisation.objects.filter(pk=charity.pk).update(name="Rowan and Ash Trust")
    assert (new_in(years[1]), new_in(years[2])) == ((), ())
    assert assembly.between(strategy, since=date(2023, 1, 1), until=date(2025, 1, 1)).partners == ()
    assert assembly.between(strategy, since=date(2022, 1, 1), until=date(2022, 5, 1)).partners == (
        "Rowan and Ash Trust",
    )


def test_who_left_and_came_back_is_not_new_again(years, officer, commitment, charity):
    part = deliver(officer, commitment, charity, date(2022, 5, 1), started=date(2022, 5, 1))
    end_delivery_partner(by=officer, at=at(date(2023, 5, 1)), part=part, ended_on=date(2023, 5, 1))
    deliver(officer, commitment, charity, date(2024, 8, 1), started=date(2024, 8, 1))
    assert (new_in(years[1]), new_in(years[2])) == ((), ())


def test_who_has_been_there_since_nobody_knows_when_is_never_new(years, officer, commitment, partner, charity):
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    make_evidence(
        partner, commitment, state="accepted", officer=officer, at=at(date(2024, 8, 1)), happened_from=date(2024, 8, 1)
    )
    assert new_in(years[2]) == ()


def test_what_was_recorded_by_mistake_makes_nobody_new(years, officer, commitment, charity):
    day = date(2024, 8, 1)
    part = deliver(officer, commitment, charity, day, started=day)
    end_delivery_partner(by=officer, at=at(day), part=part, ended_on=day)
    assert new_in(years[2]) == ()


def test_only_this_strategy_and_not_its_owner_counts(years, officer, commitment, council):
    day = date(2024, 8, 1)
    deliver(officer, commitment, council, day, started=day)
    elsewhere = make_strategy(council, slug="second", opens_first=False).commitments.get(reference="1.1")
    deliver(officer, elsewhere, make_organisation("Elsewhere"), day, started=day)
    assert new_in(years[2]) == ()
