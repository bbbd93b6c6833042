"""The states of a piece of evidence and of a progress update, and the acts that lead from one to another.

Tables of data, with label, tone and definition beside every state; ``docs/evidence.md`` is drawn from them.
"""

from dataclasses import dataclass
from typing import Final

from vcsportal.common.words import Refused


@dataclass(frozen=True, slots=True)
class State:
    """One state of a piece of evidence or of an update. ``tone`` names its tag's class; the word always stands with it."""

    code: str
    label: str
    definition: str
    tone: str


@dataclass(frozen=True, slots=True)
class Act:
    """A way from some states to another. ``past`` reads in a history ("accepted by …")."""

    code: str
    label: str
    past: str
    leaves: tuple[str, ...]
    to: str


EVIDENCE_STATES: Final = (
    State("draft", "Draft", "Only the people of its organisation can see it.", "grey"),
    State("submitted", "Sent", "It waits for a council officer to look at it.", "blue"),
    State("accepted", "Accepted", "A council officer has accepted it; it counts.", "green"),
    State(
        "returned",
        "Returned",
        "A council officer has sent it back with a reason; it can be mended and sent again.",
        "orange",
    ),
    State("withdrawn", "Withdrawn", "Its organisation or the council has taken it back; it no longer counts.", "grey"),
)
EVIDENCE_ACTS: Final = (
    Act("submit", "Send", "sent", ("draft", "returned"), "submitted"),
    Act("accept", "Accept", "accepted", ("submitted",), "accepted"),
    Act("return", "Return", "returned", ("submitted", "accepted"), "returned"),
    Act("withdraw", "Withdraw", "withdrawn", ("draft", "submitted", "accepted", "returned"), "withdrawn"),
    Act("reopen", "Take up again", "taken up again", ("withdrawn",), "draft"),
)
UPDATE_STATES: Final = (
    State("draft", "Draft", "Only council officers can see it.", "grey"),
    State("published", "Published", "Anyone can read it.", "green"),
)
UPDATE_ACTS: Final = (Act("publish", "Publish", "published", ("draft", "published"), "published"),)

EVIDENCE_STATE: Final = {state.code: state for state in EVIDENCE_STATES}
EVIDENCE_ACT: Final = {act.code: act for act in EVIDENCE_ACTS}
UPDATE_STATE: Final = {state.code: state for state in UPDATE_STATES}

EDITABLE_EVIDENCE: Final = ("draft", "returned")
"""States in which its own organisation may still change a piece of evidence."""


def check_act(act: Act, current: str) -> None:
    """Raise :class:`Refused` with a sentence when ``act`` can't be done to evidence in state ``current``."""
    if current not in act.leaves:
        label = EVIDENCE_STATE[current].label.lower()
        raise Refused(f"This evidence is {label}, so it can't be {act.past}.")
