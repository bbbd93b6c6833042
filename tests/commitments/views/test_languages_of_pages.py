"""A strategy's own words say their language on its pages; the portal's words around them are English."""

import pytest

from commitments.models import Strategy
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def welsh(strategy) -> Strategy:
    strategy.language, strategy.vision = "cy", "Cymunedau cryf"
    strategy.save()
    return strategy


@pytest.mark.parametrize(
    ("address", "passages"),
    [
        ("/strategies/our-strategy/", ['<h1 class="govuk-heading-xl"><span lang="cy">', '<blockquote class="govuk-inset-text" lang="cy">']),
        ("/strategies/our-strategy/priorities/1/", ['<h1 class="govuk-heading-xl" lang="cy">']),
        ("/strategies/our-strategy/commitments/thing-1-1/", ['" lang="cy">']),
        ("/strategies/our-strategy/commitments/", ['<span lang="cy">']),
    ],
)  # fmt: skip
def test_the_strategy_s_own_words_say_their_language(welsh, client, address, passages):
    page = client.get(address)
    assert page.status_code == 200, address
    assert '<html lang="en-GB"' in page.text
    for passage in passages:
        assert passage in page.text


def test_a_strategy_in_the_portals_language_says_none(strategy, client):
    assert client.get("/strategies/our-strategy/").text.count("lang=") == 1


def test_evidence_says_its_language_on_its_page_and_its_card(partner, officer, commitment, client):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="Spotkanie", language="pl")
    page = client.get(piece.get_absolute_url()).text
    assert '<h1 class="govuk-heading-l" lang="pl">Spotkanie</h1>' in page
    assert '<div class="app-prose" lang="pl">' in page
    assert '<span lang="pl">Spotkanie</span>' in client.get("/evidence/").text
