"""Publishing and withdrawing need two people: one proposes, a second confirms or declines.

Whoever proposes to publish has read the edition's readiness, says so for each warning, and says why it is published all
the same. The second person is shown the list as it is then, and reads it too. A stop refuses both.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.models import Round
from partners.emails.outbox import drop
from partners.models import User
from reporting.models import Edition, Proposal
from reporting.permissions import (
    check_can_cancel_proposal,
    check_can_decide,
    check_can_publish,
    check_can_withdraw,
    who_can_publish,
)
from reporting.reading.readiness import Readiness, situation
from reporting.reading.readiness_rules import readiness
from reporting.reading.suspension import WITHDRAWN_BECAUSE, to_be_replaced
from reporting.services import publishing_emails as emails
from reporting.services.sealing import held, seal, tidy_reason, withdraw
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid, NotNow

MAX_REASON_CHARACTERS: Final = 1000
TICK_ALL: Final = "Read each warning and tick that you have read it."
REASON_NEEDED: Final = "Say why the report should be published despite the warnings. This is recorded in the history."
WHY_DECLINED: Final = "Say why you are declining. The person who proposed it will read this."
TOO_LONG: Final = f"Use {MAX_REASON_CHARACTERS:,} characters or fewer."


def readiness_for(proposer: User, edition: Edition, at: datetime) -> Readiness:
    """Return the checks as they are now.

    :param proposer: who proposes to publish the edition, or has proposed it: the second person is somebody else.
    """
    others = [colleague for colleague in who_can_publish(edition.round.strategy) if colleague.pk != proposer.pk]
    return readiness(situation(edition, today=timezone.localdate(at), others=others))


@transaction.atomic
def propose_publication(
    *, by: User, at: datetime, edition: Edition, acknowledged: Collection[str] = (), reason: str = ""
) -> Proposal:
    """Propose that an edition is published. Proposing twice is proposing once.

    :param acknowledged: codes of the warnings that the person says they have read.
    :param reason: why it is published all the same, where there are warnings.
    Raise :class:`Refused` without the right, while a check stops it, or while a warning is not read.
    """
    edition = held(edition)
    check_can_publish(by, edition)
    if mine := _waiting(edition, by):
        return mine
    readiness = readiness_for(by, edition, at)
    _check_readiness(readiness, acknowledged)
    reason = _tidy(reason)
    if readiness.warnings and not reason:
        raise Invalid(REASON_NEEDED, field="reason")
    return _propose(by=by, at=at, edition=edition, act="publish", reason=reason, readiness=readiness.to_json())


@transaction.atomic
def propose_withdrawal(*, by: User, at: datetime, edition: Edition, reason: str) -> Proposal:
    """Propose that a published edition is no longer offered. Everybody will read the reason. Proposing twice is proposing once."""
    edition = held(edition)
    check_can_withdraw(by, edition)
    if mine := _waiting(edition, by):
        return mine
    if all(person.pk == by.pk for person in who_can_publish(edition.round.strategy)):
        raise NotNow(
            "Nobody else can confirm it. An administrator can give a colleague the role of council officer or administrator."
            if edition.round.strategy.is_councils
            else "Nobody else can confirm it. An administrator can give a colleague the role of partner lead or administrator."
        )
    return _propose(by=by, at=at, edition=edition, act="withdraw", reason=tidy_reason(reason), readiness=[])


@transaction.atomic
def confirm_proposal(*, by: User, at: datetime, proposal: Proposal, acknowledged: Collection[str] = ()) -> Proposal:
    """Do what another person proposed: publish the edition or withdraw it. If two people confirm at once, only one takes effect.

    Raise :class:`Refused` for the proposer, for a proposal that is decided, while a check stops it or a warning is not read.
    """
    # Nobody opens the round again between this look at it and the end of the transaction.
    Round.objects.select_for_update(no_key=True).get(pk=proposal.edition.round_id)
    proposal = _held(proposal)
    edition = proposal.edition
    if proposal.outcome == "confirmed" and proposal.decided_by_id == by.pk:
        return proposal
    check_can_decide(by, proposal)
    found: list[dict[str, Any]] = []
    if proposal.act == "publish":
        check_can_publish(by, edition)
        now = readiness_for(proposal.proposed_by, edition, at)
        _check_readiness(now, acknowledged)
        found = now.to_json()
    else:
        check_can_withdraw(by, edition)
    _decide(by=by, at=at, proposal=proposal, outcome="confirmed", readiness=found)
    if proposal.act == "publish":
        seal(by=by, at=at, edition=edition)
        for old in to_be_replaced(edition, timezone.localdate(at)):
            withdraw(by=by, at=at, edition=old, reason=WITHDRAWN_BECAUSE.format(edition.number))
    else:
        withdraw(by=by, at=at, edition=edition, reason=proposal.reason)
    emails.send_decision(proposal, at=at)
    return proposal


@transaction.atomic
def decline_proposal(*, by: User, at: datetime, proposal: Proposal, reason: str) -> Proposal:
    """Decline what another person proposed, with a reason. The edition stays as it is, and can be proposed again."""
    proposal = _held(proposal)
    check_can_decide(by, proposal)
    reason = _tidy(reason)
    if not reason:
        raise Invalid(WHY_DECLINED, field="reason")
    _decide(by=by, at=at, proposal=proposal, outcome="declined", reason=reason)
    emails.send_decision(proposal, at=at)
    return proposal


@transaction.atomic
def cancel_proposal(*, by: User, at: datetime, proposal: Proposal) -> Proposal:
    """Cancel one's own proposal while it waits. Cancelling twice is cancelling once."""
    proposal = _held(proposal)
    if proposal.outcome == "cancelled" and proposal.decided_by_id == by.pk:
        return proposal
    check_can_cancel_proposal(by, proposal)
    return _decide(by=by, at=at, proposal=proposal, outcome="cancelled")


