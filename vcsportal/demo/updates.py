"""One update on its way: drafted, sent, confirmed, returned, approved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Evidence, Round
from commitments.services.progress import confirm_update, save_update, submit_update
from commitments.services.update_approval import approve_update, return_update
from partners.models import User
from vcsportal.demo.timeline import Happening

OPEN = 4
"""The year whose round is open now. In it, so that a newcomer meets every state at once:"""
LEFT = {"1.1"}
"""Its lead has not begun; last year's words may still be true."""
STILL_TRUE = {"1.6", "2.3", "5.2"}
"""Confirmed unchanged."""
WAITING = {"1.4", "2.3", "4.6"}
"""Sent, and waiting for a colleague."""
RETURNED = {
    "1.3": "It reads well. Could you say how many groups now use the list, or that nobody has counted yet?",
    "4.3": "The reason speaks of last year's form. Is that still what holds it up?",
}
QUESTIONS = {
    "1.4": {
        "code": "no_recent_evidence",
        "question": "It is on track, and no evidence of the last year has been accepted. Is that right?",
        "answer": "Yes. The evidence was sent this week and is waiting for a colleague.",
    },
}
"""What was answered to a question asked on sending."""


@dataclass(slots=True)
class Update:
    """One commitment's update in one round, on its way."""

    lead: Callable[[], User]  # asked when it happens: nobody has come yet when the agenda is written
    second: Callable[[], User]
    commitment: Commitment
    round: Round
    said: UpdateContent
    open_now: bool

    def _version(self) -> int | None:
        return self.commitment.updates.filter(round=self.round).values_list("version", flat=True).first()

    def draft(self, at: datetime) -> None:
        save_update(
            by=self.lead(),
            at=at,
            commitment=self.commitment,
            round_=self.round,
            content=self.said,
            version=self._version(),
        )

    def send(self, at: datetime) -> None:
        rests_on = Evidence.objects.accepted().filter(commitments=self.commitment).in_round(self.round)
        question = QUESTIONS.get(self.commitment.reference) if self.open_now else None
        submit_update(
            by=self.lead(), at=at, commitment=self.commitment, round_=self.round, content=self.said,
            version=self._version(), cites=rests_on.order_by("accepted_at", "id")[:2], answers=[question] if question else [],
        )  # fmt: skip

    def confirm(self, at: datetime) -> None:
        confirm_update(by=self.lead(), at=at, commitment=self.commitment, round_=self.round, version=self._version())

    def approve(self, at: datetime) -> None:
        approve_update(by=self.second(), at=at, update=self.commitment.updates.get(round=self.round))

    def returned(self, reason: str) -> Happening:
        def act(at: datetime) -> None:
            update = self.commitment.updates.get(round=self.round)
            return_update(by=self.second(), at=at, update=update, reason=reason)

        return act
