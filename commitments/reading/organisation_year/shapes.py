"""The parts of an organisation's year: the same for its page, the PDF, the Word file and the table."""

from dataclasses import dataclass
from datetime import date, datetime

from partners.models import Organisation


@dataclass(frozen=True, slots=True)
class YearItem:
    """One thing that it did or told: a title with its page, when, where, and what was said.

    ``figures`` are numbers by their codes, as of an item of evidence; ``facts`` are further labels and what they say. ``language`` is
    that of title and text, "" for the portal's.
    """

    title: str
    url: str = ""
    when: str = ""
    where: str = ""
    commitments: tuple[str, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class YearPart:
    """Things of one kind, the earliest first, and their heading."""

    heading: str
    items: tuple[YearItem, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the year in words: ``3 volunteers``, with what it is worked out from."""

    value: int
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CouncilRequest:
    """Something that the council asked the organisation for: when, which colleague, and how it was answered. Only its own people see it."""

    what: str
    url: str
    on: date
    of: str
    answer: str
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganisationYear:
    """A year of an organisation, from 1 April to 31 March. ``left_out`` are sentences about what is not in it, and why."""

    organisation: Organisation
    year: str
    first: date
    last: date
    totals: tuple[Total, ...]
    parts: tuple[YearPart, ...]
    left_out: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it told nothing in this year."""
        return not self.parts
