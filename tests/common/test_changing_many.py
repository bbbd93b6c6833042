"""Many rows are changed with one statement, to what they are in memory."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Action
from partners.models import Organisation
from tests.factories import make_organisation
from vcsportal.common.changing_many import change_many

pytestmark = pytest.mark.django_db


def three() -> list[Organisation]:
    return [make_organisation(f"Group {number}") for number in range(3)]


def stored(*names: str) -> list[tuple[object, ...]]:
    return list(Organisation.objects.order_by("id").values_list(*names))


def test_every_kind_of_column_is_written_and_the_others_stay():
    rows, now = three(), timezone.now()
    for number, row in enumerate(rows):
        row.name, row.description = f"It’s a 100% “group” {number}", "not this one"
        row.email_domains = [] if number == 1 else [f"group-{number}.example", "a,b"]
        row.checked_on = None if number == 0 else date(2026, 3, number)
        row.contacts_confirmed, row.joined_at = number == 2, now + timedelta(hours=number)
        row.changed_by_hand = {"name": f"2026-03-0{number + 1}"}
    names = ["name", "email_domains", "checked_on", "contacts_confirmed", "joined_at", "changed_by_hand"]
    with CaptureQueriesContext(connection) as asked:
        assert change_many(rows[:2], [*names, "name"]) == 2
    assert len(asked) == 1
    written = [tuple(getattr(row, name) for name in names) for row in rows[:2]]
    assert stored(*names)[:2] == written
    assert stored("name", "contacts_confirmed")[2] == ("Group 2", False)
    assert {description for (description,) in stored("description")} == {""}


def test_rows_are_named_by_their_relation(strategy):
    commitments = list(strategy.commitments.order_by("id"))
    first, second = Action.objects.bulk_create(
        Action(commitment=commitments[0], title=title) for title in ("Write", "Call")
    )
    organisation = make_organisation("Vale Choir")
    first.owner_organisation, second.parent = organisation, first
    assert change_many((row for row in (first, second)), ["owner_organisation", "parent"]) == 2
    assert list(Action.objects.order_by("id").values_list("owner_organisation", "parent")) == [
        (organisation.pk, None), (None, first.pk),
    ]  # fmt: skip


def test_many_rows_take_several_statements_and_what_is_gone_is_not_written():
    rows = three()
    for row in rows:
        row.source = "their website"
    rows[1].pk += 1_000_000
    with CaptureQueriesContext(connection) as asked:
        assert change_many(rows, ["source"], at_once=2) == 2
    assert len(asked) == 2
    assert stored("source") == [("their website",), ("",), ("their website",)]


def test_no_rows_are_no_statement():
    with CaptureQueriesContext(connection) as asked:
        assert change_many([], ["name"]) == 0
    assert not asked.captured_queries