def _held(proposal: Proposal) -> Proposal:
    """Return the row and its edition as they are now. The edition is held first, as everywhere, so that nobody waits in a ring."""
    edition = held(proposal.edition)
    proposals = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by", "decided_by")
    proposal = proposals.get(pk=proposal.pk)
    proposal.edition = edition
    return proposal


def _waiting(edition: Edition, by: User) -> Proposal | None:
    """Return the person's own proposal that waits. Raise :class:`Refused` where another person's does."""
    there = edition.proposals.waiting().select_related("proposed_by").first()
    if there is not None and there.proposed_by_id != by.pk:
        raise NotNow(f"{there.proposed_by.name} has already proposed this. You can confirm or decline it.")
    return there


def _propose(
    *, by: User, at: datetime, edition: Edition, act: str, reason: str, readiness: list[dict[str, Any]]
) -> Proposal:
    made = Proposal.objects.create(
        edition=edition, act=act, reason=reason, readiness=readiness, proposed_at=at, proposed_by=by
    )
    emails.send_requests(made, at=at)
    return made


def _decide(
    *,
    by: User,
    at: datetime,
    proposal: Proposal,
    outcome: str,
    reason: str = "",
    readiness: list[dict[str, Any]] | None = None,
) -> Proposal:
    proposal.outcome, proposal.decided_at, proposal.decided_by = outcome, at, by
    proposal.decision_reason, proposal.decision_readiness = reason, readiness or []
    fields = ["outcome", "decided_at", "decided_by", "decision_reason", "decision_readiness"]
    proposal.save(update_fields=fields)
    drop(about=emails.about(proposal), kinds=[emails.ASKED])
    return proposal


def _check_readiness(readiness: Readiness, acknowledged: Collection[str]) -> None:
    if readiness.stops:
        raise NotNow(" ".join(["It can’t be published yet.", *(stop.sentence for stop in readiness.stops)]))
    if {warning.code for warning in readiness.warnings} - set(acknowledged):
        raise Invalid(TICK_ALL, field="acknowledged")


def _tidy(reason: str) -> str:
    reason = check_text(reason, field="reason").strip()
    if len(reason) > MAX_REASON_CHARACTERS:
        raise Invalid(TOO_LONG, field="reason")
    return reason
