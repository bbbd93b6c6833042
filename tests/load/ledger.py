"""What was sent in a trial, and how it was answered: a line of JSON for each request that changes something."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

ACKNOWLEDGED: Final = "acknowledged"
"""The portal said that it is saved: it has to be there once."""
KEPT: Final = "kept as a draft"
"""The portal said that a file could not be taken and the rest is a draft now: it has to be there once, without the file."""
REFUSED: Final = "refused"
"""The portal said that it is not saved: it may not be there."""
UNKNOWN: Final = "unknown"
"""No answer came in time, or one that says nothing of it: it may be there, once at most."""


@dataclass(frozen=True)
class Write:
    """One request that changes something."""

    act: str
    """``draft``, ``submit``, ``decide`` or ``hand on``."""
    key: str
    """What it is found by: the title of an item of evidence, the key of one that was decided, the person of a task."""
    outcome: str
    status: int = 0
    sent: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Writes each line at once, so that what was acknowledged before a fault is known after it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def add(self, write: Write) -> None:
        self._file.write(json.dumps(asdict(write)) + "\n")
        self._file.flush()


def read(path: Path) -> Iterator[Write]:
    """Yield what a trial has written down."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Write(**json.loads(line))


NOT_KNOWN: Final = ("can’t be reached", "may not have been saved")
"""Words of answers that leave open whether something was saved: the portal’s own, and the proxy’s."""
_A_DRAFT: Final = re.compile(r'action="/evidence/[0-9]+/edit/"')
"""In a form that comes back as that of the draft which it has become."""


def outcome_of(status: int, text: str, *, saved: bool) -> str:
    """Return what an answer says of what was sent.

    :param status: 0 where no answer came.
    :param saved: whether the answer is the one that follows upon saving; a form that comes back is not.
    """
    if saved:
        return ACKNOWLEDGED
    if status == 0 or (status >= 500 and (status != 503 or any(words in text for words in NOT_KNOWN))):
        return UNKNOWN
    return KEPT if status == 422 and _A_DRAFT.search(text) else REFUSED
