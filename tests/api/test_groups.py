"""Groups through the API: seats of today as posts, vacancies, and never a name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.services.appointments import appoint, show_name_on_seat
from partners.services.groups import keep_group
from partners.services.seats import add_seat
from tests.factories import make_organisation, make_person, steering_group

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def group(administrator, now):
    return keep_group(
        by=administrator,
        at=now,
        organisation=steering_group(),
        changes={"meets": "quarterly", "source": "Its own leaflet"},
    )


def test_a_seat_is_a_post_of_today_or_vacant_and_never_a_name(stranger, world, group, administrator, charity, now):
    today, person = timezone.localdate(now), make_person(name="Sal Seatholder")
    seats = [
        add_seat(by=administrator, at=now, group=group, title=title, is_chair=title == "Chair")
        for title in ("Chair", "Left today", "To come")
    ]
    days = ((today - DAY, None), (today - 9 * DAY, today), (today + DAY, None))
    for seat, (starts_on, until) in zip(seats, days, strict=True):
        held = appoint(
            by=administrator, at=now, seat=seat, organisation=charity, post="Director", person=person,
            starts_on=starts_on, until=until,
        )  # fmt: skip
        show_name_on_seat(by=person, at=now, appointment=held, name_shown=True)
    answer = stranger.get("groups/the-alliance/")
    assert "Sal Seatholder" not in answer.content.decode()
    told = answer.json()
    assert (told["meets"], told["source"]) == ("quarterly", "Its own leaflet")
    assert [(seat["title"], seat["vacant"], seat["post"]) for seat in told["seats"]] == [
        ("Chair", False, "Director"), ("Left today", True, ""), ("To come", True, ""),
    ]  # fmt: skip
    assert told["seats"][0] == {
        "number": 1, "title": "Chair", "chair": True, "secretary": False, "vacant": False, "post": "Director",
        "organisation": {"slug": charity.slug, "name": charity.name}, "since": (today - DAY).isoformat(), "until": None,
    }  # fmt: skip


def test_sub_groups_are_found_by_their_parent_and_cost_no_more_queries(stranger, world, group, administrator, now):
    for name in ("Halls", "Skills"):
        made = make_organisation(name, "partnership_group")
        below = keep_group(by=administrator, at=now, organisation=made, changes={"parent": group})
        add_seat(by=administrator, at=now, group=below, title="Chair")
    assert [row["name"] for row in stranger.list("groups/?parent=the-alliance")] == ["Halls", "Skills"]
    assert [row["name"] for row in stranger.list("groups/?q=skil")] == ["Skills"]
    assert stranger.list("groups/?parent=the-alliance")[0]["parent"] == {"slug": "the-alliance", "name": "The Alliance"}
    with CaptureQueriesContext(connection) as captured:
        assert len(stranger.list("groups/")) == 3
    assert len(captured) <= 3
