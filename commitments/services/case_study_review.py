"""What an officer decides about a case study: accept it, return it, choose it for the report of a round."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commitments.models import CaseStudy, CaseStudyChoice, Evidence, HistoryEntry, Round
from commitments.models.progress import RoundQuerySet
from commitments.permissions.case_studies import (
    can_write_case_study,
    check_can_accept_case_study,
    check_can_choose_case_study,
    check_can_leave_out_case_study,
    check_can_return_case_study,
)
from commitments.rules import story_consent
from commitments.services.case_study_transitions import check_case_version, hold_case_study, move_case_study
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid


@transaction.atomic
def accept_case_study(*, by: User, at: datetime, case_study: CaseStudy, version: int | None = None) -> CaseStudy:
    """Publish what was sent, in place of what was published before.

    Raise :class:`Refused` for whoever wrote it, where it does not wait or its evidence is not accepted; :class:`Conflict` if
    it has changed since ``version`` was read.
    """
    case_study = hold_case_study(case_study)
    check_can_accept_case_study(by, case_study)
    check_case_version(case_study, version)
    case_study.published = case_study.sent
    case_study.accepted_at, case_study.accepted_by = at, by
    return move_case_study(by=by, at=at, case_study=case_study, act="case_accept", said={"text": case_study.sent_id})


@transaction.atomic
def return_case_study(
    *, by: User, at: datetime, case_study: CaseStudy, reason: str, version: int | None = None
) -> CaseStudy:
    """Send it back with a reason, which whoever sent it gets by email. What was published before stays.

    Errors as in :func:`accept_case_study`; the reason is needed.
    """
    case_study = hold_case_study(case_study)
    check_can_return_case_study(by, case_study)
    check_case_version(case_study, version)
    if not (reason := check_text(reason, field="reason")):
        raise Invalid("Say what needs to change. Whoever wrote it will read it.", field="reason")
    case_study = move_case_study(by=by, at=at, case_study=case_study, act="case_return", reason=reason)
    sender = case_study.submitted_by
    if sender is not None and sender.is_active and can_write_case_study(sender, case_study.evidence, case_study):
        put_mail(
            key=f"case-study-returned:{case_study.pk}:{case_study.version}", kind="case_study_returned", to=sender,
            template="case_study_returned", at=at,
            values={
                "by": by, "headline": _headline_for_sender(case_study, at), "reason": reason,
                "way_back": settings.PORTAL_URL + reverse("commitments:case-study-write", args=[case_study.evidence_id]),
            },
        )  # fmt: skip
    return case_study


def _headline_for_sender(case_study: CaseStudy, at: datetime) -> str:
    """Return the headline of what was sent, unless the people in the story no longer agree to it."""
    withheld = Evidence.objects.without_details(timezone.localdate(at)).filter(pk=case_study.evidence_id).exists()
    return story_consent.NO_HEADLINE if withheld or case_study.sent is None else case_study.sent.headline


@transaction.atomic
def choose_case_study(*, by: User, at: datetime, case_study: CaseStudy, round_: Round) -> CaseStudyChoice:
    """Print it in full in the report of a round. Choosing it twice changes nothing.

    Raise :class:`Refused` without the right or before it is accepted, and :class:`Invalid` for a round of a strategy that
    its evidence is not about, or one that is only planned.
    """
    case_study = hold_case_study(case_study)
    check_can_choose_case_study(by, case_study, round_)
    if not rounds_for(case_study).filter(pk=round_.pk).exists():
        raise Invalid("Choose a round of the strategy that it is about.", field="round")
    if there := case_study.chosen_for.current().filter(round=round_).first():
        return there
    _chosen(by, at, case_study, round_, "case_choose")
    return CaseStudyChoice.objects.create(case_study=case_study, round=round_, chosen_at=at, chosen_by=by)


@transaction.atomic
def leave_out_case_study(*, by: User, at: datetime, case_study: CaseStudy, round_: Round) -> None:
    """Leave it out of the report of a round after all. Doing it twice changes nothing. Raise :class:`Refused` without the right."""
    case_study = hold_case_study(case_study)
    check_can_leave_out_case_study(by, case_study, round_)
    if case_study.chosen_for.current().filter(round=round_).update(removed_at=at, removed_by=by):
        _chosen(by, at, case_study, round_, "case_leave_out")


def rounds_for(case_study: CaseStudy) -> RoundQuerySet:
    """Return the rounds in whose report a case study can be: of a strategy that its evidence is about, once they are open."""
    strategies = case_study.evidence.commitments.values("strategy")
    return Round.objects.filter(strategy__in=strategies).exclude(state__in=["planned", "deleted"]).newest_first()


def rounds_to_decide(case_study: CaseStudy) -> RoundQuerySet:
    """Return these rounds, and those that it was chosen for while its evidence was about their strategy."""
    chosen = case_study.chosen_for.current().values("round")
    either = Q(pk__in=rounds_for(case_study).order_by().values("pk")) | Q(pk__in=chosen)
    return Round.objects.filter(either).newest_first()


def _chosen(by: User, at: datetime, case_study: CaseStudy, round_: Round, act: str) -> None:
    HistoryEntry.objects.create(
        at=at, by=by, act=act, case_study=case_study, from_state=case_study.state, to_state=case_study.state,
        reason=f"The report for {round_.label}",
    )  # fmt: skip
