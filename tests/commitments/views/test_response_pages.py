"""The pages of responses, from the form to what a stranger reads."""

import pytest

from commitments.models import Commitment, Response
from commitments.rules import stances
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.responses import approve_response
from tests.factories import make_person

pytestmark = pytest.mark.django_db

SAID = {
    "stance": "in_part",
    "words": "The first half, by the summer.",
    "decided_where": "Cabinet",
    "decided_on": "12 March 2025",
}


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def addressed(commitment, council, charity) -> Commitment:
    address(commitment, [council.slug, charity.slug, "Anchor institutions"], done=LoadedCommitments())
    commitment.refresh_from_db()
    return commitment


@pytest.fixture
def response(addressed, council) -> Response:
    return addressed.responses.get(organisation=council)


def test_from_the_form_to_what_a_stranger_reads(client, signed_in, response, addressed, officer, second_officer):
    writer, second = signed_in(officer), signed_in(second_officer)
    tasks = text_of(writer.get("/my-work/"))
    assert "Responses to write" in tasks
    assert f'href="{response.get_absolute_url()}"' in tasks
    form = text_of(writer.get(response.get_absolute_url()))
    assert all(stance.definition in form for stance in stances.STANCES)
    sent = writer.post(response.get_absolute_url(), {**SAID, "version": "0", "act": "send"}, follow=True)
    assert "The response is sent. Someone else now has to approve it." in text_of(sent)
    page = text_of(client.get(addressed.get_absolute_url()))
    assert page.count("Awaiting a response") == 3
    assert "The first half" not in page, "it is not approved"
    assert "Responses to review" not in text_of(writer.get("/my-work/"))
    assert "You wrote or sent part of this response" in text_of(writer.get(response.get_absolute_url()))
    assert "Responses to review" in text_of(second.get("/my-work/"))
    assert "The first half, by the summer." in text_of(second.get(response.get_absolute_url()))
    decided = second.post(response.get_absolute_url(), {"decision": "approve", "version": "1"}, follow=True)
    assert "You approved the response. Everyone can now read it." in text_of(decided)
    page = text_of(client.get(addressed.get_absolute_url()))
    assert "The first half, by the summer." in page
    assert "Decided by Cabinet on 12 March 2025" in page
    assert page.count("Awaiting a response") == 2
    board = text_of(client.get(addressed.strategy.get_absolute_url()))
    assert "Responses of Oxfordshire County Council: 1 accepted in part." in board
    assert "1.1 Thing 1.1, Accepted in part" in board
    assert "status--stance-in-part" in board


def test_a_draft_may_be_unfinished_and_nobody_else_reads_it(
    signed_in, response, officer, partner_lead, nobody, steering_member
):
    saved = signed_in(officer).post(
        response.get_absolute_url(), {"words": "Perhaps.", "version": "0", "act": "save"}, follow=True
    )
    assert "The draft is saved." in text_of(saved)
    for person in (partner_lead, nobody, steering_member):
        assert signed_in(person).get(response.get_absolute_url()).status_code == 404


def test_nobody_opens_what_no_organisation_answers(signed_in, addressed, officer, administrator):
    institutions = addressed.responses.get(organisation=None)
    for person in (officer, administrator):
        assert signed_in(person).get(institutions.get_absolute_url()).status_code == 404


def test_a_lead_of_another_addressee_answers_for_it(signed_in, client, addressed, charity, partner_lead, now):
    theirs = addressed.responses.get(organisation=charity)
    lead = signed_in(partner_lead)
    assert "Responses to write" in text_of(lead.get("/my-work/"))
    lead.post(theirs.get_absolute_url(), {"stance": "no", "words": "We have no rooms.", "version": "0", "act": "send"})
    second = make_person("partner_lead", charity)
    approve_response(by=second, at=now, response=Response.objects.get(pk=theirs.pk))
    assert "We have no rooms." in text_of(client.get(addressed.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stance": ""}, "Choose a response."),
        ({"stance": "perhaps"}, "Choose one of the responses on the page."),
        ({"words": ""}, "Say what will be done, or why it will not be."),
        ({"words": "x" * 5_001}, "Use 5000 characters or fewer. You have used 5001."),
        ({"decided_on": "soon"}, "“soon” is not one."),
        ({"decided_on": "1 January 2099"}, "A decision can’t have been made in the future."),
        ({"version": "x"}, "Enter a whole number."),
    ],
)
def test_bad_input_keeps_what_was_typed(signed_in, response, officer, changes, sentence):
    answer = signed_in(officer).post(response.get_absolute_url(), {**SAID, "version": "0", "act": "send", **changes})
    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in page
    if "decided_where" not in changes:
        assert 'value="Cabinet"' in page
    response.refresh_from_db()
    assert response.state == "awaited"


def test_a_colleague_was_quicker(signed_in, response, officer, second_officer):
    first, second = signed_in(officer), signed_in(second_officer)
    first.post(response.get_absolute_url(), {**SAID, "version": "0", "act": "save"})
    answer = second.post(response.get_absolute_url(), {**SAID, "words": "Mine.", "version": "0", "act": "save"})
    assert answer.status_code == 409
    assert "Olive Officer has changed this response since you opened it" in text_of(answer)
    assert "Mine." in text_of(answer), "what was typed stays"
    assert 'name="version" value="1"' in text_of(answer)


def test_what_awaits_a_response_takes_no_update(signed_in, addressed, officer, open_round):
    page = text_of(signed_in(officer).get(addressed.get_absolute_url()))
    assert "/update/" not in page
    answer = signed_in(officer).get(f"{addressed.get_absolute_url()}update/")
    assert answer.status_code == 409
    assert "1.1 awaits a response." in text_of(answer)


def test_pages_of_what_is_addressed_to_nobody_stay_as_they_are(client, commitment):
    page = text_of(client.get(commitment.get_absolute_url()))
    assert 'id="responses"' not in page
    assert "What the responses mean" not in text_of(client.get(commitment.strategy.get_absolute_url()))


def test_both_wordings_are_the_record(client, commitment):
    Commitment.objects.filter(pk=commitment.pk).update(
        other_wording="Analysing spend.", other_wording_source="Chapter 2."
    )
    page = text_of(client.get(commitment.get_absolute_url()))
    assert "The source words it differently elsewhere" in page
    assert "Analysing spend." in page
    assert "Source: Chapter 2." in page
