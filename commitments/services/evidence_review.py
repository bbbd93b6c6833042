"""What a council officer decides about an item of evidence: accept it, or return it with a reason."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from commitments.models import Commitment, Evidence
from commitments.permissions.evidence import check_can_accept_evidence, check_can_return_evidence, is_own_evidence
from commitments.queries.round_organisations import people_who_answer
from commitments.rules.kinds import GENERAL, shared_nouns
from commitments.services.evidence_transitions import check_version, lock_evidence, move
from partners.emails.outbox import put_mail
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid


@transaction.atomic
def accept_evidence(
    *,
    by: User,
    at: datetime,
    evidence: Evidence,
    version: int | None = None,
    commitments: Iterable[Commitment] = (),
) -> Evidence:
    """Let it count.

    :param commitments: what it is for, where its organisation has let the council choose; only then.
    Raise :class:`Conflict` if it has changed since ``version``, which the officer read; :class:`Invalid` for commitments
    that are missing, of another strategy, or not asked for.
    """
    evidence = lock_evidence(evidence)
    check_can_accept_evidence(by, evidence)
    check_version(evidence, version)
    _place(evidence, list(commitments))
    evidence.accepted_at, evidence.accepted_by = at, by
    return move(by=by, at=at, evidence=evidence, act="accept")


def check_placed(evidence: Evidence) -> None:
    """Raise :class:`Invalid` for an item whose commitments the council has still to choose."""
    if evidence.council_chooses_in_id is not None:
        nouns = evidence.council_chooses_in.nouns if evidence.council_chooses_in else GENERAL
        raise Invalid(f"Choose the {nouns.commitments} that it is for, then accept it.", field="commitments")


def _place(evidence: Evidence, chosen: list[Commitment]) -> None:
    """Note the commitments that the officer has chosen for the organisation."""
    if not chosen:
        return check_placed(evidence)
    if evidence.council_chooses_in_id is None:
        nouns = shared_nouns(evidence.commitments.values_list("strategy__kind", flat=True))
        raise Invalid(
            f"Its organisation has chosen its {nouns.commitments}. Return it if they are wrong.", field="commitments"
        )
    if {commitment.strategy_id for commitment in chosen} != {evidence.council_chooses_in_id}:
        nouns = evidence.council_chooses_in.nouns if evidence.council_chooses_in else GENERAL
        raise Invalid(f"Choose {nouns.commitments} of the {nouns.strategy} that it was sent for.", field="commitments")
    evidence.commitments.set(chosen)
    evidence.council_chooses_in = None
    return None


@transaction.atomic
def return_evidence(*, by: User, at: datetime, evidence: Evidence, reason: str, version: int | None = None) -> Evidence:
    """Send it back with a reason that its organisation sees. Raise :class:`Conflict` as :func:`accept_evidence` does."""
    evidence = lock_evidence(evidence)
    check_can_return_evidence(by, evidence)
    check_version(evidence, version)
    if not reason.strip():
        raise Invalid("Say what needs to change. The partner will read it.", field="reason")
    evidence = move(by=by, at=at, evidence=evidence, act="return", reason=check_text(reason, field="reason"))
    if to := _whom_to_tell(evidence):
        put_mail(
            key=f"evidence-returned:{evidence.pk}:{evidence.version}",
            kind="evidence_returned",
            to=to,
            template="evidence_returned",
            values={
                "evidence": evidence,
                "reason": evidence.state_reason,
                "way_back": settings.PORTAL_URL + reverse("commitments:evidence-edit", args=[evidence.pk]),
            },
            at=at,
        )
    return evidence


def _whom_to_tell(evidence: Evidence) -> User | None:
    """Whoever sent it; once they have left, whoever answers for the organisation now."""
    sender = evidence.submitted_by
    if sender is not None and sender.is_active and is_own_evidence(sender, evidence):
        return sender
    answers = people_who_answer([evidence.organisation_id]).get(evidence.organisation_id)
    return User.objects.get(pk=answers) if answers else None
