"""An organisation that withdraws all it sent in a round is asked again; one that still has something standing is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commitments.models import Contribution, HistoryEntry, RoundTask
from commitments.reading.my_work import owed_updates
from commitments.reading.round import history
from commitments.services.contributions import nothing_to_add
from commitments.services.delivery import set_partners
from commitments.services.evidence import (
    edit_evidence,
    reopen_evidence,
    return_evidence,
    submit_evidence,
    withdraw_evidence,
)
from commitments.services.partner_views import give_view, withdraw_view
from tests.factories import make_evidence, make_evidence_content, make_round, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(officer, commitment, charity, partner_lead, open_round, now):
    set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")])
    found, _made = Contribution.objects.update_or_create(
        round=open_round, organisation=charity, defaults={"owed_by": partner_lead}
    )
    return found


def answer_of(asked: Contribution) -> str:
    asked.refresh_from_db()
    return asked.answer


def view(asked, by, commitment, now):
    return give_view(
        by=by, at=now, commitment=commitment, round_=asked.round, organisation=asked.organisation, status="at_risk",
        reason="We lack drivers.", differs=True, version=None,
    )  # fmt: skip


def test_withdrawing_the_only_item_asks_the_organisation_again(asked, partner, partner_lead, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    assert answer_of(asked) == "evidence"
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == ""
    assert (asked.answered_at, asked.answered_by) == (None, None)
    assert RoundTask.objects.filter(person=partner_lead, round=asked.round).exists()
    assert [one.contribution for one in owed_updates(partner_lead, timezone.localdate()).answers] == [asked]
    [line] = [one for one in history(asked.round) if "withdrew" in one["text"]]
    assert (line["text"], line["by"]) == ("Rowan Trust withdrew what it had sent, so it is asked again", "Pat Partner")


def test_a_task_that_was_handed_on_comes_back_with_it(asked, partner, partner_lead, commitment, now):
    task = RoundTask.objects.filter(round=asked.round, person=partner_lead)
    assert task.update(handed_at=now, handed_why="Away") == 1
    withdraw_evidence(by=partner, at=now, evidence=make_evidence(partner, commitment, state="submitted"))
    assert RoundTask.objects.get(person=partner_lead, round=asked.round).handed_at is None


def test_an_officer_who_withdraws_accepted_evidence_takes_the_answer_back_too(asked, partner, officer, commitment, now):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    withdraw_evidence(by=officer, at=now, evidence=piece, reason="It was sent twice.")
    assert answer_of(asked) == ""


@pytest.mark.parametrize("state", ["submitted", "accepted", "returned"])
def test_another_item_that_was_sent_still_answers(asked, partner, officer, commitment, now, state):
    piece = make_evidence(partner, commitment, state="submitted")
    make_evidence(partner, commitment, state=state, officer=officer, title="Another")
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == "evidence"


def test_a_draft_does_not_answer(asked, partner, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    make_evidence(partner, commitment, title="Another")
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == ""


def test_what_was_sent_before_the_round_opened_does_not_answer(asked, partner, commitment, now):
    long_ago = now - timedelta(days=20)
    make_evidence(partner, commitment, state="submitted", at=long_ago, title="Last year", happened_from=long_ago.date())
    piece = make_evidence(partner, commitment, state="submitted")
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == ""


def test_evidence_of_another_organisation_does_not_answer(asked, partner, outsider, commitment, now):
    make_evidence(outsider, commitment, state="submitted")
    withdraw_evidence(by=partner, at=now, evidence=make_evidence(partner, commitment, state="submitted"))
    assert answer_of(asked) == ""


def test_a_view_that_stands_answers_instead(asked, partner, partner_lead, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    view(asked, partner_lead, commitment, now)
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == "view"
    assert asked.answered_by == partner_lead


def test_evidence_answers_once_a_view_is_withdrawn(asked, partner, partner_lead, commitment, now):
    given = view(asked, partner_lead, commitment, now)
    make_evidence(partner, commitment, state="submitted")
    withdraw_view(by=partner_lead, at=now, view=given)
    assert answer_of(asked) == "evidence"
    assert asked.answered_by == partner


def test_nothing_to_add_stays_what_was_said(asked, partner_lead, commitment, now):
    nothing_to_add(by=partner_lead, at=now, contribution=asked)
    draft = make_evidence(partner_lead, commitment)
    withdraw_evidence(by=partner_lead, at=now, evidence=draft)
    assert answer_of(asked) == "nothing"


def test_a_closed_round_keeps_its_answers(asked, partner, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    type(asked.round).objects.filter(pk=asked.round_id).update(state="closed", closings=1)
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == "evidence"


def test_a_round_in_review_asks_again(asked, partner, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    type(asked.round).objects.filter(pk=asked.round_id).update(state="in_review")
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert answer_of(asked) == ""


def test_what_is_taken_up_again_and_sent_answers_again(asked, partner, commitment, now):
    piece = withdraw_evidence(by=partner, at=now, evidence=make_evidence(partner, commitment, state="submitted"))
    submit_evidence(by=partner, at=now, evidence=reopen_evidence(by=partner, at=now, evidence=piece))
    assert answer_of(asked) == "evidence"


def test_a_returned_item_that_moves_to_another_strategy_takes_its_answer_along(
    asked, partner, officer, council, commitment, now
):
    elsewhere = make_strategy(council, slug="other", opens_first=False)
    there = Contribution.objects.create(round=make_round(elsewhere), organisation=asked.organisation)
    piece = make_evidence(partner, commitment, state="submitted")
    piece = return_evidence(by=officer, at=now, evidence=piece, reason="Please choose another commitment.")
    edit_evidence(
        by=partner, at=now, evidence=piece, content=make_evidence_content(elsewhere.commitments.get(reference="1.1"))
    )
    assert answer_of(asked) == ""
    submit_evidence(by=partner, at=now, evidence=piece)
    assert (answer_of(asked), answer_of(there)) == ("", "evidence")
    assert HistoryEntry.objects.filter(act="answer_taken_back").count() == 1
