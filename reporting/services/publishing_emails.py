"""Emails about proposals: a request to everybody who can confirm one, and the decision to whoever made it."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from partners.emails.composing import compose_mail
from partners.emails.outbox import put_all, put_mail
from reporting.models import Proposal
from reporting.permissions import who_can_publish

ASKED: Final = "report:proposed"
DECIDED: Final = "report:decided"


def about(proposal: Proposal) -> str:
    """Return what an email about a proposal belongs to."""
    return f"report:{proposal.edition_id}:{proposal.pk}"


def send_requests(proposal: Proposal, *, at: datetime) -> None:
    """Ask everybody else who may publish to confirm or decline it. The emails wait in the outbox with the proposal."""
    put_all(
        compose_mail(
            key=f"{about(proposal)}:asked:{person.pk}", kind=ASKED, to=person, template="proposal_made",
            values=_values(proposal), at=at, about=about(proposal),
        )
        for person in who_can_publish(proposal.edition.round.strategy)
        if person.pk != proposal.proposed_by_id
    )  # fmt: skip


def send_decision(proposal: Proposal, *, at: datetime) -> None:
    """Email the proposer that the proposal was confirmed or declined."""
    put_mail(
        key=f"{about(proposal)}:decided", kind=DECIDED, to=proposal.proposed_by, template="proposal_decided",
        values=_values(proposal), at=at, about=about(proposal),
    )  # fmt: skip


def _values(proposal: Proposal) -> dict[str, Any]:
    path = reverse("reporting:proposal", args=[proposal.pk])
    root = settings.PORTAL_URL.rstrip("/")
    return {
        "proposal": proposal,
        "edition": proposal.edition,
        "round": proposal.edition.round,
        "decide_url": f"{root}{path}",
        "edition_url": f"{root}{proposal.edition.get_absolute_url()}",
        "warnings": [check["sentence"] for check in proposal.readiness if check["state"] == "warning"],
    }
