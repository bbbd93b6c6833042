"""Long lists: numbered pages up to 1,000 rows, then place by place; nothing is counted beyond, nothing comes twice."""

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Evidence
from vcsportal.common.long_lists import MAX_COUNTED, ListPlace, count_up_to, counted, long_page

SIZE = 20


@pytest.fixture
def many(charity, partner, officer) -> list[int]:
    """More than a thousand published items, of which forty and more share each day; their keys, the newest first."""
    now = timezone.now()
    made = Evidence.objects.bulk_create(
        Evidence(
            organisation=charity, title=f"Walk {n}", happened_from=date(2026, 5, 1) - timedelta(days=n % 25), publishable=True,
            logged_at=now, logged_by=partner, submitted_at=now, submitted_by=partner, state="accepted", accepted_at=now,
            accepted_by=officer,
        )
        for n in range(MAX_COUNTED + 30)
    )  # fmt: skip
    return [one.pk for one in sorted(made, key=lambda one: (one.happened_from, one.pk), reverse=True)]


def walk(query: str, lead: str) -> list[int]:
    """Follow one way from page to page; return the keys of all."""
    found: list[int] = []
    while True:
        page = long_page(Evidence.objects.newest_first(), QueryDict(query), SIZE, day="happened_from")
        found += page.keys if lead == "older" else page.keys[::-1]
        if not (place := getattr(page, lead)):
            return found
        query = f"{lead}={place}"


def test_every_row_comes_once_though_days_are_shared_there_and_back(many):
    assert walk("", "older") == many
    last = long_page(Evidence.objects.newest_first(), QueryDict(""), len(many), day="happened_from")
    assert list(last.keys) == many
    oldest = Evidence.objects.get(pk=many[-1])
    back = walk(f"newer={ListPlace(oldest.happened_from, oldest.pk)}", "newer")
    assert back == many[-2::-1]


def test_no_query_reads_more_rows_than_are_counted(many):
    with CaptureQueriesContext(connection) as asked:
        long_page(Evidence.objects.newest_first(), QueryDict("older=2026-04-20.5"), SIZE, day="happened_from")
    assert len(asked) == 2
    assert all("LIMIT" in query["sql"] and "OFFSET" not in query["sql"] for query in asked)


def test_up_to_a_thousand_pages_have_numbers(many):
    Evidence.objects.filter(pk__in=many[MAX_COUNTED:]).delete()
    page = long_page(Evidence.objects.newest_first(), QueryDict("page=50"), SIZE, day="happened_from")
    assert (list(page.keys), page.count) == (many[980:1000], MAX_COUNTED)
    assert (page.numbers.number, page.newer, page.older) == (50, "", "")


def test_what_cannot_be_read_means_the_first_page(many):
    for query in ("older=x", "older=2026-13-01.4", "newer=2026-05-01.-3", "page=2", f"older={date.min}.1"):
        page = long_page(Evidence.objects.newest_first(), QueryDict(query), SIZE, day="happened_from")
        assert list(page.keys) == many[:SIZE], query


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 items"), (1, "1 item"), (1000, "1,000 items"), (1001, "more than 1,000 items")]
)
def test_a_count_is_said_as_far_as_it_is_known(number, words):
    assert counted(number, "item") == words


def test_counting_stops_one_after_the_most(many):
    assert count_up_to(Evidence.objects.all()) == MAX_COUNTED + 1
    assert count_up_to(Evidence.objects.all(), most=5) == 6
    assert count_up_to(Evidence.objects.none()) == 0


@given(st.dates(), st.integers(1, 10**18 - 1))
def test_a_place_is_read_as_it_was_written(day, key):
    assert ListPlace.read(str(ListPlace(day, key))) == ListPlace(day, key)


def test_the_page_says_more_than_a_thousand_and_leads_on_by_place(client, many):
    body = client.get("/evidence/").content.decode()
    assert "More than 1,000 items of evidence." in " ".join(body.split())
    assert "Older" in body
    assert "Newer" not in body
    place = long_page(Evidence.objects.newest_first(), QueryDict(""), SIZE, day="happened_from").older
    second = client.get(f"/evidence/?older={place}")
    assert [card["url"] for card in second.context["cards"]] == [f"/evidence/{key}/" for key in many[20:40]]
    assert "Newer" in second.content.decode()


def test_the_api_gives_no_count_beyond_a_thousand_and_leads_through_all(client, many):
    url, found = "/api/v1/evidence/?page_size=100", []
    while url:
        answer = client.get("?".join(part for part in urlsplit(url)[2:4] if part)).json()
        assert answer["count"] is None
        found += [row["id"] for row in answer["results"]]
        url = answer["next"]
        assert not url or dict(parse_qsl(urlsplit(url).query)).keys() == {"page_size", "older"}
    assert found == many


def test_the_api_refuses_a_place_that_is_none_and_a_number_that_leads_nowhere(client, many):
    assert client.get("/api/v1/evidence/?older=never").status_code == 400
    refused = client.get("/api/v1/evidence/?page=2")
    assert refused.status_code == 404
    assert "follow the address in next" in refused.json()["detail"]
