"""The second of two clicks reads that it was done already, when and by whom; it changes nothing and frightens nobody."""

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import HistoryEntry, Round
from commitments.rules import workflow
from commitments.services import rounds as round_services
from tests.factories import make_evidence, make_round
from vcsportal.common.words import AlreadyDone, Refused

pytestmark = pytest.mark.django_db

EVIDENCE = {"submit": "draft", "withdraw": "submitted", "reopen": "withdrawn"}
ROUNDS = {"open": "round-open", "begin_review": "round-end", "close": "round-close", "reopen": "round-reopen"}
TABLES = {
    "evidence": (workflow.EVIDENCE_ACTS, workflow.EVIDENCE_STATES),
    "update": (workflow.UPDATE_ACTS, workflow.UPDATE_STATES),
    "round": (workflow.ROUND_ACTS, workflow.ROUND_STATES),
    "value": (workflow.VALUE_ACTS, workflow.VALUE_STATES),
}


@pytest.mark.parametrize("what", TABLES)
def test_every_act_knows_that_it_was_done_from_that_it_cannot_be_done(what):
    acts, states = TABLES[what]
    for act in acts:
        for state in states:
            if state.code in act.leaves:
                workflow.check_act(act, state.code, what=what)
                continue
            with pytest.raises(Refused) as refused:
                workflow.check_act(act, state.code, what=what)
            assert isinstance(refused.value, AlreadyDone) == (state.code == act.to), (act.code, state.code)


@pytest.mark.parametrize("act", EVIDENCE)
def test_evidence_twice(act, partner, partner_lead, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state=EVIDENCE[act], officer=officer)
    address = reverse(f"commitments:evidence-{act}", args=[piece.pk])
    sent = {"version": piece.version}
    assert signed_in(partner).post(address, sent).status_code == 302
    entries = HistoryEntry.objects.count()
    for person, who in ((partner, "by you."), (partner_lead, f"by {partner.name}.")):
        again = signed_in(person).post(address, sent, follow=True)
        assert again.status_code == 200
        assert again.redirect_chain[-1][0] == piece.get_absolute_url()
        past = workflow.EVIDENCE_ACT[act].past
        assert f"This evidence was {past} already, on " in again.text
        assert who in again.text
    assert HistoryEntry.objects.count() == entries


@pytest.mark.parametrize("act", ROUNDS)
def test_a_round_twice(act, administrator, officer, strategy, signed_in):
    round_ = make_round(strategy)
    Round.objects.filter(pk=round_.pk).update(state="planned", opens_on=timezone.localdate())
    round_.refresh_from_db()
    now = timezone.now()
    before = {"begin_review": ["open"], "close": ["open"], "reopen": ["open", "close"]}.get(act, [])
    for step in before:
        {"open": round_services.open_round, "close": round_services.close_round}[step](
            by=administrator, at=now, round_=round_
        )
    address = reverse(f"commitments:{ROUNDS[act]}", args=[strategy.slug, round_.slug])
    day = timezone.localdate()
    sent = {"reason": "A late partner.", "grace_until": f"{day:%d/%m/%Y}", "closes_on": f"{day:%d/%m/%Y}"}
    assert signed_in(administrator).post(address, sent).status_code == 302
    entries = HistoryEntry.objects.count()
    again = signed_in(administrator).post(address, sent, follow=True)
    assert again.status_code == 200
    assert f"This round was {workflow.ROUND_ACT[act].past} already, on " in again.text
    assert "by you." in again.text
    assert HistoryEntry.objects.count() == entries
    round_.refresh_from_db()
    assert round_.state == workflow.ROUND_ACT[act].to


def test_what_came_to_be_so_in_another_way_is_not_called_done_already(partner, commitment, signed_in):
    """A new draft was never taken up again; nor was one that has been edited since."""
    piece = make_evidence(partner, commitment)
    answer = signed_in(partner).post(reverse("commitments:evidence-reopen", args=[piece.pk]))
    assert answer.status_code == 409
    assert "This evidence is draft, so it can&#x27;t be reopened." in answer.text


def test_who_may_not_is_not_told_who_did_it(partner, outsider, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    piece.publishable = True
    piece.save()
    answer = signed_in(outsider).post(reverse("commitments:evidence-submit", args=[piece.pk]))
    assert answer.status_code == 403
    assert "already" not in answer.text


def test_a_page_that_was_read_before_a_change_sends_and_withdraws_nothing(partner, partner_lead, commitment, signed_in):
    piece = make_evidence(partner, commitment)
    stale = {"version": piece.version}
    signed_in(partner_lead).post(
        reverse("commitments:evidence-edit", args=[piece.pk]),
        {"title": "Theirs", "happened_from": "yesterday", "version": piece.version, "commitments": "1.1"},
    )
    for act in ("submit", "withdraw"):
        answer = signed_in(partner).post(reverse(f"commitments:evidence-{act}", args=[piece.pk]), stale, follow=True)
        assert "This evidence has changed since you opened it. Read it again, then decide." in answer.text
        piece.refresh_from_db()
        assert (piece.title, piece.state) == ("Theirs", "draft")
