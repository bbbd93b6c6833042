"""Delivery partners: from when until when, ended and never deleted, back again; and who may do what once it is over."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.filters.commitments import CommitmentFilter
from commitments.models import Commitment, DeliveryPartner, HistoryEntry, IndicatorValue
from commitments.permissions.indicators import can_supply_value
from commitments.permissions.progress import can_give_view
from commitments.queries.round_organisations import organisations_asked
from commitments.reading.my_work import views_to_give
from commitments.reading.pages import WHOLE, partners
from commitments.rules.indicators import IndicatorFigure
from commitments.services.delivery import (
    add_delivery_partner,
    change_delivery_partner,
    end_delivery_partner,
    set_partners,
)
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from tests.factories import make_organisation
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


@pytest.fixture
def part(officer, commitment, charity, now) -> DeliveryPartner:
    """The charity helps to deliver 1.1, and nobody knows since when."""
    return add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=charity)


@pytest.fixture
def ended(part, officer, now, today) -> DeliveryPartner:
    """It ended today, so today it delivers no longer."""
    return end_delivery_partner(by=officer, at=now, part=part, ended_on=today)


def refusal(act, **arguments) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(**arguments)
    return refused.value.sentence


def test_a_part_is_recorded_with_its_days_and_the_history_keeps_keys_beside_names(
    officer, commitment, charity, now, today
):
    start = today - timedelta(30)
    made = add_delivery_partner(
        by=officer, at=now, commitment=commitment, organisation=charity, role="hosts", started_on=start
    )
    assert (made.role, made.started_on, made.ended_on, made.recorded_at) == ("hosts", start, None, now)
    entry = HistoryEntry.objects.get()
    assert (entry.act, entry.by, entry.commitment) == ("assign", officer, commitment)
    assert entry.said == {
        "part": {"organisation": charity.pk, "name": charity.name, "role": "hosts", "started_on": start.isoformat(), "ended_on": ""},
        "was": {}, "partners": [[charity.name, "hosts"]], "organisations": [charity.pk],
    }  # fmt: skip


def test_an_end_keeps_the_row_and_says_who_is_left(ended, officer, commitment, charity, today):
    assert DeliveryPartner.objects.get() == ended
    assert ended.ended_on == today
    entry = HistoryEntry.objects.latest("id")
    assert entry.said["was"]["ended_on"] == ""
    assert entry.said["part"]["ended_on"] == today.isoformat()
    assert (entry.said["partners"], entry.said["organisations"]) == ([], [])


def test_an_organisation_returns_with_a_second_row(ended, officer, commitment, charity, now, today):
    add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=charity, started_on=today)
    assert commitment.delivery_partners.count() == 2
    assert commitment.delivery_partners.current().count() == 1
    assert list(commitment.delivery_partners.ended()) == [ended]


def test_who_delivered_on_a_day_can_be_asked(officer, commitment, charity, now, today):
    start, end = today - timedelta(100), today - timedelta(10)
    made = add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=charity, started_on=start)
    end_delivery_partner(by=officer, at=now, part=made, ended_on=end)
    there = {
        day: DeliveryPartner.objects.on(day).exists() for day in (start - timedelta(1), start, end - timedelta(1), end)
    }
    assert list(there.values()) == [False, True, True, False]
    between = DeliveryPartner.objects.between
    assert between(end - timedelta(1), today).exists()
    assert not between(end, today).exists()
    assert between(start - timedelta(9), start).exists()
    assert not between(start - timedelta(9), start - timedelta(1)).exists()


def test_a_part_whose_start_nobody_knows_began_before_any_day(ended, today):
    assert DeliveryPartner.objects.on(date(1995, 1, 1)).exists()
    assert DeliveryPartner.objects.on(today - timedelta(1)).exists()
    assert not DeliveryPartner.objects.on(today).exists()


def test_what_was_recorded_by_mistake_starts_and_ends_on_one_day_and_never_was(
    officer, commitment, charity, now, today
):
    made = add_delivery_partner(by=officer, at=now, commitment=commitment, organisation=charity, started_on=today)
    end_delivery_partner(by=officer, at=now, part=made, ended_on=today)
    parts = DeliveryPartner.objects
    assert not any(
        found.exists()
        for found in (parts.current(), parts.ended(), parts.on(today), parts.between(today - timedelta(9), today))
    )
    add_delivery_partner(
        by=officer, at=now, commitment=commitment, organisation=charity, started_on=today - timedelta(9)
    )


def test_days_that_cannot_be_are_refused_and_nothing_is_written(
    part, officer, commitment, other_charity, charity, now, today
):
    tomorrow = today + timedelta(1)
    new = {"by": officer, "at": now, "commitment": commitment, "organisation": other_charity}
    old = {"by": officer, "at": now, "part": part, "role": "delivers"}
    assert "started is in the future" in refusal(add_delivery_partner, **new, started_on=tomorrow)
    assert "stopped is in the future" in refusal(end_delivery_partner, by=officer, at=now, part=part, ended_on=tomorrow)
    assert "can’t have stopped on" in refusal(
        change_delivery_partner, **old, started_on=today, ended_on=today - timedelta(1)
    )
    assert (
        refusal(add_delivery_partner, **new, role="owns") == f"Choose the role of {other_charity.name} from the list."
    )
    assert (
        refusal(add_delivery_partner, **{**new, "organisation": charity})
        == f"{charity.name} already helps to deliver 1.1."
    )
    assert HistoryEntry.objects.count() == 1
    part.refresh_from_db()
    assert (part.started_on, part.ended_on) == (None, None)


def test_an_organisation_that_returns_needs_a_first_day_after_its_last(ended, officer, commitment, charity, now, today):
    again = {"by": officer, "at": now, "commitment": commitment, "organisation": charity}
    assert "Enter the day it started again." in refusal(add_delivery_partner, **again)
    assert "can’t overlap" in refusal(add_delivery_partner, **again, started_on=today - timedelta(1))
    add_delivery_partner(**again, started_on=today)
    assert "already helps" in refusal(
        change_delivery_partner, by=officer, at=now, part=ended, role="delivers", started_on=None, ended_on=None
    )


def test_a_part_may_not_overlap_one_of_the_same_organisation_in_either_order(officer, commitment, charity, now, today):
    late = add_delivery_partner(
        by=officer, at=now, commitment=commitment, organisation=charity, started_on=today - timedelta(10)
    )
    end_delivery_partner(by=officer, at=now, part=late, ended_on=today - timedelta(5))
    again = add_delivery_partner(
        by=officer, at=now, commitment=commitment, organisation=charity, started_on=today - timedelta(5)
    )
    wrong = {"by": officer, "at": now, "part": again, "role": "delivers", "started_on": today - timedelta(20)}
    assert "can’t overlap" in refusal(change_delivery_partner, **wrong, ended_on=today - timedelta(9))
    change_delivery_partner(**wrong, ended_on=today - timedelta(10))


def test_the_same_again_writes_nothing(part, officer, now):
    change_delivery_partner(by=officer, at=now, part=part, role="delivers", started_on=None, ended_on=None)
    assert HistoryEntry.objects.count() == 1


def test_the_whole_list_ends_whoever_is_missing_and_starts_whoever_is_new(
    part, officer, commitment, charity, other_charity, now, today
):
    set_partners(by=officer, at=now, commitment=commitment, partners=[(other_charity, "funds")])
    found = {one.organisation_id: (one.role, one.started_on, one.ended_on) for one in DeliveryPartner.objects.all()}
    assert found == {charity.pk: ("delivers", None, today), other_charity.pk: ("funds", today, None)}


@pytest.mark.parametrize("who", ["partner_lead", "outsider", "steering_member", "nobody"])
def test_only_officers_and_administrators_change_who_delivers(
    request, part, commitment, other_charity, now, today, who
):
    person = request.getfixturevalue(who)
    sentence = "Only a council officer or an administrator can change a commitment’s people and actions."
    assert sentence == refusal(
        add_delivery_partner, by=person, at=now, commitment=commitment, organisation=other_charity
    )
    assert sentence == refusal(end_delivery_partner, by=person, at=now, part=part, ended_on=today)
    assert sentence == refusal(set_partners, by=person, at=now, commitment=commitment, partners=[])


def test_the_database_deletes_no_part_and_keeps_one_open_part(part, commitment, charity):
    with pytest.raises(IntegrityError, match="ended and never deleted"), transaction.atomic():
        part.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryPartner.objects.filter(pk=part.pk).update(started_on=date(2025, 1, 2), ended_on=date(2025, 1, 1))


# What depends on who delivers: today, in the period, or ever.


def test_only_a_current_partner_gives_its_view_and_is_asked_for_it(
    part, officer, partner_lead, commitment, charity, open_round, now, today
):
    assert can_give_view(partner_lead, commitment, charity)
    assert [one for one, _round in views_to_give(partner_lead)] == [commitment]
    end_delivery_partner(by=officer, at=now, part=part, ended_on=today)
    assert not can_give_view(partner_lead, commitment, charity)
    assert views_to_give(partner_lead) == []


@pytest.mark.parametrize("of", ["commitment", "priority"])
def test_only_a_current_partner_supplies_figures(
    part, officer, partner, commitment, charity, open_round, now, today, of
):
    counted = define_indicator(
        by=officer,
        at=now,
        of=commitment if of == "commitment" else commitment.priority,
        what=IndicatorDefinition("1a", "People"),
    )
    assert can_supply_value(partner, counted, charity)
    end_delivery_partner(by=officer, at=now, part=part, ended_on=today)
    assert not can_supply_value(partner, counted, charity)
    assert "not one of" in refusal(
        enter_values, by=partner, at=now, round_=open_round, entries=[FigureInput(counted, IndicatorFigure(Decimal(9)))]
    )
    assert not IndicatorValue.objects.exists()


def test_a_round_asks_who_delivered_in_its_period_and_who_delivers_now(part, officer, charity, open_round, now):
    assert organisations_asked(open_round) == {charity.pk}
    end_delivery_partner(by=officer, at=now, part=part, ended_on=open_round.observes_from + timedelta(1))
    assert organisations_asked(open_round) == {charity.pk}, "it delivered on the period's first day"
    change_delivery_partner(
        by=officer, at=now, part=part, role="delivers", started_on=None, ended_on=open_round.observes_from
    )
    assert organisations_asked(open_round) == set()
    start = open_round.observes_to + timedelta(1)
    joins = make_organisation("Joins Late")
    add_delivery_partner(by=officer, at=now, commitment=part.commitment, organisation=joins, started_on=start)
    assert organisations_asked(open_round) == {joins.pk}


def test_lists_and_filters_know_the_current_partners_only(part, officer, commitment, charity, area, now, today):
    charity.districts.add(area)

    def found(**asked_for):
        filters = CommitmentFilter(asked_for, queryset=Commitment.objects.filter(strategy=commitment.strategy))
        return [one.reference for one in filters.qs] if filters.is_valid() else "no such choice"

    assert found(organisation=charity.slug) == found(district=area.gss_code) == ["1.1"]
    assert [one.name for one in partners(WHOLE(slug=commitment.strategy.slug, key=commitment.key)[0])] == [charity.name]
    end_delivery_partner(by=officer, at=now, part=part, ended_on=today)
    assert (found(organisation=charity.slug), found(district=area.gss_code)) == ("no such choice", [])
    assert partners(WHOLE(slug=commitment.strategy.slug, key=commitment.key)[0]) == []
