"""Writes, sends, withdraws and reopens case studies. Reviewing them, and choosing them for the report, have their own module."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.content.case_studies import TEXT_COLUMNS, CaseStudyContent
from commitments.models import CaseStudy, CaseStudyQuotation, CaseStudyText, Evidence
from commitments.models.case_studies import case_study_form
from commitments.models.evidence import SAID_HOW
from commitments.permissions.case_studies import (
    check_can_reopen_case_study,
    check_can_withdraw_case_study,
    check_can_write_case_study,
    writes_for_others,
)
from commitments.services.case_study_transitions import check_case_version, hold_case_study, move_case_study
from commitments.services.evidence_transitions import lock_evidence
from commitments.services.working_copies import drop_copy
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow


@transaction.atomic
def save_case_study(
    *, by: User, at: datetime, evidence: Evidence, content: CaseStudyContent, version: int | None = None
) -> CaseStudy:
    """Save what was written, which may be unfinished but for the headline. What is published stays published.

    :param version: the version that the person saw, 0 where nobody had begun; None skips the comparison.
    Raise :class:`Refused` without the right, or while it waits or is withdrawn; :class:`Invalid` for what can't be saved;
    :class:`Conflict` if someone has saved it since.
    """
    return _write(by, at, evidence, content, version, "case_save")


@transaction.atomic
def submit_case_study(
    *, by: User, at: datetime, evidence: Evidence, content: CaseStudyContent, version: int | None = None
) -> CaseStudy:
    """Send it to the council. Arguments and errors as in :func:`save_case_study`; what was done is needed, too."""
    if not content.what_was_done.strip():
        raise Invalid("Say what was done. You can leave the boxes below it blank.", field="what_was_done")
    return _write(by, at, evidence, content, version, "case_submit")


def _write(
    by: User, at: datetime, evidence: Evidence, content: CaseStudyContent, version: int | None, act: str
) -> CaseStudy:
    evidence = lock_evidence(evidence)
    there = CaseStudy.objects.filter(evidence=evidence).first()
    case_study = hold_case_study(there) if there else None
    check_can_write_case_study(by, evidence, case_study)
    check_story_stands(evidence, timezone.localdate(at))
    if case_study is not None:
        check_case_version(case_study, version)
    elif version:
        raise Conflict("This case study has changed since you opened it. Read it again, then decide.")
    content = content.tidy()
    has = _strands_of(case_study)
    for strand in content.strands:
        if not strand.is_in_use(timezone.localdate(at)) and strand.pk not in has:
            raise Invalid(f"“{strand.words}” is no longer in use. Choose another.", field="strands")
    for_others = writes_for_others(by, evidence)
    told_how = content.told_how if for_others and content.told_how in dict(SAID_HOW) else ""
    if for_others and not told_how:
        raise Invalid("Say how the organisation told you.", field="told_how")
    if case_study is None:
        case_study = CaseStudy.objects.create(evidence=evidence, begun_at=at, begun_by=by)
    case_study.newest = _text(by, at, case_study, replace(content, told_how=told_how))
    if act == "case_submit":
        case_study.sent = case_study.newest
        case_study.submitted_at, case_study.submitted_by = at, by
    move_case_study(by=by, at=at, case_study=case_study, act=act, said={"text": case_study.newest.pk})
    drop_copy(by=by, form=case_study_form(evidence.pk))
    return case_study


def check_story_stands(evidence: Evidence, today: date) -> None:
    """Raise :class:`NotNow` where the people in the story of an item no longer agree to it being told."""
    if Evidence.objects.filter(pk=evidence.pk).without_details(today).exists():
        raise NotNow(
            "The people in this story have not agreed to it being shared, so you cannot write a case study about it."
        )


def _strands_of(case_study: CaseStudy | None) -> set[int]:
    """Return the strands that its newest or its published text names already."""
    if case_study is None:
        return set()
    texts = [case_study.newest_id, case_study.published_id]
    return set(CaseStudyText.strands.through.objects.filter(casestudytext__in=texts).values_list("strand", flat=True))


def _text(by: User, at: datetime, case_study: CaseStudy, content: CaseStudyContent) -> CaseStudyText:
    quotation = None
    if content.quotation:
        quotation, _new = CaseStudyQuotation.objects.get_or_create(
            case_study=case_study, words=content.quotation, said_by=content.said_by
        )
    values = {name: getattr(content, name) for name in TEXT_COLUMNS}
    text = CaseStudyText.objects.create(
        case_study=case_study, written_at=at, written_by=by, quotation=quotation, told_how=content.told_how, **values
    )
    text.strands.add(*content.strands)
    return text


@transaction.atomic
def withdraw_case_study(
    *, by: User, at: datetime, case_study: CaseStudy, reason: str = "", version: int | None = None
) -> CaseStudy:
    """Withdraw it from every page and from new reports, also from those it was chosen for. The council gives a reason for withdrawing a partner's.

    Raise :class:`Refused` without the right; :class:`Conflict` if it has changed since ``version`` was read.
    """
    case_study = hold_case_study(case_study)
    check_can_withdraw_case_study(by, case_study)
    check_case_version(case_study, version)
    if writes_for_others(by, case_study.evidence) and not reason.strip():
        raise Invalid("Say why it is withdrawn. The partner will read it.", field="reason")
    case_study.published = case_study.accepted_at = case_study.accepted_by = None
    case_study.chosen_for.current().update(removed_at=at, removed_by=by)
    return move_case_study(
        by=by, at=at, case_study=case_study, act="case_withdraw", reason=check_text(reason, field="reason")
    )


@transaction.atomic
def reopen_case_study(*, by: User, at: datetime, case_study: CaseStudy, version: int | None = None) -> CaseStudy:
    """Reopen a withdrawn case study, as a draft that nobody has sent. Errors as in :func:`withdraw_case_study`."""
    case_study = hold_case_study(case_study)
    check_can_reopen_case_study(by, case_study)
    check_case_version(case_study, version)
    case_study.sent = case_study.submitted_at = case_study.submitted_by = None
    return move_case_study(by=by, at=at, case_study=case_study, act="case_reopen")
