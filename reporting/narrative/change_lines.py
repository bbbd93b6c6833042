"""Changes in words: a line for each, in groups by kind."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class ChangeValues:
    """A change as data: what was so before, what is so since, from which day, and the reason given. "" and None for none."""

    was: str = ""
    now: str = ""
    on: date | None = None
    reason: str = ""


NO_VALUES: Final = ChangeValues()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as a sentence: the commitment's reference and title, and the rest of the sentence.

    ``reference`` is "" where it is about no commitment. ``was`` and ``now`` are the statuses of one that moved.
    ``values`` hold the same as data.
    """

    reference: str
    title: str
    goes_on: str
    was: str = ""
    now: str = ""
    values: ChangeValues = NO_VALUES

    @property
    def text(self) -> str:
        """What is said of it, the reference left out."""
        return f"{self.title}{self.goes_on}"

    @property
    def sentence(self) -> str:
        """The whole, the reference first."""
        return f"{self.reference} {self.text}".lstrip()


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind: its code, a heading, a sentence with their number, and each of them."""

    code: str
    title: str
    says: str
    lines: tuple[ChangeLine, ...] = ()
