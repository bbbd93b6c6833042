"""Narrowing evidence down by commitments and priorities that repeat from one strategy to another."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from commitments.filters.evidence import EvidenceFilter
from commitments.models import Evidence, FormerReference
from tests.factories import make_evidence, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(strategy, council, partner):
    """The same numbers in two strategies, with an item of evidence each."""
    other = make_strategy(council, slug="other", opens_first=False)
    for one in (strategy, other):
        make_evidence(partner, one.commitments.get(reference="1.1"), title=one.slug)
    return strategy, other


def found(query: str) -> set[str] | None:
    """The titles that the filter finds; None where it refuses."""
    narrowed = EvidenceFilter(QueryDict(query), queryset=Evidence.objects.order_by("id"))
    return {one.title for one in narrowed.qs} if narrowed.is_valid() else None


@pytest.mark.parametrize(
    "name", ["our-strategy:thing-1-1", "thing-1-1&strategy=our-strategy", "1.1&strategy=our-strategy"]
)
def test_a_commitment_is_that_of_its_own_strategy(both, name):
    assert found(f"commitment={name}") == {"our-strategy"}


@pytest.mark.parametrize("name", ["our-strategy:1", "1&strategy=our-strategy"])
def test_a_priority_too(both, name):
    assert found(f"priority={name}") == {"our-strategy"}


@pytest.mark.parametrize("query", ["commitment=1.1", "commitment=thing-1-1", "priority=1"])
def test_without_a_strategy_a_short_name_means_all_of_that_name(both, query):
    assert found(query) == {"our-strategy", "other"}


@pytest.mark.parametrize(
    "query",
    ["commitment=9.9", "commitment=nothing", "commitment=other:9", "priority=9", "commitment=thing-1-1&strategy=none"],
)
def test_what_there_is_not_is_refused(both, query):
    assert found(query) is None


@pytest.mark.parametrize("title", ["A food bank in the hall", "Food banks of the Vale", "Bank of food-boxes"])
@pytest.mark.parametrize("words", ["food bank", "food banks", "BANKS, food!", "ban foo"])
def test_singular_and_plural_find_each_other_in_any_order(strategy, partner, title, words):
    make_evidence(partner, strategy.commitments.first(), title=title)
    make_evidence(partner, strategy.commitments.first(), title="Glass in the grass")
    assert found(f"q={words}") == {title}
    assert found("q=glas") == {"Glass in the grass"}


def test_every_word_must_be_found_and_none_inside_another(strategy, partner):
    make_evidence(partner, strategy.commitments.first(), title="Homework club")
    assert found("q=home club") == {"Homework club"}
    assert found("q=home garden") == found("q=work") == found("q=clubhouse") == set()


def test_each_choice_says_of_which_strategy_it_is(both, signed_in, partner):
    page = signed_in(partner).get(
        reverse("commitments:evidence-list"), {"show": "mine", "commitment": "other:thing-1-1"}
    )
    choices = dict(page.context["filter_form"].fields["commitment"].choices)
    assert choices["other:thing-1-1"] == "1.1 Thing 1.1 (Strategy other)"
    assert choices["our-strategy:thing-1-1"] == "1.1 Thing 1.1 (Strategy our-strategy)"
    assert [one["label"] for one in page.context["active"]] == ["1.1 Thing 1.1 (Strategy other)"]
    assert [card["title"] for card in page.context["cards"]] == ["other"]


def test_with_one_strategy_a_choice_is_just_the_commitment(strategy):
    offered = EvidenceFilter(QueryDict(""), queryset=Evidence.objects.all()).filters["commitment"].extra["choices"]
    assert offered[0] == ("our-strategy:thing-1-1", "1.1 Thing 1.1")


def test_an_old_link_finds_what_had_the_number_and_none_where_several_had(both):
    mine = both[0].commitments.get(reference="1.1")
    FormerReference.objects.create(commitment=mine, reference="1.7", held_until=date(2025, 5, 6))
    assert found("commitment=1.7&strategy=our-strategy") == {"our-strategy"}
    taken = both[0].commitments.get(reference="1.2")
    FormerReference.objects.create(commitment=taken, reference="1.1", held_until=date(2025, 5, 6))
    assert found("commitment=1.1&strategy=our-strategy") is None


def test_the_list_begins_with_the_current_strategy_and_a_finished_one_says_so(both, signed_in, officer, client):
    other = both[1]
    Evidence.objects.update(state="accepted", accepted_at=timezone.now(), accepted_by=officer, publishable=True)
    other.starts_on, other.ends_on = date(2008, 4, 1), date(2011, 3, 31)
    other.save()
    page = client.get(reverse("commitments:evidence-list"))
    assert [card["title"] for card in page.context["cards"]] == ["our-strategy"]
    fields = page.context["filter_form"].fields
    assert next(iter(fields)) == "strategy"
    assert dict(fields["strategy"].choices)["other"] == "Strategy other (ended 31 March 2011)"
    offered = [value for value, _label in fields["commitment"].choices if value]
    assert offered
    assert all(value.startswith("our-strategy:") for value in offered)
    for query, titles in (
        ("strategy=other", {"other"}),
        ("strategy=", {"other", "our-strategy"}),
        ("commitment=other:thing-1-1", {"other"}),
    ):
        page = client.get(f"{reverse('commitments:evidence-list')}?{query}")
        assert {card["title"] for card in page.context["cards"]} == titles, query


def test_a_priority_of_the_review_queue_is_that_of_its_own_strategy(both, signed_in, officer, second_officer):
    Evidence.objects.update(state="submitted", submitted_at=timezone.now(), submitted_by=second_officer)
    page = signed_in(officer).get(reverse("commitments:review"))
    assert [(one["value"], one["label"]) for one in page.context["priorities"]] == [
        ("our-strategy:1", "1 Priority number 1 (Strategy our-strategy)"),
        ("other:1", "1 Priority number 1 (Strategy other)"),
    ]
    one = signed_in(officer).get(f"{reverse('commitments:review')}?priority=other:1")
    assert [row["title"] for row in one.context["rows"]] == ["other"]
    assert one.context["rows"][0]["url"].endswith("?priority=other%3A1")
