"""Each kind of refusal on the pages of the reporting floor."""

import pytest
from django.urls import reverse

from commitments.models import Round
from reporting import assembly
from reporting.facts import ProductionDetails, to_json
from reporting.models import Edition
from reporting.services import publishing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(year, now) -> Edition:
    Round.objects.filter(pk=year.round.pk).update(state="closed", closings=1)
    factories.fill_in_header(year.round, year.officer)
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=now, edition=1))
    return factories.make_edition(round_=year.round, by=year.officer, facts=to_json(report))


def test_not_allowed_is_403(draft, year, signed_in, partner):
    answer = signed_in(partner).post(reverse("reporting:edition-request"), {"round": year.round.pk})
    assert answer.status_code == 403


def test_not_now_is_409(draft, year, signed_in):
    answer = signed_in(year.officer).get(reverse("reporting:edition-withdraw", args=[draft.pk]))
    assert answer.status_code == 409
    assert "This can’t be done now</h1>" in answer.text
    assert "not published, so there is nothing to withdraw" in answer.text


def test_what_was_decided_already_says_so_with_a_link(draft, year, signed_in, now):
    ticks = [warning.code for warning in publishing.readiness_for(year.officer, draft, now).warnings]
    made = publishing.propose_publication(by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="So.")
    publishing.decline_proposal(by=year.reviewer, at=now, proposal=made, reason="Not yet.")
    address = reverse("reporting:proposal", args=[made.pk])
    again = signed_in(year.reviewer).post(address, {"decision": "decline", "reason": "Not yet."}, follow=True)
    assert again.redirect_chain[-1][0] == address
    assert "This proposal was declined already, on " in again.text
    assert "by you. Nothing more was changed." in again.text


def test_the_back_button_after_publishing_says_that_it_is_published(draft, year, signed_in, now):
    ticks = [warning.code for warning in publishing.readiness_for(year.officer, draft, now).warnings]
    made = publishing.propose_publication(by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="So.")
    publishing.confirm_proposal(by=year.reviewer, at=now, proposal=made, acknowledged=ticks)
    for person, heading in (
        (year.reviewer, "You have already published this"),
        (year.officer, "This has already been published"),
    ):
        back = signed_in(person).get(reverse("reporting:edition-publish", args=[draft.pk]))
        assert back.status_code == 409
        assert f"{heading}</h1>" in back.text
        assert f'href="{draft.get_absolute_url()}">Go to the edition</a>' in back.text


def test_not_valid_is_422_beside_the_field(draft, year, signed_in, now):
    ticks = [warning.code for warning in publishing.readiness_for(year.officer, draft, now).warnings]
    made = publishing.propose_publication(by=year.officer, at=now, edition=draft, acknowledged=ticks, reason="So.")
    answer = signed_in(year.reviewer).post(reverse("reporting:proposal", args=[made.pk]), {"decision": "decline"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason"}
