"""Where else a reader meets responses: the filter of a strategy's list, in the API too, and the page of an organisation."""

import pytest
from django.urls import reverse

from commitments.content.responses import ResponseContent
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.responses import approve_response, save_response, submit_response
from tests.factories import make_organisation, make_strategy

pytestmark = pytest.mark.django_db
NO = ResponseContent("no", "It is for the districts.")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def declined(strategy, council, charity, officer, second_officer, now):
    """1.1 and 1.2 are addressed to the council, which has declined 1.1; the charity has a draft for 1.1."""
    for reference, names in (("1.1", [council.slug, charity.slug]), ("1.2", [council.slug])):
        address(strategy.commitments.get(reference=reference), names, done=LoadedCommitments())
    commitment = strategy.commitments.get(reference="1.1")
    sent = submit_response(by=officer, at=now, response=commitment.responses.get(organisation=council), content=NO)
    approve_response(by=second_officer, at=now, response=sent)
    return commitment


def test_the_list_can_be_filtered_by_the_owners_response_on_the_page_and_in_the_api(declined, strategy, client):
    page, api = (
        reverse("commitments:commitment-list", args=[strategy.slug]),
        f"/api/v1/strategies/{strategy.slug}/commitments/",
    )
    assert "Response of the owner" in text_of(client.get(page))
    for codes, expected in (
        (["no"], ["1.1"]), (["awaited"], ["1.2"]), (["no", "awaited"], ["1.1", "1.2"]), (["yes"], []),
    ):  # fmt: skip
        found = client.get(api, {"response": codes}).json()["results"]
        assert [row["reference"] for row in found] == expected
        shown = text_of(client.get(page, {"response": codes}))
        assert all(
            (f">{one.reference}<" in shown or f"{one.reference} {one.short_title}" in shown)
            == (one.reference in expected)
            for one in strategy.commitments.all()
        )
    assert client.get(api, {"response": "burnt"}).status_code == 400


def test_a_strategy_that_speaks_to_nobody_offers_no_such_filter(strategy, client):
    page = reverse("commitments:commitment-list", args=[strategy.slug])
    assert "Response of the owner" not in text_of(client.get(page))


def test_an_organisations_page_says_what_was_addressed_to_it_and_only_what_it_published(
    declined, council, charity, partner_lead, other_charity, client, now
):
    theirs = declined.responses.get(organisation=charity)
    save_response(by=partner_lead, at=now, response=theirs, content=ResponseContent("yes", "A secret so far."))
    page = text_of(client.get(council.get_absolute_url()))
    assert "Its response to 2 commitments" in page
    assert "1 declined and 1 awaiting a response." in page
    page = text_of(client.get(charity.get_absolute_url()))
    assert "Its response to 1 commitment" in page
    assert "1 awaiting a response." in page
    assert "Accepted" not in page
    assert "Its response" not in text_of(client.get(other_charity.get_absolute_url()))


def test_the_page_of_an_organisation_asks_no_more_for_many_strategies(
    declined, council, client, django_assert_num_queries
):
    from commitments.reading.responses import addressed_to

    other = make_strategy(make_organisation("Elsewhere Council", "public_body"), slug="elsewhere")
    address(other.commitments.get(reference="1.1"), [council.slug], done=LoadedCommitments())
    with django_assert_num_queries(1):
        assert len(addressed_to(council)) == 2
