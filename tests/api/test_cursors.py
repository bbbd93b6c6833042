"""Going through every list by a cursor: each row once, whatever comes and goes meanwhile."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.api.districts import DistrictCommitmentDoor
from commitments.models import Evidence
from tests.api.conftest import ROOT, Stored, stored_world
from tests.api.every_list import ROWS, every_list, make_full_world
from vcsportal.common.api_filters import StrictFilters

pytestmark = pytest.mark.django_db
PORTAL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stored]:
    yield from stored_world(make_full_world, django_db_blocker, tmp_path_factory)


def walk(asker: Any, rest: str, *, size: int = 1, meanwhile: Callable[[int], None] = lambda page: None) -> list[str]:
    """Return the addresses of all rows that a cursor leads to, page by page."""
    found: list[str] = []
    url = f"{ROOT}{rest}?cursor=*&page_size={size}"
    while url:
        assert len(found) < 100, "it has an end"
        answer = asker.client.get(url)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert len(told["results"]) <= size
        assert (told["previous"], told["count"] is None) == (None, False)
        found += [address(row) for row in told["results"]]
        url = (told["next"] or "").removeprefix(PORTAL)
        meanwhile(len(found))
    return found


def address(row: dict[str, Any]) -> str:
    return str(row.get("url") or row["commitment_url"])


@pytest.mark.parametrize("rest", every_list())
def test_each_row_comes_once_while_others_come_and_go(stranger, world, rest, monkeypatch):
    """The first row goes after it was given, the second before; and one that is newer than all is added meanwhile."""
    hidden: set[Any] = set()
    keys: list[Any] = []
    monkeypatch.setattr(StrictFilters, "filter_queryset", without(StrictFilters.filter_queryset, hidden, keys))
    of_district = without(DistrictCommitmentDoor.filter_queryset, hidden, keys)
    monkeypatch.setattr(DistrictCommitmentDoor, "filter_queryset", of_district)
    listed = [address(row) for row in stranger.list(f"{rest}?page_size=100")]
    rows = walk(stranger, rest)
    assert len(rows) >= ROWS
    assert sorted(rows) == sorted(listed)
    assert len(set(rows)) == len(rows)
    hidden.add(keys[-1])

    def come_and_go(given: int) -> None:
        if given == 1:
            hidden.update(keys[:2])
            hidden.discard(keys[-1])

    assert walk(stranger, rest, meanwhile=come_and_go) == [rows[0], *rows[2:]]


def without(real: Any, hidden: set[Any], keys: list[Any]) -> Any:
    """Return the list of a door without the hidden rows; ``keys`` become those of all rows."""

    def some(door: Any, *asked: Any) -> Any:
        rows = real(door, *asked)
        if isinstance(rows, list):
            keys[:] = sorted(door.row_key(row) for row in rows)
            return [row for row in rows if door.row_key(row) not in hidden]
        keys[:] = sorted(rows.values_list("pk", flat=True))
        return rows.exclude(pk__in=hidden)

    return some


def test_a_row_that_moves_in_the_order_of_its_list_comes_once(stranger, world):
    """What happened on another day after all is neither missed nor given twice."""
    rows = stranger.list("evidence/")
    moved = [Evidence.objects.get(pk=rows[n]["id"]) for n in (0, -1)]

    def move(given: int) -> None:
        if given == 2:
            for row in moved:
                Evidence.objects.filter(pk=row.pk).update(happened_from=date(2021 + row.happened_from.year % 2, 1, 1))

    assert sorted(walk(stranger, "evidence/", meanwhile=move)) == sorted(address(row) for row in rows)


def test_filters_and_fields_go_with_the_cursor(stranger, world):
    told = stranger.get(
        "strategies/our-strategy/commitments/?cursor=*&page_size=1&q=thing&fields=key&priority=1"
    ).json()
    assert list(told["results"][0]) == ["key"]
    assert told["count"] == 2
    following = stranger.client.get(told["next"].removeprefix(PORTAL))
    assert (following.json()["count"], following.json()["next"]) == (2, None)
    first = stranger.get("evidence/?cursor=*&page_size=1")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'


def test_a_cursor_that_this_list_has_not_given_is_refused(stranger, world):
    given = stranger.get("evidence/?cursor=*&page_size=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    number, _, seal = given.partition(".")
    for rest, cursor in (
        ("evidence/", f"{int(number) + 1}.{seal}"),
        ("evidence/", f"{number}.{seal[:-1]}"),
        ("evidence/", number),
        ("evidence/", "**"),
        ("evidence/", "2024-01-01.5"),
        ("points/", given),
        ("districts/E07000177/commitments/", given),
    ):
        refused = stranger.get(rest, query_params={"cursor": cursor})
        assert refused.status_code == 400, (rest, cursor)
        [sentence] = refused.json()["errors"]["cursor"]
        assert sentence == "This is no cursor of this list. Begin with *, then follow the addresses in next."
    for name, value in (("page", "2"), ("older", "2024-01-01.5")):
        assert list(stranger.get(f"evidence/?cursor=*&{name}={value}").json()["errors"]) == [name]


def test_the_last_page_of_a_long_list_costs_what_the_first_costs(stranger, world, many):
    many(300)
    sizes: list[int] = []
    url = f"{ROOT}evidence/?cursor=*&page_size=40"
    while url:
        with CaptureQueriesContext(connection) as queries:
            told = stranger.client.get(url).json()
        [keys] = [query["sql"] for query in queries if query["sql"].endswith("LIMIT 41")]
        assert not any("OFFSET" in query["sql"] for query in queries)
        sizes.append(rows_read(keys))
        url = (told["next"] or "").removeprefix(PORTAL)
    assert len(sizes) == 8
    assert max(sizes) <= 60, sizes


def rows_read(sql: str) -> int:
    """Return how many rows the database looked at for a query in its largest table."""
    with connection.cursor() as cursor:
        # So few rows are read whole, or in order, as the planner guesses: only a query that can begin at its place may be cheap.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        [[plan]] = cursor.fetchall()
    return max(_rows(plan[0]["Plan"]))


def _rows(node: dict[str, Any]) -> Iterator[int]:
    yield int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    for inner in node.get("Plans", []):
        yield from _rows(inner)
