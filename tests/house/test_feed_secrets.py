"""A feed tells of what was published and to whom it belongs, and has no secret in it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.points import PointAnswer
from commitments.services.partner_views import withdraw_view
from commitments.services.points import answer_point
from partners.models import Organisation
from tests.factories import make_edition, withdraw_edition
from tests.house import test_search_secrets as secrets
from tests.house.world import SECRET, World
from tests.reading_feeds import entries
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def addresses(world: World) -> dict[str, str]:
    slug = world.strategy.slug
    return {
        "everything": reverse("following:feed"),
        "strategy": reverse("following:strategy-feed", args=[slug]),
        "commitment": reverse("following:commitment-feed", args=[slug, world.commitment.key]),
        "organisation": reverse("following:organisation-feed", args=[world.things["charity"].slug]),
    }


def test_a_feed_has_nothing_that_is_not_published_and_no_story_of_anybody(world: World):
    for make in secrets.SECRETS.values():
        with suppress(Refused):
            make(world)
    secrets._published_evidence(world, title="A meadow")
    client = world.client("anonymous")
    slugs = [*Organisation.objects.public().values_list("slug", flat=True)]
    for address in [
        *addresses(world).values(),
        *(reverse("following:organisation-feed", args=[slug]) for slug in slugs),
    ]:
        assert SECRET.casefold() not in client.get(address).content.decode().casefold(), address
    assert "A meadow" in {entry["title"] for entry in entries(client, addresses(world)["everything"])}


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("evidence", {"everything", "strategy", "commitment", "organisation"}),
        ("case-studies", {"everything", "strategy", "commitment", "organisation"}),
        ("updates", {"everything", "strategy", "commitment"}),
        ("points", {"everything", "strategy"}),
        ("engagement", {"everything", "strategy"}),
    ],
)
def test_what_is_published_is_in_the_feeds_that_it_belongs_to_and_in_no_other(kind: str, where: set[str], world: World):
    client = world.client("anonymous")
    before = {name: {each["id"] for each in entries(client, address)} for name, address in addresses(world).items()}
    secrets.FOUND_ONCE_PUBLISHED[kind](world)
    told = {
        name
        for name, address in addresses(world).items()
        if any(
            SECRET in f"{each['title']} {each['summary']}"
            for each in entries(client, address)
            if each["id"] not in before[name]
        )
    }
    assert told == where


def test_a_published_report_is_in_the_feeds_of_its_strategy_until_it_is_withdrawn(world: World):
    client, by, at = world.client("anonymous"), world.person("administrator"), timezone.now()
    edition = make_edition(round_=world.closed_round(), by=by, published=True)
    everywhere = addresses(world)
    told = {name for name in everywhere if "Report" in {each["kind"] for each in entries(client, everywhere[name])}}
    assert told == {"everything", "strategy"}
    withdraw_edition(by=by, at=at, edition=edition, reason="A mistake.")
    assert "Report" not in {each["kind"] for each in entries(client, everywhere["strategy"])}


def test_an_answer_to_a_published_point_is_news_once_more(world: World):
    client, address = world.client("anonymous"), addresses(world)["everything"]
    point = secrets._published_point(world)
    first = next(each for each in entries(client, address) if each["id"].endswith(f":point/{point.pk}"))
    later = timezone.now() + timedelta(minutes=5)
    answer_point(by=world.person("officer"), at=later, point=point, answer=PointAnswer("no", "It costs too much."))
    again = entries(client, address)[0]
    assert (again["id"], "It costs too much." in again["summary"]) == (first["id"], True)
    assert again["updated"] > first["updated"]


def test_a_partners_view_is_in_the_feed_of_its_organisation_until_it_is_withdrawn(world: World):
    client, view = world.client("anonymous"), world.view_of_outsider()
    address = reverse("following:organisation-feed", args=[view.organisation.slug])
    [told] = entries(client, address)
    assert (told["kind"], "We lack drivers." in told["summary"]) == ("Partner’s view", True)
    assert not [each for each in entries(client, addresses(world)["organisation"]) if each["kind"] == told["kind"]]
    withdraw_view(by=world.person("outsider"), at=timezone.now(), view=view)
    assert entries(client, address) == []
