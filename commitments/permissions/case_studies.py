"""Who may write, review, withdraw and choose case studies, and now. Each rule is a pair: ``check_…``, ``can_…``."""

from commitments.models import CaseStudy, Evidence, Round
from commitments.models.writers import case_study_writers
from commitments.permissions.evidence import (
    check_can_log_evidence_for,
    is_about_own_strategy,
    is_own_evidence,
    may_log_evidence_for_others,
)
from commitments.rules import workflow
from partners import roles
from partners.models import User
from partners.permissions import Person, check_permission_here, types_for_every_group
from vcsportal.common.words import NotAllowed, NotNow, allowed

REVIEWERS = "Only a council officer of its strategy can review this case study."


def writes_for_others(person: Person, evidence: Evidence) -> bool:
    """Whether what the person writes about this item is told by another organisation."""
    return not is_own_evidence(person, evidence)


def check_can_write_case_study(person: Person, evidence: Evidence, case_study: CaseStudy | None = None) -> None:
    """The organisation that did the work; and whoever may log evidence for it. The evidence has been sent.

    :param case_study: what there is already; it may be changed unless it waits or was withdrawn.
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


def check_can_withdraw_case_study(person: Person, case_study: CaseStudy) -> None:
    """Its own organisation at any time; whoever began it; a reviewer of its strategy once it has been sent."""
    if case_study.submitted_at is None or not is_about_own_strategy(person, roles.REVIEW_EVIDENCE, case_study.evidence):
        _check_own(person, case_study)
    _check_act("case_withdraw", case_study)


def check_can_reopen_case_study(person: Person, case_study: CaseStudy) -> None:
    """Its own organisation, or whoever began it, reopens what was withdrawn."""
    _check_own(person, case_study)
    _check_act("case_reopen", case_study)


def _check_own(person: Person, case_study: CaseStudy) -> None:
    began = isinstance(person, User) and case_study.begun_by_id == person.pk and may_log_evidence_for_others(person)
    if not began and not is_own_evidence(person, case_study.evidence):
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
    check_permission_here(
        person, roles.REVIEW_EVIDENCE, round_.strategy, "Only a council officer can choose case studies for the report."
    )
    if case_study.published_id is None:
        raise NotNow("Only a case study that has been accepted can be in the report.")


can_write_case_study = allowed(check_can_write_case_study)
can_withdraw_case_study = allowed(check_can_withdraw_case_study)
can_reopen_case_study = allowed(check_can_reopen_case_study)
can_accept_case_study = allowed(check_can_accept_case_study)
can_return_case_study = allowed(check_can_return_case_study)
can_choose_case_study = allowed(check_can_choose_case_study)
