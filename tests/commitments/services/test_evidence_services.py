"""Evidence through its states."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from commitments.models import Evidence, HistoryEntry
from commitments.services import evidence as services
from partners.models import Mail, RoleGrant
from tests.factories import make_evidence, make_evidence_content, make_strategy
from vcsportal.common.words import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_a_partner_sends_and_an_officer_accepts(partner, officer, commitment, now):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    assert piece.state == "accepted"
    assert piece.accepted_by == officer
    acts = list(HistoryEntry.objects.filter(evidence=piece).order_by("id").values_list("act", "from_state", "to_state"))
    assert acts == [("log", "", "draft"), ("submit", "draft", "submitted"), ("accept", "submitted", "accepted")]


def test_the_same_form_sent_twice_makes_one_piece(partner, charity, commitment, now):
    token = uuid.uuid4()
    made = [
        services.log_evidence(
            by=partner, at=now, organisation=charity, content=make_evidence_content(commitment), form_token=token
        ).pk
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Evidence.objects.count() == 1
    assert HistoryEntry.objects.filter(act="log").count() == 1


def test_a_colleagues_form_token_makes_nothing(partner, partner_lead, charity, commitment, now):
    form = {
        "at": now, "organisation": charity, "content": make_evidence_content(commitment), "form_token": uuid.uuid4(),
    }  # fmt: skip
    services.log_evidence(by=partner, **form)
    with pytest.raises(Refused, match="This form has been sent already"):
        services.log_evidence(by=partner_lead, **form)
    assert Evidence.objects.get().logged_by == partner


def test_an_outsider_cannot_touch_it(partner, outsider, commitment, now):
    piece = make_evidence(partner, commitment)
    for act in (services.submit_evidence, services.withdraw_evidence):
        with pytest.raises(Refused, match="Only the organisation"):
            act(by=outsider, at=now, evidence=piece)
    assert not Evidence.objects.visible_to(outsider).filter(pk=piece.pk).exists()


def test_an_officer_does_not_review_their_own(officer, second_officer, council, commitment, now):
    piece = make_evidence(officer, commitment, state="submitted", organisation=council)
    with pytest.raises(Refused, match="someone else needs to review it"):
        services.accept_evidence(by=officer, at=now, evidence=piece)
    assert services.accept_evidence(by=second_officer, at=now, evidence=piece).state == "accepted"


def test_a_return_needs_a_reason_and_can_be_mended_and_sent_again(partner, officer, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted")
    with pytest.raises(Refused, match="what needs to change"):
        services.return_evidence(by=officer, at=now, evidence=piece, reason="  ")
    piece = services.return_evidence(by=officer, at=now, evidence=piece, reason="Please say where.")
    assert piece.state_reason == "Please say where."
    piece = services.edit_evidence(
        by=partner, at=now, evidence=piece, content=make_evidence_content(commitment, title="Better")
    )
    assert services.submit_evidence(by=partner, at=now, evidence=piece).state == "submitted"


def test_the_council_says_why_it_withdraws_and_the_organisation_need_not(partner, officer, commitment, now):
    theirs, own = (make_evidence(partner, commitment, state="submitted") for _ in range(2))
    with pytest.raises(Refused, match="Say why it is withdrawn"):
        services.withdraw_evidence(by=officer, at=now, evidence=theirs, reason=" ")
    assert Evidence.objects.get(pk=theirs.pk).state == "submitted"
    assert services.withdraw_evidence(by=officer, at=now, evidence=theirs, reason="Sent twice.").is_withdrawn
    assert services.withdraw_evidence(by=partner, at=now, evidence=own).is_withdrawn


def test_two_colleagues_cannot_overwrite_each_other(partner, partner_lead, commitment, now):
    piece = make_evidence(partner, commitment)
    services.edit_evidence(
        by=partner, at=now, evidence=piece, content=make_evidence_content(commitment, title="First"), version=1
    )
    with pytest.raises(Conflict):
        services.edit_evidence(
            by=partner_lead, at=now, evidence=piece, content=make_evidence_content(commitment), version=1
        )
    assert Evidence.objects.get(pk=piece.pk).title == "First"


def test_history_cannot_be_rewritten(partner, commitment):
    make_evidence(partner, commitment)
    for write in (lambda: HistoryEntry.objects.update(act="x"), lambda: HistoryEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
            write()
    assert HistoryEntry.objects.filter(act="log").exists()


def test_what_is_returned_is_told_to_whoever_answers_once_the_sender_has_left(
    officer, administrator, partner, partner_lead, charity, commitment, now
):
    piece = make_evidence(partner, commitment, state="submitted")
    RoleGrant.objects.filter(person=partner).update(ended_at=now, ended_by=administrator)
    services.return_evidence(by=officer, at=now, evidence=piece, reason="Please say where.")
    assert [mail.person for mail in Mail.objects.filter(kind="evidence_returned")] == [partner_lead]


def test_the_council_chooses_commitments_only_where_it_is_asked_and_of_that_strategy_alone(
    partner, officer, strategy, commitment, council, now
):
    elsewhere = make_strategy(council, slug="another-strategy").commitments.get(reference="1.1")
    left = make_evidence(partner, state="submitted", council_chooses_in=strategy)
    with pytest.raises(Invalid, match="of the strategy that it was sent for") as refused:
        services.accept_evidence(by=officer, at=now, evidence=left, commitments=[elsewhere])
    assert refused.value.field == "commitments"
    with pytest.raises(Invalid, match="of the strategy that it was sent for"):
        services.accept_evidence(by=officer, at=now, evidence=left, commitments=[commitment, elsewhere])
    with pytest.raises(Invalid, match="Choose the commitments that it is for"):
        services.accept_evidence(by=officer, at=now, evidence=left)
    chosen = make_evidence(partner, commitment, state="submitted")
    with pytest.raises(Invalid, match="Its organisation has chosen its commitments"):
        services.accept_evidence(
            by=officer, at=now, evidence=chosen, commitments=[strategy.commitments.get(reference="1.2")]
        )
    assert not Evidence.objects.accepted().exists()
