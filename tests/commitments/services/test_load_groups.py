"""Groups of a strategy's file: added, amended and never taken from people; faults with line and field."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from partners.models import Appointment, PartnershipGroup, Seat
from partners.services.appointments import end_appointment
from tests.factories import make_area, make_organisation
from vcsportal.common.data_file import Faulty
from vcsportal.common.words import NotAllowed

pytestmark = pytest.mark.django_db
REFERENCE = (settings.BASE_DIR / "docs" / "strategy-file.md").read_text()
STRATEGY = """[strategy]
slug = "places"
title = "Places"
vision = "A place to meet."
source = "Made for a test."
starts_on = 2025-04-01
ends_on = 2030-03-31
steered_by = "The Alliance"
[strategy.owner]
slug = "oxfordshire-county-council"
name = "Oxfordshire County Council"
kind = "public_body"
[[priority]]
number = 1
title = "Rooms"
[[priority.commitment]]
reference = "1.1"
wording = "Open a room"
short_title = "A room"
ongoing = false
"""
GROUPS = """
[[group]]
slug = "the-alliance"
name = "The Alliance"
meets = "quarterly"
[[group.seat]]
title = "Chair"
chair = true
post = "Chief executive"
organisation = "rowan-trust"
since = 2025-04-01
[[group.seat]]
title = "Business"
[[group]]
slug = "halls"
name = "Halls"
parent = "the-alliance"
"""


@pytest.fixture(autouse=True)
def known(council):
    make_area()
    return make_organisation("Rowan Trust", slug="rowan-trust")


def load(groups: str, by=None):
    return load_strategy(by=by, at=timezone.now(), entry=read(STRATEGY + groups))


def faults(groups: str) -> list[tuple[int, str, str]]:
    with pytest.raises(Faulty) as refused:
        load(groups)
    return [(fault.line, fault.field, fault.sentence) for fault in refused.value.faults]


def test_groups_and_seats_are_added_once():
    loaded = load(GROUPS)
    assert "Added the group “The Alliance”." in loaded.changes
    assert loaded.strategy.steered_by.group == PartnershipGroup.objects.get(organisation__slug="the-alliance")
    assert PartnershipGroup.objects.get(organisation__slug="halls").parent == loaded.strategy.steered_by.group
    assert [(seat.title, seat.is_chair) for seat in Seat.objects.in_order()] == [("Chair", True), ("Business", False)]
    assert Appointment.objects.get().post == "Chief executive"
    assert load(GROUPS).changes == []


def test_who_holds_a_seat_is_the_portals_once_somebody_was_appointed():
    load(GROUPS)
    held = Appointment.objects.get()
    end_appointment(by=None, at=timezone.now(), appointment=held, until=date(2025, 9, 1))
    assert load(GROUPS.replace("Chief executive", "Director")).changes == []
    assert Appointment.objects.get().until == date(2025, 9, 1)


def test_a_file_amends_what_it_says_of_a_group_and_leaves_seats_that_it_does_not_name():
    load(GROUPS)
    loaded = load(GROUPS.replace("quarterly", "monthly").replace('[[group.seat]]\ntitle = "Business"\n', ""))
    assert loaded.changes == ["Changed the description of the group “The Alliance”."]
    assert Seat.objects.count() == 2


def line_of(groups: str, words: str) -> int:
    return (STRATEGY + groups).split("\n").index(words) + 1


def test_a_group_below_itself_is_a_fault_with_line_and_field():
    own = GROUPS.replace('parent = "the-alliance"', 'parent = "halls"')
    assert faults(own)[0][:2] == (line_of(own, 'parent = "halls"'), "parent")
    loop = GROUPS.replace('meets = "quarterly"', 'parent = "halls"')
    [(line, field, sentence)] = faults(loop)
    assert (line, field) == (line_of(loop, 'parent = "the-alliance"'), "parent")
    assert "can’t be a sub-group of itself" in sentence
    assert not PartnershipGroup.objects.exists(), "nothing is written"


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('parent = "the-alliance"', 'parent = "nowhere"', "parent"),
        ('organisation = "rowan-trust"', 'organisation = "nowhere"', "organisation"),
        ("since = 2025-04-01\n", "", "since"),
        ('title = "Business"', 'title = "Chair"', "title"),
        ('title = "Business"', 'title = "Business"\nname = "Ann Other"', "name"),
        ('meets = "quarterly"', 'rests_why = "it is under review"', "rests_since"),
        ('slug = "halls"', 'slug = "rowan-trust"', "slug"),
    ],
)
def test_other_faults_are_said_with_their_field(before, after, field):
    assert before in GROUPS
    found = faults(GROUPS.replace(before, after))
    assert [name for _, name, _ in found] == [field]
    assert all(line > len(STRATEGY.split("\n")) for line, _, _ in found)


def test_an_officer_does_not_load_groups(officer):
    with pytest.raises(NotAllowed):
        load(GROUPS, by=officer)


def test_the_reference_says_that_there_are_no_names():
    assert re.search(r"\*\*Write posts, not names\*\*", REFERENCE)


def test_a_priority_names_its_group_and_a_file_without_it_leaves_it():
    at = timezone.now()
    named = STRATEGY.replace("[[priority]]\n", '[[priority]]\ngroup = "the-board"\n', 1)
    with pytest.raises(Faulty, match="There is no group “the-board” in the portal or in this file"):
        load_strategy(by=None, at=at, entry=read(named))
    board = '[[group]]\nslug = "the-board"\nname = "The Board"\naims = "Meet"\n'
    strategy = load_strategy(by=None, at=at, entry=read(named + board)).strategy
    group = strategy.priorities.order_by("number")[0].group
    assert group is not None
    assert (group.organisation.name, group.aims) == ("The Board", "Meet")
    assert load_strategy(by=None, at=at, entry=read(named + board)).changes == []
    assert load_strategy(by=None, at=at, entry=read(STRATEGY)).changes == []
    assert strategy.priorities.get(group=group).number == 1


def test_the_page_of_a_priority_leads_to_its_group(client):
    board = '[[group]]\nslug = "the-board"\nname = "The Board"\n'
    named = STRATEGY.replace("[[priority]]\n", '[[priority]]\ngroup = "the-board"\n', 1)
    load_strategy(by=None, at=timezone.now(), entry=read(named + board))
    page = client.get(reverse("commitments:priority", args=["places", 1])).content.decode()
    assert 'href="/organisations/the-board/">The Board</a>' in page
