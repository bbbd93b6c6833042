"""Commitments of earlier versions get their keys, closed ones their day, and what people were typing its new name."""

from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection

from commitments.models import Commitment, WorkingCopy
from commitments.services.progress import change_status
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db
LATE = datetime(2025, 6, 1, 23, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on 2 June in the council's time


@pytest.fixture
def earlier(strategy, council, officer):
    """The tables as they were between the two steps: no keys, no day of closing, no constraint yet."""
    closed = strategy.commitments.get(reference="1.2")
    change_status(by=officer, at=LATE, commitment=closed, to="closed", reason="It ended.")
    make_strategy(council, slug="second", shape=(1,), opens_first=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("key_is_given", "closed_with_its_day", "key_once_in_a_strategy"):
            cursor.execute(f"ALTER TABLE commitments_commitment DROP CONSTRAINT {name}")
        cursor.execute("UPDATE commitments_commitment SET key = '', closed_on = NULL")
    Commitment.objects.filter(strategy=strategy, reference__in=["1.1", "2.1"]).update(short_title="Village rooms")
    Commitment.objects.filter(strategy=strategy, reference="2.2").update(short_title="2025")
    return strategy


def run():
    import_module("commitments.migrations.0011_keys_from_short_titles").give_keys(apps, None)


def test_keys_are_made_from_short_titles_each_once_in_its_strategy(earlier):
    run()
    assert list(earlier.commitments.in_order().values_list("reference", "key")) == [
        ("1.1", "village-rooms"), ("1.2", "thing-12"), ("2.1", "village-rooms-2"), ("2.2", "commitment-2025"),
    ]  # fmt: skip
    assert Commitment.objects.get(strategy__slug="second").key == "thing-11"


def test_a_closed_one_gets_the_councils_day_and_an_open_one_none(earlier):
    run()
    assert Commitment.objects.get(strategy=earlier, reference="1.2").closed_on == date(2025, 6, 2)
    assert Commitment.objects.filter(closed_on__isnull=False).count() == 1


def test_what_is_being_typed_is_kept_under_the_key(earlier, officer, now):
    forms = (
        "update:our-strategy:1.1:2024-25",
        "view:our-strategy:2.1:2024-25:rowan-trust",
        "evidence:12",
        "update:gone:1.1:2024-25",
    )
    for form in forms:
        WorkingCopy.objects.create(person=officer, form=form, fields={}, kept_at=now)
    run()
    assert list(WorkingCopy.objects.order_by("id").values_list("form", flat=True)) == [
        "update:our-strategy:village-rooms:2024-25", "view:our-strategy:village-rooms-2:2024-25:rowan-trust", "evidence:12",
        "update:gone:1.1:2024-25",
    ]  # fmt: skip
