"""The links of a report's statements: in print with the portal's full address, from the facts."""

import re
from typing import Final, Protocol

from reporting.facts import CommitmentFacts, EvidenceFacts, Report
from reporting.rendering.fonts import OWN_SCHEME

MAX_PRINTED_CHARACTERS: Final = 60
"""Characters of an address that is printed after the words of its link; a longer one nobody types."""


def printed(address: str) -> str:
    """Return an address as it is printed, without its scheme; "" where it is too long to be typed."""
    shown = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    return shown if len(shown) <= MAX_PRINTED_CHARACTERS else ""


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

    def strategy(self) -> str:
        """Return the address of the strategy's page, as it is printed."""
        return re.sub(r"^https?://", "", f"{self._portal}/strategies/{self._strategy}/")

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
