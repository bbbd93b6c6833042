"""The page of a commitment's team, dates and ties: two plain steps to choose another commitment, and nothing typed is lost."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment
from commitments.services.plan_details import PlanDetails, edit_plan
from tests.commitments.views.test_forms_of_two import drawn
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db
FIRST = date(2026, 4, 1)


def url(commitment, name="plan"):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key])


def of(commitment):
    return PlanDetails.of(Commitment.objects.get(pk=commitment.pk))


@pytest.fixture
def earlier(council):
    """A commitment of a strategy that ended before this one began."""
    strategy = make_strategy(council, slug="earlier", opens_first=False)
    strategy.starts_on, strategy.ends_on = date(2010, 4, 1), date(2015, 3, 31)
    strategy.save()
    Commitment.objects.filter(strategy=strategy, reference="1.1").update(short_title="Village rooms")
    return strategy.commitments.get(reference="1.1")


def test_a_commitments_page_leads_there_those_who_manage_it(client, signed_in, officer, partner, commitment):
    link = f'href="{url(commitment)}"'
    assert link not in client.get(url(commitment, "commitment")).text
    assert link not in signed_in(partner).get(url(commitment, "commitment")).text
    assert link in signed_in(officer).get(url(commitment, "commitment")).text


def test_another_commitment_is_found_and_chosen_in_two_steps_and_what_was_typed_stays(
    signed_in, client, officer, commitment, earlier
):
    at_work, address = signed_in(officer), url(commitment)
    sent = {**drawn(at_work, address), "team": "Communities", "starts_on": "1 April 2026", "ends_on": "soon"}
    assert "Village rooms" not in at_work.get(address).text, "nothing is listed before somebody looks for it"
    found = at_work.post(address, {**sent, "follows_search": "ROOMS vill", "find": "follows"})
    assert found.status_code == 200
    assert "1.1 Village rooms (Strategy earlier)" in found.text
    assert 'value="Communities"' in found.text
    assert 'value="soon"' in found.text, "a search judges nothing"
    assert of(commitment) == PlanDetails()
    again = at_work.post(address, {**sent, "follows_search": "rooms", "follows": "earlier/thing-1-1"})
    assert again.status_code == 422
    assert of(commitment) == PlanDetails()
    answer = at_work.post(
        address, {**sent, "ends_on": "", "follows_search": "rooms", "follows": "earlier/thing-1-1"}, follow=True
    )
    assert "The plan details have been saved." in answer.text
    assert of(commitment) == PlanDetails("Communities", FIRST, None, earlier, ())
    page = client.get(url(commitment, "commitment")).text
    for words in ("Communities", "From 1 April 2026", "1.1 Village rooms", "Team and dates changed"):
        assert words in page
    assert "Replaced by" in client.get(url(earlier, "commitment")).text


def test_related_ones_are_added_and_ended_one_by_one(signed_in, officer, commitment, earlier):
    at_work, address = signed_in(officer), url(commitment)
    second = commitment.strategy.commitments.get(reference="1.2")
    for other in (second, earlier):
        sent = {**drawn(at_work, address), "also": f"{other.strategy.slug}/{other.key}"}
        assert at_work.post(address, sent).status_code == 302
    assert of(commitment).related == (earlier, second)
    assert of(commitment).follows is None
    sent = drawn(at_work, address)
    assert sent["keep"] == ["earlier/thing-1-1", "our-strategy/thing-1-2"]
    assert at_work.post(address, {**sent, "keep": ["our-strategy/thing-1-2"]}).status_code == 302
    assert of(commitment).related == (second,)
    assert of(earlier).related == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts_on": "2 April 2026", "ends_on": "1 April 2026"}, "The last day comes before the first."),
        ({"follows": "our-strategy/thing-1-1"}, "linked to itself"),
        ({"also": "our-strategy/thing-1-1"}, "linked to itself"),
        ({"follows": "beside/thing-1-1"}, "does not begin before this one"),
        ({"follows": "no-strategy/thing-1-1"}, "Choose one of those that were found."),
        ({"also_search": "rooms"}, "or clear the search box"),
        ({"follows": "\x00/x"}, "Choose one of those that were found."),
        ({"team": "x" * 121}, "Use 120 characters or fewer."),
        ({"starts_on": "someday"}, "Enter a date"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(
    signed_in, officer, council, commitment, typed, sentence
):
    make_strategy(council, slug="beside", opens_first=False)
    at_work, address = signed_in(officer), url(commitment)
    answer = at_work.post(address, {**drawn(at_work, address), "team": "Communities", **typed})
    assert answer.status_code == 422
    [name] = answer.context["form"].errors
    assert sentence in str(answer.context["form"].errors[name])
    assert name in typed or name in {"also", "ends_on"}
    assert "team" in typed or 'value="Communities"' in answer.text
    assert of(commitment) == PlanDetails()


def test_twenty_are_shown_at_most_and_more_are_said(signed_in, officer, council, commitment):
    make_strategy(council, slug="long", opens_first=False, shape=(25,))
    at_work, address = signed_in(officer), url(commitment)
    page = at_work.post(address, {"also_search": "thing", "find": "also"})
    assert len(page.context["form"]["also"].field.choices) == 1 + 20
    assert "More than 20 were found." in page.text
    assert "Nothing matches “zebra”." in at_work.post(address, {"also_search": "zebra", "find": "also"}).text


def test_the_second_of_two_is_told_what_the_first_wrote(signed_in, officer, second_officer, commitment):
    address = url(commitment)
    stale = drawn(signed_in(officer), address)
    edit_plan(by=second_officer, at=timezone.now(), commitment=commitment, plan=PlanDetails("Communities"))
    answer = signed_in(officer).post(address, {**stale, "starts_on": "1 April 2026"})
    assert answer.status_code == 422
    assert f"{second_officer.name} has changed this since you opened it" in answer.text
    assert "Team: it was “empty”, and is “Communities” now." in answer.text
    assert of(commitment) == PlanDetails("Communities")


def test_words_of_others_are_never_read_as_code(signed_in, officer, commitment, earlier):
    Commitment.objects.filter(pk=earlier.pk).update(short_title="<b>Rooms</b>")
    page = signed_in(officer).post(url(commitment), {"also_search": "<b>", "find": "also"}).text
    assert "&lt;b&gt;Rooms" in page
    assert "<b>Rooms" not in page


def test_who_ended_a_tie_from_the_other_side_is_named(signed_in, officer, second_officer, commitment, earlier):
    edit_plan(by=officer, at=timezone.now(), commitment=commitment, plan=PlanDetails(related=(earlier,)))
    stale = drawn(signed_in(officer), url(commitment))
    edit_plan(by=second_officer, at=timezone.now(), commitment=earlier, plan=PlanDetails())
    answer = signed_in(officer).post(url(commitment), {**stale, "team": "Us"})
    assert answer.status_code == 422
    assert f"{second_officer.name} has changed this since you opened it" in answer.text
    assert "What it is related to changed" in signed_in(officer).get(url(commitment, "commitment")).text
