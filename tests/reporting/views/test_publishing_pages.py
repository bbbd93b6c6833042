"""The pages on which two people publish and withdraw."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.models import Round
from reporting import assembly
from reporting.facts import ProductionDetails, to_json
from reporting.models import Edition, Proposal
from reporting.services import comments, publishing
from tests import factories

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def draft(year, now) -> Edition:
    Round.objects.filter(pk=year.round.pk).update(state="closed", closings=1)
    factories.fill_in_header(year.round, year.officer)
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=now, edition=1))
    return factories.make_edition(round_=year.round, by=year.officer, facts=to_json(report))


def page_of(edition: Edition) -> str:
    return reverse("reporting:edition-publish", args=[edition.pk])


def ticked(draft, person, now) -> list[str]:
    return [one.code for one in publishing.readiness_for(person, draft, now).warnings]


def test_one_person_proposes_and_another_confirms(draft, year, signed_in, client, now):
    one, two = signed_in(year.officer), signed_in(year.reviewer)
    shown = text(one.get(page_of(draft)))
    assert "1 of 5 commitments has no approved update." in shown
    assert "sections are empty" in shown
    assert "Purpose of report: To report on" in shown
    empty = one.post(page_of(draft), {})
    assert empty.status_code == 422
    assert "tick that you have read it" in text(empty)
    assert "Say why the report should be published despite" in text(empty)
    ticks = ticked(draft, year.officer, now)
    answer = one.post(page_of(draft), {"acknowledged": ticks, "reason": "The Board meets on Monday."}, follow=True)
    assert "A colleague now has to confirm it" in text(answer)
    assert "It is waiting for a second person" in text(answer)
    assert client.get(draft.get_absolute_url()).status_code == 404
    proposal = Proposal.objects.get()
    address = reverse("reporting:proposal", args=[proposal.pk])
    assert one.get(page_of(draft))["Location"] == address
    own = text(one.get(address))
    assert "Cancel the proposal" in own
    assert "Your decision" not in own
    assert one.post(address, {"decision": "confirm", "acknowledged": ticks}).status_code == 403
    theirs = text(two.get(address))
    assert "The Board meets on Monday." in theirs
    named = theirs[theirs.index("One of these people can confirm it:") :].split(".")[0]
    assert "Oscar Reviewer" in named
    assert "Olive Reporter" not in named, "the proposer is not the second person"
    assert "Your decision" in theirs
    assert two.post(address, {"decision": "confirm"}).status_code == 422
    assert two.post(address, {}).status_code == 422
    done = two.post(address, {"decision": "confirm", "acknowledged": ticks}, follow=True)
    assert "has been published. Everyone can now read it." in text(done)
    assert "Confirmed by Oscar Reviewer" in text(done)
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert "Proposals and decisions" not in text(client.get(draft.get_absolute_url()))
    assert "Oscar Reviewer confirmed it" in text(one.get(address))


def test_what_stops_it_is_said_with_the_page_where_it_can_be_put_right(draft, year, signed_in):
    Round.objects.filter(pk=year.round.pk).update(state="in_review")
    client = signed_in(year.officer)
    shown = text(client.get(page_of(draft)))
    assert "It can’t be published yet: 1 thing must be corrected first." in shown
    assert year.round.get_absolute_url() in shown
    assert "Propose to publish" not in shown
    refused = client.post(page_of(draft), {"reason": "All the same."})
    assert refused.status_code == 422
    assert "The round is in review" in text(refused)
    assert "<title>Error: " in text(refused)
    assert not Proposal.objects.exists()


def test_a_warning_that_came_after_the_proposal_is_pointed_out_and_a_stop_leaves_declining(
    draft, year, signed_in, steering_member, now
):
    ticks = ticked(draft, year.officer, now)
    made = publishing.propose_publication(
        by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="It is complete enough."
    )
    address = reverse("reporting:proposal", args=[made.pk])
    client = signed_in(year.reviewer)
    assert "Since it was proposed" not in text(client.get(address))
    comments.add_comment(by=steering_member, at=now, round_=year.round, section="foreword", words="Say more.")
    shown = text(client.get(address))
    assert "Since it was proposed, “Comments” has changed." in shown
    Round.objects.filter(pk=year.round.pk).update(state="open")
    shown = text(client.get(address))
    assert 'value="confirm"' not in shown
    assert client.post(address, {"decision": "confirm", "acknowledged": ticks}).status_code == 422
    done = client.post(address, {"decision": "decline", "reason": "The round was opened again."}, follow=True)
    assert "You declined it. Olive Reporter will read your reason." in text(done)
    assert "The round was opened again." in text(client.get(address))


def test_the_proposer_cancels_and_sees_the_edition_again(draft, year, signed_in, now):
    ticks = ticked(draft, year.officer, now)
    made = publishing.propose_publication(by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="So.")
    address = reverse("reporting:proposal-cancel", args=[made.pk])
    assert signed_in(year.reviewer).post(address).status_code == 403
    assert "Your proposal has been cancelled." in text(signed_in(year.officer).post(address, follow=True))
    assert "Check and publish" in text(signed_in(year.officer).get(draft.get_absolute_url()))


def test_a_stranger_to_the_draft_does_not_learn_that_there_is_a_proposal(
    draft, year, signed_in, partner, steering_member, now
):
    ticks = ticked(draft, year.officer, now)
    made = publishing.propose_publication(by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="So.")
    address = reverse("reporting:proposal", args=[made.pk])
    assert signed_in(partner).get(address).status_code == 404
    assert signed_in(steering_member).get(address).status_code == 403
    assert "proposed to publish" not in text(signed_in(steering_member).get(draft.get_absolute_url()))


def test_the_readiness_page_asks_few_questions_however_large_the_year(draft, year, signed_in):
    client = signed_in(year.officer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(draft)).status_code == 200
    assert len(queries) <= 26
