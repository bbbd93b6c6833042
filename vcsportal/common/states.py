"""The parts of a table of states: the states that an object can be in, and the acts that lead from one to another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """One state of an item of evidence, an update, an invitation and so on.

    ``tone`` names the class of its tag; the label is always shown with it.
    """

    code: str
    label: str
    definition: str
    tone: str


@dataclass(frozen=True, slots=True)
class Act:
    """A way from some states (``leaves``) to another (``to``). ``past`` reads in a history ("accepted by …")."""

    code: str
    label: str
    past: str
    leaves: tuple[str, ...]
    to: str
