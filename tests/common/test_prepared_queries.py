"""A prepared query answers as its queryset would, whatever the values; its SQL is built once for each shape of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q, Value
from django.utils import timezone

from commitments.models import Evidence
from tests.factories import make_evidence
from vcsportal.common.prepared_queries import PreparedQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(partner, commitment) -> list[Evidence]:
    found = [make_evidence(partner, commitment) for _ in range(7)]
    for number, item in enumerate(found):
        Evidence.objects.filter(pk=item.pk).update(
            title=f"Item {number % 3}", happened_from=date(2026, 1, 1 + number), people_reached=number % 2 or None
        )
    return found


def _several(titles: list[str], keys: list[int], day: date, logged: object, reached: int | None):
    return (
        Evidence.objects.filter(title__in=titles, happened_from__gte=day, people_reached=reached)
        .filter(Q(pk__in=keys) | Q(logged_at__gt=logged))
        .select_related("organisation")
        .annotate(day=Value(day))
        .order_by("id")
    )


def test_it_finds_what_the_queryset_finds_for_every_kind_and_number_of_values(items):
    ask = PreparedQuery(_several)
    found = 0
    for count in range(8):
        for reached in (1, None):
            for day in (date(2026, 1, 1), date(2026, 1, 4)):
                for logged in (timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=900)):
                    values: dict[str, Any] = {
                        "titles": ["Item 0", "Item 2"][: count // 3 + 1], "keys": [one.pk for one in items[:count]],
                        "day": day, "logged": logged, "reached": reached,
                    }  # fmt: skip
                    rows, expected = ask(**values), list(_several(**values))
                    assert rows == expected
                    assert [(one.title, one.organisation.name, one.day) for one in rows] == [
                        (one.title, one.organisation.name, one.day) for one in expected
                    ]
                    found += len(rows)
    assert found > 20


def test_it_builds_its_sql_once_and_keeps_no_rows(items, django_assert_num_queries):
    built = []

    def build(title):
        built.append(title)
        return Evidence.objects.filter(title=title).order_by("id").values("pk", "title")

    ask = PreparedQuery(build)
    with django_assert_num_queries(3):
        first = ask(title="Item 0")
        assert [row["title"] for row in ask(title="Item 1")] == ["Item 1"] * 2
        Evidence.objects.filter(pk=first[0]["pk"]).update(title="Item 1")
    with django_assert_num_queries(1):
        assert len(ask(title="Item 1")) == 3
    assert len(built) == 1
    assert built[0] != "Item 0", "it is built with a stand-in"


def test_prefetched_rows_and_flat_values_come_as_ever(items, django_assert_num_queries):
    whole = PreparedQuery(lambda day: Evidence.objects.filter(happened_from__gte=day).prefetch_related("commitments"))
    flat = PreparedQuery(lambda key: Evidence.objects.filter(pk=key).values_list("title", flat=True))
    with django_assert_num_queries(2):
        assert all(len(item.commitments.all()) == 1 for item in whole(day=date(2026, 1, 5)))
    assert flat(key=items[1].pk) == ["Item 1"]


def test_no_row_is_asked_for_where_none_can_be(items, django_assert_num_queries):
    ask = PreparedQuery(lambda keys: Evidence.objects.filter(pk__in=keys))
    with django_assert_num_queries(0):
        assert ask(keys=[]) == []


def test_a_value_that_does_not_reach_the_query_as_it_is_is_refused(items):
    with pytest.raises(ValueError, match="title"):
        PreparedQuery(lambda title: Evidence.objects.filter(title__icontains=title))(title="Item")
    with pytest.raises(ValueError, match="day"):
        PreparedQuery(lambda day, key: Evidence.objects.filter(pk=key))(day=date(2026, 1, 1), key=1)
    with pytest.raises(TypeError, match="Evidence"):
        PreparedQuery(lambda item: Evidence.objects.filter(pk=item))(item=items[0])


def test_a_day_of_its_own_is_refused_as_it_would_stay_that_of_the_first_asking(items):
    for own in (timezone.localdate(), timezone.now()):
        with pytest.raises(ValueError, match="of its own"):
            PreparedQuery(lambda key, own=own: Evidence.objects.filter(pk=key, logged_at__lt=own))(key=1)


def test_a_number_that_the_database_can_not_hold_finds_nothing(items):
    ask = PreparedQuery(lambda key: Evidence.objects.filter(pk=key))
    assert [ask(key=key) for key in (2**63 - 1, 2**63, -(2**63) - 1, 10**30)] == [[], [], [], []]
    assert ask(key=items[0].pk) == [items[0]]
