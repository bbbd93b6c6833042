"""Who may write, review, withdraw and choose case studies, and now. Each rule is a pair: ``check_…``, ``can_…``."""

from commitments.models import CaseStudy, Evidence, Round
from commitments.models.writers import case_study_writers
from commitments.permissions.evidence import (
    can_log_evidence_for,
    check_can_log_evidence_for,
    is_about_own_strategy,
    may_log_evidence_for_others,
)
from commitments.rules import workflow
from partners import roles
from partners.models import User
from partners.permissions import Person, check_permission_here, has_permission_for, types_for_every_group
from vcsportal.common.words import NotAllowed, NotNow, allowed

REVIEWERS = "Only a council officer of its strategy can review this case study."
BEING_WRITTEN = "This case study is being written by someone else, and their draft is private. You can change it once it has been accepted."


def writes_for_others(person: Person, evidence: Evidence) -> bool:
    """Whether what the person writes about this item is told by another organisation: they do not belong to it, and did not
    type the evidence for a group that they may still type for.
    """
    if not isinstance(person, User):
        return True
    typed = bool(evidence.said_by) and evidence.logged_by_id == person.pk
    if typed and can_log_evidence_for(person, evidence.organisation):
        return False
    return not has_permission_for(person, roles.LOG_EVIDENCE, evidence.organisation_id)


def check_can_write_case_study(person: Person, evidence: Evidence, case_study: CaseStudy | None = None) -> None:
    """The organisation that did the work; and whoever may log evidence for it. The evidence has been sent.

    :param case_study: what there is already; it may be changed unless it waits or was withdrawn. A draft that the person
        may not read is not theirs to replace while someone else can continue it.
    """
    if writes_for_others(person, evidence):
        if not may_log_evidence_for_others(person):
            raise NotAllowed("Only the organisation that did the work can write a case study about it.")
        check_can_log_evidence_for(person, evidence.organisation)
        if types_for_every_group(person) and not is_about_own_strategy(person, roles.SEE_ALL_EVIDENCE, evidence):
            raise NotAllowed("Your role does not cover the strategies that this evidence is about.")
    if evidence.submitted_at is None or evidence.is_withdrawn or evidence.state == "draft":
        raise NotNow("Send this evidence to the council first. Then you can write a case study about it.")
    if case_study is not None and case_study.state not in workflow.EDITABLE_CASE_STUDY:
        raise NotNow(
            f"This case study is {case_study.state_of.label.lower()}, so it can’t be changed now. "
            + ("Reopen it first." if case_study.is_withdrawn else "An officer will review it first.")
        )
    if case_study is not None and _is_written_by_others(person, case_study):
        raise NotAllowed(BEING_WRITTEN)


def _is_written_by_others(person: Person, case_study: CaseStudy) -> bool:
    """Whether there is a draft that the person may not read, and someone who may: the organisation's people, or its writer."""
    newest, found = case_study.newest, CaseStudy.objects.filter(pk=case_study.pk)
    if newest is None or newest.pk == case_study.published_id or found.drafts_read_by(person).exists():
        return False
    if newest.pk == case_study.sent_id and found.sent_to(person).exists():
        return False
    if case_study.evidence.organisation.role_grants.current().exists():
        return True
    return newest.written_by.is_active and found.drafts_read_by(newest.written_by).exists()


def check_can_withdraw_case_study(person: Person, case_study: CaseStudy) -> None:
    """Its own organisation at any time; whoever wrote it for them; a reviewer of its strategy once it has been sent."""
    if case_study.sent_id is None or not is_about_own_strategy(person, roles.REVIEW_EVIDENCE, case_study.evidence):
        _check_own(person, case_study)
    _check_act("case_withdraw", case_study)


def check_can_reopen_case_study(person: Person, case_study: CaseStudy) -> None:
    """Its own organisation, or whoever wrote it for them, reopens what was withdrawn."""
    _check_own(person, case_study)
    _check_act("case_reopen", case_study)


def _check_own(person: Person, case_study: CaseStudy) -> None:
    if not CaseStudy.objects.filter(pk=case_study.pk).drafts_read_by(person).exists():
        raise NotAllowed("Only the organisation that did the work, or whoever wrote it for them, can do this.")


def _check_act(act: str, case_study: CaseStudy) -> None:
    workflow.check_act(workflow.CASE_STUDY_ACT[act], case_study.state, what="case study", thing=case_study)


def _check_second_person(person: Person, case_study: CaseStudy) -> None:
    if not is_about_own_strategy(person, roles.REVIEW_EVIDENCE, case_study.evidence):
        raise NotAllowed(REVIEWERS)
    if isinstance(person, User) and person.pk in case_study_writers(case_study):
        raise NotAllowed("You wrote or sent this case study yourself, so someone else needs to review it.")


def check_can_accept_case_study(person: Person, case_study: CaseStudy) -> None:
    """A reviewer of its strategy who did not write or send it since it was last accepted. Its evidence is accepted."""
    _check_second_person(person, case_study)
    _check_act("case_accept", case_study)
    if not case_study.evidence.is_accepted:
        raise NotNow("Accept the evidence first. A case study can only be about evidence that has been accepted.")


def check_can_return_case_study(person: Person, case_study: CaseStudy) -> None:
    """A reviewer who did not write or send it."""
    _check_second_person(person, case_study)
    _check_act("case_return", case_study)


def check_can_choose_case_study(person: Person, case_study: CaseStudy, round_: Round) -> None:
    """A reviewer of the strategy whose report it is to stand in; what is published alone."""
    check_can_leave_out_case_study(person, case_study, round_)
    if case_study.published_id is None:
        raise NotNow("Only a case study that has been accepted can be in the report.")


def check_can_leave_out_case_study(person: Person, case_study: CaseStudy, round_: Round) -> None:
    """A reviewer of the strategy whose report it was chosen for, whatever has become of the case study since."""
    check_permission_here(
        person, roles.REVIEW_EVIDENCE, round_.strategy, "Only a council officer can choose case studies for the report."
    )


can_write_case_study = allowed(check_can_write_case_study)
can_withdraw_case_study = allowed(check_can_withdraw_case_study)
can_reopen_case_study = allowed(check_can_reopen_case_study)
can_accept_case_study = allowed(check_can_accept_case_study)
can_return_case_study = allowed(check_can_return_case_study)
can_choose_case_study = allowed(check_can_choose_case_study)
can_leave_out_case_study = allowed(check_can_leave_out_case_study)
