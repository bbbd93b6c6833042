"""Case studies through their states: who writes, who accepts, what everyone reads meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy, CaseStudyQuotation, CaseStudyText, HistoryEntry
from commitments.services import case_studies as services
from commitments.services import case_study_review as review
from commitments.services.consents import record_consent, take_down, withdraw_consent
from commitments.services.evidence import return_evidence, withdraw_evidence
from commitments.services.working_copies import copy_of, keep_copy
from partners.models import Mail
from partners.services.strands import StrandContent, add_strand
from tests.factories import make_evidence, make_organisation, make_person
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db

CONTENT = CaseStudyContent(
    headline="A kitchen that feeds a village",
    problem="Older people ate alone.",
    what_was_done="We opened the hall kitchen on Tuesdays.",
    what_changed="Thirty people come each week.",
    quotation="I have not laughed so much in years.",
    said_by="a regular guest",
)


@pytest.fixture
def piece(partner, officer, commitment):
    return make_evidence(partner, commitment, state="accepted", officer=officer)


@pytest.fixture
def told(partner, officer, piece, now):
    services.submit_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    return review.accept_case_study(by=officer, at=now, case_study=piece.case_study)


def agree(by, at, told, **more):
    uses = more.pop("uses", ["portal", "report"])
    return record_consent(
        by=by, at=at, evidence=told.evidence, quotation=told.newest.quotation, given_by="the guest",
        given_on=timezone.localdate(at), uses=uses, **more,
    )  # fmt: skip


def may_quote(told, at, use="portal"):
    day = timezone.localdate(at)
    return CaseStudyQuotation.objects.showable(day, use=use).filter(pk=told.newest.quotation_id).exists()


def test_a_partner_writes_and_an_officer_accepts(told, officer, now):
    assert (told.state, told.accepted_by, told.published) == ("accepted", officer, told.newest)
    assert list(CaseStudy.objects.published(timezone.localdate(now))) == [told]
    acts = HistoryEntry.objects.filter(case_study=told).order_by("id").values_list("act", "from_state", "to_state")
    assert list(acts) == [("case_submit", "draft", "submitted"), ("case_accept", "submitted", "accepted")]


def test_a_headline_and_what_was_done_are_all_that_is_needed(partner, piece, now):
    with pytest.raises(Invalid, match="headline"):
        services.save_case_study(by=partner, at=now, evidence=piece, content=CaseStudyContent(headline=" "))
    headline = CaseStudyContent(headline="A kitchen")
    assert services.save_case_study(by=partner, at=now, evidence=piece, content=headline).state == "draft"
    with pytest.raises(Invalid, match="Say what was done"):
        services.submit_case_study(by=partner, at=now, evidence=piece, content=headline)
    whole = replace(headline, what_was_done="We cooked.")
    assert services.submit_case_study(by=partner, at=now, evidence=piece, content=whole).state == "submitted"


def test_a_quotation_needs_somebody_who_said_it_and_a_part_has_a_limit(partner, piece, now):
    with pytest.raises(Invalid, match="a parent"):
        services.save_case_study(by=partner, at=now, evidence=piece, content=replace(CONTENT, said_by=""))
    longest = replace(CONTENT, problem="x" * 1_500)
    services.save_case_study(by=partner, at=now, evidence=piece, content=longest)
    with pytest.raises(Invalid, match="1,501"):
        services.save_case_study(by=partner, at=now, evidence=piece, content=replace(CONTENT, problem="x" * 1_501))


def test_what_was_accepted_stays_public_while_a_change_is_written_and_reviewed(told, partner, officer, now):
    first, today = told.published, timezone.localdate(now)
    changed = replace(CONTENT, headline="Two kitchens")
    for act in (services.save_case_study, services.submit_case_study):
        told = act(by=partner, at=now, evidence=told.evidence, content=changed)
        assert told.published == first
        assert told.is_being_changed
        assert CaseStudy.objects.published(today).exists()
    returned = review.return_case_study(by=officer, at=now, case_study=told, reason="Say where.")
    assert (returned.state, returned.published) == ("returned", first)
    again = services.submit_case_study(by=partner, at=now, evidence=told.evidence, content=changed)
    accepted: Any = review.accept_case_study(by=officer, at=now, case_study=again)
    assert accepted.published.headline == "Two kitchens"


def test_whoever_returns_it_gives_a_reason_that_its_sender_gets_by_email(partner, officer, piece, now):
    sent = services.submit_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    with pytest.raises(Invalid, match="what needs to change"):
        review.return_case_study(by=officer, at=now, case_study=sent, reason=" ")
    review.return_case_study(by=officer, at=now, case_study=sent, reason="Say where it was.")
    mail = Mail.objects.get(kind="case_study_returned")
    assert mail.person == partner
    assert "Say where it was." in mail.text


def test_nobody_accepts_what_they_wrote_for_others(officer, second_officer, partner, piece, now):
    with pytest.raises(Invalid, match="how the organisation told you"):
        services.submit_case_study(by=officer, at=now, evidence=piece, content=CONTENT)
    by_phone = replace(CONTENT, told_how="telephone")
    sent: Any = services.submit_case_study(by=officer, at=now, evidence=piece, content=by_phone)
    assert sent.newest.told_how == "telephone"
    for act in (review.accept_case_study, review.return_case_study):
        more: Any = {"reason": "No."} if act is review.return_case_study else {}
        with pytest.raises(NotAllowed, match="someone else"):
            act(by=officer, at=now, case_study=sent, **more)
    accepted = review.accept_case_study(by=second_officer, at=now, case_study=sent)
    changed: Any = services.submit_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    assert (changed.published.told_how, changed.newest.told_how) == ("telephone", "")
    assert review.accept_case_study(by=officer, at=now, case_study=changed).version > accepted.version


def test_others_neither_write_nor_review(outsider, partner, partner_lead, piece, told, now):
    with pytest.raises(NotAllowed, match="Only the organisation"):
        services.save_case_study(by=outsider, at=now, evidence=piece, content=CONTENT)
    changed = services.submit_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    with pytest.raises(NotAllowed, match="council officer"):
        review.accept_case_study(by=partner_lead, at=now, case_study=changed)
    for act in (services.withdraw_case_study, services.reopen_case_study):
        with pytest.raises(NotAllowed):
            act(by=outsider, at=now, case_study=changed)


def test_a_draft_is_read_by_its_own_people_and_its_writer_alone(partner, partner_lead, officer, outsider, piece, now):
    today = timezone.localdate(now)
    draft = services.save_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    assert [CaseStudy.objects.visible_to(who, today).exists() for who in (partner, partner_lead)] == [True, True]
    assert [CaseStudy.objects.visible_to(who, today).exists() for who in (officer, outsider, None)] == [False] * 3
    services.submit_case_study(by=partner, at=now, evidence=piece, content=CONTENT, version=draft.version)
    assert CaseStudy.objects.visible_to(officer, today).exists()
    assert not CaseStudy.objects.visible_to(outsider, today).exists()


def test_evidence_that_was_not_sent_is_not_told_at_length(partner, commitment, now):
    draft = make_evidence(partner, commitment)
    with pytest.raises(NotNow, match="Send this evidence"):
        services.save_case_study(by=partner, at=now, evidence=draft, content=CONTENT)


def test_evidence_that_is_not_accepted_keeps_its_case_study_back(partner, officer, commitment, now):
    sent = make_evidence(partner, commitment, state="submitted")
    told = services.submit_case_study(by=partner, at=now, evidence=sent, content=CONTENT)
    with pytest.raises(NotNow, match="Accept the evidence first"):
        review.accept_case_study(by=officer, at=now, case_study=told)


def test_it_goes_with_its_evidence(told, officer, partner, now):
    today = timezone.localdate(now)
    return_evidence(by=officer, at=now, evidence=told.evidence, reason="Say where.")
    assert not CaseStudy.objects.published(today).exists()
    withdraw_evidence(by=partner, at=now, evidence=told.evidence)
    with pytest.raises(NotNow):
        services.save_case_study(by=partner, at=now, evidence=told.evidence, content=CONTENT)


def test_the_second_of_two_who_save_is_refused(partner, partner_lead, piece, now):
    first = services.save_case_study(by=partner, at=now, evidence=piece, content=CONTENT, version=0)
    with pytest.raises(Conflict):
        services.save_case_study(by=partner_lead, at=now, evidence=piece, content=CONTENT, version=0)
    other = replace(CONTENT, headline="Another")
    services.save_case_study(by=partner_lead, at=now, evidence=piece, content=other, version=first.version)
    with pytest.raises(Conflict):
        services.withdraw_case_study(by=partner, at=now, case_study=first, version=first.version)
    assert CaseStudyText.objects.count() == 2


def test_withdrawn_it_is_gone_and_may_be_taken_up_again(told, partner, officer, now):
    today = timezone.localdate(now)
    with pytest.raises(Invalid, match="Say why"):
        services.withdraw_case_study(by=officer, at=now, case_study=told)
    gone = services.withdraw_case_study(by=partner, at=now, case_study=told)
    assert (gone.state, gone.published) == ("withdrawn", None)
    assert not CaseStudy.objects.published(today).exists()
    with pytest.raises(NotNow, match="Reopen it first"):
        services.save_case_study(by=partner, at=now, evidence=told.evidence, content=CONTENT)
    with pytest.raises(AlreadyDone):
        services.withdraw_case_study(by=partner, at=now, case_study=gone)
    assert services.reopen_case_study(by=partner, at=now, case_study=gone).state == "draft"


def test_a_quotation_is_shown_only_while_its_consent_stands(told, partner, now):
    assert not may_quote(told, now)
    consent = agree(partner, now, told, lasts_until=timezone.localdate(now) + timedelta(days=3))
    assert may_quote(told, now)
    assert may_quote(told, now + timedelta(days=3))
    assert not may_quote(told, now + timedelta(days=4))
    withdraw_consent(by=partner, at=now, consent=consent)
    assert not may_quote(told, now)


def test_a_consent_for_the_portal_alone_is_none_for_the_report(told, partner, now):
    agree(partner, now, told, uses=["portal"])
    assert (may_quote(told, now), may_quote(told, now, "report")) == (True, False)


def test_a_consent_to_a_quotation_says_nothing_about_the_story(told, partner, now):
    consent = agree(partner, now, told)
    withdraw_consent(by=partner, at=now, consent=consent)
    piece = type(told.evidence).objects.with_story_state(timezone.localdate(now)).get(pk=told.evidence_id)
    assert piece.story_state == ""
    assert CaseStudy.objects.published(timezone.localdate(now)).exists()


def test_other_words_need_a_consent_of_their_own_and_the_same_words_keep_theirs(told, partner, now):
    consent = agree(partner, now, told)
    same = services.save_case_study(by=partner, at=now, evidence=told.evidence, content=replace(CONTENT, place="Here"))
    assert may_quote(same, now)
    other = replace(CONTENT, quotation="I laughed.")
    assert not may_quote(services.save_case_study(by=partner, at=now, evidence=told.evidence, content=other), now)
    withdraw_consent(by=partner, at=now, consent=consent)
    again = services.save_case_study(by=partner, at=now, evidence=told.evidence, content=CONTENT)
    assert not may_quote(again, now)


def test_withdrawing_takes_the_quotation_out_of_what_is_being_typed(told, partner, now):
    form = f"case-study:{told.evidence_id}"
    keep_copy(
        by=partner, at=now, form=form, fields={"headline": "New", "quotation": "I laughed.", "said_by": "x"}, seen=1
    )
    take_down(by=partner, at=now, evidence=told.evidence, quotation=told.newest.quotation, asked_by="the guest")
    kept: Any = copy_of(partner, form)
    assert kept.fields == {"headline": "New"}


def test_a_story_that_nobody_agrees_to_takes_its_case_study_along(told, partner, now):
    today = timezone.localdate(now)
    take_down(by=partner, at=now, evidence=told.evidence, asked_by="somebody in the story")
    assert not CaseStudy.objects.published(today).exists()
    with pytest.raises(NotNow, match="have not agreed"):
        services.save_case_study(by=partner, at=now, evidence=told.evidence, content=CONTENT)


def test_an_officer_chooses_it_for_the_report_once(told, officer, partner, open_round, now):
    with pytest.raises(NotAllowed):
        review.choose_case_study(by=partner, at=now, case_study=told, round_=open_round)
    first = review.choose_case_study(by=officer, at=now, case_study=told, round_=open_round)
    assert review.choose_case_study(by=officer, at=now, case_study=told, round_=open_round) == first
    review.leave_out_case_study(by=officer, at=now, case_study=told, round_=open_round)
    assert not told.chosen_for.current().exists()
    assert review.choose_case_study(by=officer, at=now, case_study=told, round_=open_round) != first


def test_what_is_not_accepted_is_not_chosen(partner, officer, piece, open_round, now):
    draft = services.save_case_study(by=partner, at=now, evidence=piece, content=CONTENT)
    with pytest.raises(NotNow, match="accepted"):
        review.choose_case_study(by=officer, at=now, case_study=draft, round_=open_round)


def test_texts_are_only_added_and_case_studies_never_deleted(told, partner, now):
    strand = add_strand(by=None, at=now, content=StrandContent("Older people"))
    services.save_case_study(by=partner, at=now, evidence=told.evidence, content=replace(CONTENT, strands=(strand,)))
    for change in (
        lambda: CaseStudyText.objects.update(headline="Else"),
        lambda: CaseStudyText.objects.filter(pk=told.newest_id)._raw_delete("default"),
        lambda: CaseStudyQuotation.objects.all()._raw_delete("default"),
        lambda: CaseStudyQuotation.objects.update(words="Else"),
        lambda: CaseStudyText.strands.through.objects.update(strand=strand),
        lambda: CaseStudyText.strands.through.objects.all()._raw_delete("default"),
        lambda: CaseStudy.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_infrastructure_body_writes_for_a_group_without_people_here(commitment, officer, now):
    body = make_organisation("Common Thread", kind="infrastructure_body")
    helper = make_person("partner_contributor", body)
    group = make_organisation("A small choir", kind="unincorporated_group")
    sent = make_evidence(
        helper, commitment, state="accepted", officer=officer, organisation=group, said_by="the conductor",
        said_how="telephone",
    )  # fmt: skip
    told = services.save_case_study(by=helper, at=now, evidence=sent, content=CONTENT)
    assert told.state == "draft"
