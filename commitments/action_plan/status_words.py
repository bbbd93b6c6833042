"""What the colours and words of an action plan's RAG column usually mean among the portal's statuses.

It is a proposal: whoever loads the plan chooses for each word, as councils use the colours differently.
"""

import re
from typing import Final

from commitments.rules import status

NO_STATUS: Final = "none"
"""What is chosen for a word that is to give no status."""

_MEANT: Final = (
    (status.COMPLETE.code, r"completed?|done|achieved|delivered|finished|blue|b"),
    (status.NOT_STARTED.code, r"not (?:yet )?(?:started|begun|due)|to start|grey|gray|white|planned|not commenced"),
    (status.DELAYED.code, r"red|r|delayed|late|overdue|off[ -]track|behind(?: schedule)?|on hold|paused|stalled|slipped|missed"),
    (status.AT_RISK.code, r"amber|a|orange|yellow|at risk|some (?:risk|concern|delay)s?|partly on track|amber[ /-]*(?:green|red)"),
    (status.EMBEDDED.code, r"embedded|business as usual|bau"),
    (status.CLOSED.code, r"closed|withdrawn|cancelled|canceled|stopped|dropped|no longer (?:needed|required|relevant)"),
    (status.ON_TRACK.code, r"green|g|on[ -]track|in progress|progressing|ongoing|on course|under ?way|started|on target"),
)  # fmt: skip
_PATTERNS: Final = tuple((code, re.compile(pattern)) for code, pattern in _MEANT)


def folded(word: str) -> str:
    """Return what two ways of writing one word share: no capitals, single spaces."""
    return " ".join(word.casefold().split()).strip(" .")


def proposed_status(word: str) -> str:
    """Return the code of the status that a word of the plan usually means; :data:`NO_STATUS` where it is not clear."""
    plain = folded(word)
    return next((code for code, pattern in _PATTERNS if pattern.fullmatch(plain)), NO_STATUS)


def is_status_word(word: str) -> bool:
    """Whether a cell looks like one of a RAG column."""
    return proposed_status(word) != NO_STATUS
