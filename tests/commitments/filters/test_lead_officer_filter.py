"""The filter by lead officer: names for those who may read them, and each post once for everybody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.services.commitment_people import assign_people
from partners.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def led(officer, second_officer, council, strategy):
    """1.1 and 1.2 are led by two people in one post; a third leads another, and lets their name be shown."""
    third = make_person("officer", council, name="Shona Shown")
    User.objects.filter(pk__in=[officer.pk, second_officer.pk]).update(post="Adviser")
    User.objects.filter(pk=third.pk).update(post="Adviser", name_shown=True)
    found = list(strategy.commitments.in_order()[:3])
    for one, lead in zip(found, (officer, second_officer, third), strict=False):
        assign_people(by=officer, at=timezone.now(), commitment=one, lead=lead)
    return found


def choices(client, strategy, chosen=""):
    address = reverse("commitments:commitment-list", args=[strategy.slug])
    page = client.get(f"{address}?lead={chosen}" if chosen else address)
    assert page.status_code == 200, chosen
    return page, [(value, label) for value, label in page.context["form"].fields["lead"].choices if value]


def test_the_public_reads_each_post_once_and_finds_all_that_it_leads(led, officer, second_officer, client, strategy):
    _page, offered = choices(client, strategy)
    labels = [label for _value, label in offered]
    assert len(labels) == len(set(labels)) == len(led) - 1
    assert labels[0].startswith("Adviser, ")
    for person in (officer, second_officer):
        page, now = choices(client, strategy, person.pk)
        assert [label for _value, label in now] == labels
        assert str(person.pk) in dict(now), "what was asked for stays chosen"
        assert [line["title"] for line in page.context["lines"]] == [str(led[0]), str(led[1])]


def test_officers_choose_among_people(led, officer, second_officer, signed_in, strategy):
    _page, offered = choices(signed_in(officer), strategy)
    assert {label for _value, label in offered} >= {officer.name, second_officer.name}
    assert len(offered) == len(led)


def test_two_people_of_one_name_are_two(led, officer, second_officer, signed_in, strategy):
    User.objects.filter(pk=second_officer.pk).update(name=officer.name)
    _page, offered = choices(signed_in(officer), strategy)
    assert [label for _value, label in offered].count(officer.name) == 2


def test_the_api_takes_the_same(led, officer, strategy, client):
    data = client.get(f"/api/v1/strategies/{strategy.slug}/commitments/?lead={officer.pk}").json()
    assert {one["reference"] for one in data["results"]} == {led[0].reference, led[1].reference}
