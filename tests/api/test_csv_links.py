"""Every page with a list leads to a file of just the rows that it lists, or there is a reason why not."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from commitments.content.sourced_figures import SourcedFigureContent, SourcedValueContent
from commitments.models import SourcedFigure
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.models import PartnershipGroup, Source
from tests.api.conftest import Stored, World, stored_world
from tests.api.every_list import ROWS, make_full_world
from tests.api.test_csv_lists import assert_page_links_to_its_rows

pytestmark = pytest.mark.django_db
FIGURES = ("place", "wellbeing", "place")
"""What the figures of the page are about; the last one has ended."""


def make_listed_world() -> World:
    """Return the full world with a group that has ended, and figures that are not about money."""
    world, now = make_full_world(), timezone.now()
    for about in FIGURES:
        content = SourcedFigureContent(about, f"About {about}", unit="people")
        figure = add_figure(by=world.officer, at=now, strategy=world.strategy, content=content)
        value = SourcedValueContent(Decimal(5), period="2020/21", source=Source.objects.get())
        add_sourced_value(by=world.officer, at=now, figure=figure, content=value)
    SourcedFigure.objects.filter(pk=figure.pk).update(ended_at=now, ended_why="Counted no more.")
    ended = PartnershipGroup.objects.order_by("-pk")[:1].values("pk")
    PartnershipGroup.objects.filter(pk__in=ended).update(ended_on=date(2024, 1, 1))
    return world


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stored]:
    yield from stored_world(make_listed_world, django_db_blocker, tmp_path_factory)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/engagement/", ROWS),
        ("/engagement/?state=planned&kind=visit&page=1", ROWS),
        ("/engagement/?state=held", 0),
        ("/strategies/our-strategy/risks/", ROWS),
        ("/strategies/our-strategy/risks/?state=open", ROWS),
        ("/strategies/our-strategy/risks/?state=ended", 0),
        ("/organisations/groups/", ROWS - 1),
        ("/figures/", 2),
        ("/figures/?strategy=our-strategy", 2),
        ("/figures/?strategy=the-compact", 0),
        ("/strategies/", ROWS + 1),
        ("/districts/", ROWS),
        ("/strategies/our-strategy/commitments/thing-1-1/actions/", ROWS),
        ("/reports/", ROWS),
    ],
)
def test_the_file_has_the_rows_that_the_page_lists(stranger, world, path, count):
    assert_page_links_to_its_rows(stranger.client, path, count)


WITHOUT: dict[str, str] = {
    "dev/look.html": "the style guide, which lists nothing of the portal’s",
    "commitments/approvals.html": "a reviewer’s queue: its rows are gone when they are read",
    "commitments/points.html": "a queue with original words, which the API does not have",
    "commitments/review.html": "a reviewer’s queue: its rows are gone when they are read",
    "commitments/round.html": "who owes something in a round, for those who run it: people’s names",
    "commitments/you_said.html": "it also lists points without words, which wait for an answer; points/ has what is published",
    "pages/removals.html": "counts of what was deleted each night, not a list of things",
    "pages/search.html": "the best results of each kind: search/ gives the same as JSON",
    "partners/complaints.html": "people’s data",
    "partners/invitations.html": "people’s data",
    "partners/joining_requests.html": "people’s data",
    "partners/people.html": "people’s data",
}
"""Templates of long lists without a file of their rows, and why."""
OWN_FILES = {"commitments/money.html": "awards-csv", "commitments/signatories.html": "signatories-csv"}
"""Those with a file of their own, with the page’s filters."""


def test_every_long_list_has_a_file_of_its_rows_or_a_reason():
    folder = Path(settings.BASE_DIR) / "templates"
    long_lists = {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*.html")
        if re.search(r'include "components/_(pagination|newer_older)', path.read_text())
    }
    with_link = {name for name, text in long_lists.items() if '"components/_csv_link.html"' in text}
    own = {name for name, text in long_lists.items() if f"'commitments:{OWN_FILES.get(name)}'" in text}
    assert long_lists.keys() - with_link - own == WITHOUT.keys()
    assert own == OWN_FILES.keys()
