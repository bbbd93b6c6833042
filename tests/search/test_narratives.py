"""What officers wrote for a report is found once it is published; the committee paper's own sections never are."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Round, Strategy
from partners.models import User
from reporting.models import Edition
from tests.factories import make_edition, make_round, seal, withdraw_edition
from vcsportal.search.results import find, show

pytestmark = pytest.mark.django_db


def texts(**written: str) -> dict[str, Any]:
    """Facts with these sections, each as a word for a section's key with ``_`` for its hyphens."""
    return {"texts": [{"section": key.replace("_", "-"), "text": text} for key, text in written.items()]}


def found(query: str) -> list[int]:
    return next((list(each.keys) for each in find(query, timezone.localdate()) if each.kind.code == "reports"), [])


@pytest.fixture
def published(open_round: Round, officer: User) -> Edition:
    facts = texts(
        foreword="Neighbours *looked after* each other.\nThe marmalade sold out.",
        priority_2="Volunteers mended bicycles.",
        forward_plan="An orchard is planted.",
        foreword_by="Leader of the Quincunx",
        paper_purpose="Zeppelins are considered.",
        background="Zeppelins came first.",
    )
    return make_edition(round_=open_round, by=officer, facts=facts, published=True)


@pytest.mark.parametrize("query", ["marmalade", "volunteering bicycle", "orchard marmalade", "marmalade annual report"])
def test_the_report_is_found_by_words_of_any_section_of_its_narrative(published: Edition, query: str) -> None:
    assert found(query) == [published.pk]


@pytest.mark.parametrize("query", ["zeppelins", "quincunx", "marmalade zeppelins"])
def test_what_is_in_the_committee_paper_alone_is_not_found(published: Edition, query: str) -> None:
    assert found(query) == []


def test_words_stand_in_the_excerpt_as_they_are_read(published: Edition, client: Client) -> None:
    page = client.get("/search/", {"q": "marmalade"}).text
    assert "The <mark>marmalade</mark> sold out." in page
    assert "*looked" not in page
    assert "zeppelin" not in page.lower()


def test_a_draft_is_not_found_and_a_newer_edition_takes_the_place_of_the_older(
    open_round: Round, officer: User, published: Edition
) -> None:
    newer = make_edition(round_=open_round, by=officer, facts=texts(foreword="Chutney instead."))
    assert found("chutney") == []
    assert found("marmalade") == [published.pk]
    seal(newer, by=officer, at=timezone.now())
    assert found("chutney") == [newer.pk]
    assert found("marmalade") == [], "nobody is meant to read the older one"


def test_each_round_has_its_own_report(strategy: Strategy, officer: User, published: Edition) -> None:
    before = make_round(strategy, years_ago=1)
    earlier = make_edition(round_=before, by=officer, facts=texts(foreword="Marmalade again."), published=True)
    assert found("marmalade") == [published.pk, earlier.pk]


def test_an_edition_that_was_withdrawn_is_not_shown_either(published: Edition, administrator: User) -> None:
    [kind] = [each.kind for each in find("marmalade", timezone.localdate()) if each.kind.code == "reports"]
    withdraw_edition(by=administrator, at=timezone.now(), edition=published, reason="A figure was wrong.")
    assert found("marmalade") == []
    assert show("marmalade", [(kind, [published.pk])], timezone.localdate()) == [[]]
