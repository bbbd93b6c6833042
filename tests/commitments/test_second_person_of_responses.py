"""Who approves the owner's response where the strategy is not a council's: whoever is nearest to the owner and did not write it."""

from typing import Any

import pytest

from commitments.content.responses import ResponseContent
from commitments.models import Response
from commitments.models.writers import with_response_writers
from commitments.permissions.responses import can_approve_response, check_can_approve_response
from commitments.reading.responses import tasks
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.responses import approve_response, return_response, save_response, submit_response
from partners.models import User
from tests.commitments.test_second_person import CAST, EXPECTED, approvers
from tests.factories import make_organisation, make_person, make_strategy
from vcsportal.common.words import NotAllowed

pytestmark = pytest.mark.django_db
YES = ResponseContent("yes", "We will do it.")


@pytest.fixture
def at(db: None) -> dict[str, Any]:
    council = make_organisation("Shirewell Council", "public_body")
    return {"partnership": make_organisation("Shirewell Together", "partnership_group"), "council": council}


def addressed(at: dict[str, Any], *others: str) -> Response:
    """Return the owner's response to 1.1 of a strategy that belongs to the partnership and is supported by the council."""
    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    for organisation in at.values():
        organisation.refresh_from_db()
    commitment = strategy.commitments.get(reference="1.1")
    address(commitment, [at["partnership"].slug, *others], done=LoadedCommitments())
    return commitment.responses.get(organisation=at["partnership"])


def person(role: str, organisation: Any = None) -> User:
    return User.objects.get(pk=make_person(role, organisation).pk)


@pytest.mark.parametrize(("there", "wrote"), EXPECTED)
def test_whoever_is_nearest_approves_the_owners_response_and_the_tasks_agree(there, wrote, at, now):
    response = addressed(at)
    people = {name: person(CAST[name][0], at.get(CAST[name][1])) for name in (*there, "contributor", "administrator")}
    for name in wrote:
        response = save_response(by=people[name], at=now, response=response, content=YES)
    response = submit_response(by=people[wrote[-1]], at=now, response=response, content=YES)
    expected = approvers(there, set(wrote))
    for asked in (response, with_response_writers(Response.objects.all()).get(pk=response.pk)):
        assert {name for name, who in people.items() if can_approve_response(who, asked)} == expected
    assert {name for name, who in people.items() if tasks(who)[1]} == expected
    for name in set(people) - expected:
        with pytest.raises(NotAllowed):
            approve_response(by=people[name], at=now, response=response)
    assert approve_response(by=people[min(expected)], at=now, response=response).is_given


def test_what_was_approved_had_its_second_person(at, now):
    response = addressed(at)
    first, second = person("partner_lead", at["partnership"]), person("partner_lead", at["partnership"])
    sent = submit_response(by=first, at=now, response=response, content=YES)
    given = approve_response(by=second, at=now, response=sent)
    back = return_response(by=second, at=now, response=given, reason="Say when.")
    submit_response(by=second, at=now, response=back, content=YES)
    assert [row.pk for row in tasks(first)[1]] == [response.pk]


def test_another_addressees_response_waits_for_nobody_nearer_to_the_owner(at, now, administrator):
    charity = make_organisation("Rowan Trust")
    commitment = addressed(at, charity.slug).commitment
    person("partner_lead", at["partnership"])
    lead = person("partner_lead", charity)
    theirs = commitment.responses.get(organisation=charity)
    sent = submit_response(by=lead, at=now, response=theirs, content=YES)
    assert can_approve_response(administrator, sent)


def test_the_page_and_the_refusal_say_who_it_waits_for(at, now, administrator, signed_in):
    response = addressed(at)
    lead, _second = person("partner_lead", at["partnership"]), person("partner_lead", at["partnership"])
    sent = submit_response(by=lead, at=now, response=response, content=YES)
    waits = "Someone else at Shirewell Together can approve this response, so it waits for them."
    with pytest.raises(NotAllowed, match=waits):
        check_can_approve_response(administrator, sent)
    assert waits in " ".join(signed_in(administrator).get(response.get_absolute_url()).content.decode().split())


def test_the_tasks_ask_nothing_more_for_each_response(at, now, django_assert_max_num_queries):
    strategy = make_strategy(at["partnership"], supported_by=at["council"])
    at["partnership"].refresh_from_db()
    lead, second = person("partner_lead", at["partnership"]), person("partner_lead", at["partnership"])
    for commitment in strategy.commitments.all():
        address(commitment, [at["partnership"].slug], done=LoadedCommitments())
        sent = commitment.responses.get()
        submit_response(by=lead, at=now, response=sent, content=YES)
    tasks(second)
    with django_assert_max_num_queries(2):
        assert len(tasks(second)[1]) == strategy.commitments.count()
