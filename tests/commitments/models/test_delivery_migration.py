"""Delivery partners of earlier versions: their days come from the history, and those that were deleted come back."""

from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from commitments.models import DeliveryPartner, HistoryEntry
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
migration = import_module("commitments.migrations.0006_delivery_partners_from_the_history")


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/London"))


def name_them(commitment, when, *parts):
    HistoryEntry.objects.create(
        act="assign", at=when, commitment=commitment, said={"partners": [list(one) for one in parts]}
    )


def rows(commitment):
    found = commitment.delivery_partners.select_related("organisation").order_by("started_on", "organisation__name")
    return [(one.organisation.name, one.role, one.started_on, one.ended_on) for one in found]


def test_who_stayed_left_and_came_back_is_known_with_its_days(commitment):
    stays, leaves = make_organisation("Stays"), make_organisation("Leaves")
    name_them(commitment, at(2022, 5, 1), ("Stays", "delivers"), ("Leaves", "funds"))
    name_them(commitment, at(2023, 6, 2), ("Stays", "hosts"))
    name_them(commitment, at(2024, 7, 3), ("Stays", "hosts"), ("Leaves", "advises"))
    HistoryEntry.objects.create(
        act="assign", at=at(2024, 8, 1), commitment=commitment, said={"lead": "", "supporting": ""}
    )
    for one, role in ((stays, "hosts"), (leaves, "advises")):
        DeliveryPartner.objects.create(commitment=commitment, organisation=one, role=role)
    migration.rebuild(apps, None)
    assert rows(commitment) == [
        ("Leaves", "funds", date(2022, 5, 1), date(2023, 6, 2)),
        ("Stays", "hosts", date(2022, 5, 1), None),
        ("Leaves", "advises", date(2024, 7, 3), None),
    ]
    assert DeliveryPartner.objects.get(organisation=stays).recorded_at == at(2022, 5, 1)
    assert set(DeliveryPartner.objects.on(date(2023, 6, 1)).values_list("organisation__name", flat=True)) == {
        "Stays",
        "Leaves",
    }
    assert set(DeliveryPartner.objects.on(date(2023, 6, 2)).values_list("organisation__name", flat=True)) == {"Stays"}


def test_a_day_is_that_of_the_council_s_clock(commitment):
    make_organisation("Late Naming")
    DeliveryPartner.objects.create(commitment=commitment, organisation=make_organisation("Renamed since"))
    name_them(commitment, datetime(2023, 6, 1, 23, 30, tzinfo=ZoneInfo("UTC")), ("Late Naming", "delivers"))
    name_them(commitment, at(2023, 8, 1))
    migration.rebuild(apps, None)
    assert ("Late Naming", "delivers", date(2023, 6, 2), date(2023, 8, 1)) in rows(commitment)


def test_names_that_belong_to_nobody_or_to_two_are_left_alone(commitment):
    renamed = DeliveryPartner.objects.create(commitment=commitment, organisation=make_organisation("Second Bloom"))
    make_organisation("Twins"), make_organisation("Twins")
    name_them(commitment, at(2022, 5, 1), ("First Bloom", "delivers"), ("Twins", "delivers"))
    name_them(commitment, at(2022, 6, 1), ("First Bloom", "delivers"))
    migration.rebuild(apps, None)
    assert rows(commitment) == [("Second Bloom", "delivers", None, None)]
    renamed.refresh_from_db()
    assert renamed.recorded_at is None


def test_a_part_of_less_than_a_day_and_other_commitments_are_not_touched(commitment, strategy):
    mistake = make_organisation("Named by mistake")
    other = strategy.commitments.get(reference="1.2")
    DeliveryPartner.objects.create(commitment=other, organisation=mistake)
    name_them(commitment, at(2022, 5, 1, 9), ("Named by mistake", "delivers"))
    name_them(commitment, at(2022, 5, 1, 10))
    migration.rebuild(apps, None)
    assert rows(commitment) == []
    assert rows(other) == [("Named by mistake", "delivers", None, None)]
