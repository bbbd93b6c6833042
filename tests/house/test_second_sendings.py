"""Every door that takes a POST says what happens if it is sent twice, or by two people at once."""

import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from tests.house.door_table import DOORS
from tests.house.doors import PEOPLE
from tests.house.second_sendings import FIELD, GUARDS, MEANING
from tests.house.test_sent_once import guarded
from tests.signing_in import sign_in

ROWS = [(guard, name) for guard, names in GUARDS.items() for name in names.split()]
WRITING = {door.name for door in DOORS if set(door.post.split()) - {"login", "401", "405"}}
BY_NAME = {door.name: door for door in DOORS}


def test_every_door_that_takes_a_post_has_one_guard_or_a_reason():
    print(f"looked at {len(WRITING)} doors")
    assert len(WRITING) > 100
    assert set(GUARDS) == set(MEANING)
    assert [name for name, times in Counter(name for _guard, name in ROWS).items() if times > 1] == []
    named = {name for _guard, name in ROWS}
    assert WRITING - named == set(), "doors that do not say what happens if they are sent twice"
    assert named - WRITING == set(), "rows without a door"


def test_the_doors_that_act_once_are_those_that_say_so():
    assert {name for guard, name in ROWS if guard == "once"} == guarded()


HAVE_A_FIELD = sorted(name for guard, name in ROWS if guard in FIELD and set(BY_NAME[name].get.split()) & {"200"})


def test_enough_pages_are_looked_at():
    assert len(HAVE_A_FIELD) > 25


@pytest.mark.django_db
@pytest.mark.parametrize("name", HAVE_A_FIELD)
def test_the_page_of_a_door_holds_what_guards_it(name, world):
    door = BY_NAME[name]
    [guard] = [guard for guard, one in ROWS if one == name]
    gets, posts = door.answers("GET"), door.answers("POST")
    may = [who for who in PEOPLE if gets[who] == "200" and posts[who] in {"200", "302", "400", "422"}]
    assert may, "nobody who may send this form can see it"
    assert any(holds(world, door, who, FIELD[guard]) for who in may), f"no field {FIELD[guard]}"


def holds(world, door, who, field):
    """Whether the page that this person reads holds the field, or one of that name for each of its rows."""
    client = Client()
    if person := world.people[who]:
        sign_in(client, person)
    page = client.get(reverse(door.name, args=door.args(world)) + door.query)
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    return any(re.search(rf'name="(\w+-)?{field}(_[\w-]+)?"', one) for one in inputs)
