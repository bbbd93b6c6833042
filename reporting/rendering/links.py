"""The links of a report's statements: in print with the portal's full address, from the facts."""

from typing import Protocol

from reporting.facts import CommitmentFacts, EvidenceFacts, Report
from reporting.rendering.fonts import OWN_SCHEME


class ReportLinks(Protocol):
    """Gives the addresses of the updates, evidence and photographs that a report links to; "" where there is none.

    ``place`` counts a piece's photographs from 1, as the facts hold them.
    """

    def update(self, commitment: CommitmentFacts) -> str: ...

    def evidence(self, piece: EvidenceFacts) -> str: ...

    def photograph(self, piece: EvidenceFacts, place: int) -> str: ...

    def size(self, piece: EvidenceFacts, place: int) -> tuple[int, int] | None:
        """Return a photograph's width and height in pixels, so that the page keeps room for it; None if it need not."""


class PrintLinks:
    """Full addresses on the portal that made the edition; photographs are the report's own.

    Addresses are written out and not looked up: a process's own settings must not reach an edition.
    """

    def __init__(self, report: Report) -> None:
        self._portal = report.identity.url.rstrip("/")
        self._strategy = report.strategy.slug

    def update(self, commitment: CommitmentFacts) -> str:
        if commitment.update is None:
            return ""
        return f"{self._portal}/strategies/{self._strategy}/commitments/{commitment.key or commitment.reference}/#update-{commitment.update}"

    def evidence(self, piece: EvidenceFacts) -> str:
        return f"{self._portal}/evidence/{piece.id}/"

    def photograph(self, piece: EvidenceFacts, place: int) -> str:
        return f"{OWN_SCHEME}photographs/{piece.photographs[place - 1].file}"

    def size(self, piece: EvidenceFacts, place: int) -> tuple[int, int] | None:
        return None
