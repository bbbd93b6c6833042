"""The steps that all acts on a case study share: hold it, compare its version, change its state, record it."""

from datetime import datetime
from typing import Any

from commitments.models import CaseStudy, HistoryEntry
from commitments.rules import workflow
from partners.models import User
from vcsportal.common.words import Conflict


def hold_case_study(case_study: CaseStudy) -> CaseStudy:
    """Return it as it is now, held until the transaction ends."""
    held = CaseStudy.objects.select_for_update(of=("self",)).select_related(
        "evidence__organisation", "newest__written_by", "sent", "submitted_by"
    )
    return held.get(pk=case_study.pk)


def check_case_version(case_study: CaseStudy, version: int | None) -> None:
    """Raise :class:`Conflict` if it is no longer the one that was read. None skips the comparison."""
    if version is not None and version != case_study.version:
        raise Conflict("This case study has changed since you opened it. Read it again, then decide.")


def move_case_study(
    *, by: User, at: datetime, case_study: CaseStudy, act: str, reason: str = "", said: dict[str, Any] | None = None
) -> CaseStudy:
    """Move it to the state that the act results in, and record it. Raise :class:`NotNow` where the table has no such way."""
    step, was = workflow.CASE_STUDY_ACT[act], case_study.state
    workflow.check_act(step, was, what="case study", thing=case_study)
    case_study.state, case_study.state_reason = step.to, reason
    case_study.version += 1
    case_study.save()
    HistoryEntry.objects.create(
        at=at, by=by, act=act, case_study=case_study, from_state=was, to_state=step.to, reason=reason, said=said or {}
    )
    return case_study
