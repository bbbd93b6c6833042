"""What an edition tells, as frozen plain values: no ORM, no request, no clock. Screen, print and exports read the same.

Facts go into the edition's row as JSON and come back equal. Texts are kept as they were written, in the Markdown
subset; whoever draws them cleans them.
"""

from collections import Counter
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from commitments.status import STATUSES

SCHEMA: Final = 1
"""Counts changes of the shape below, so that an old edition's facts are never read as new ones."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs the portal, as the settings said when the edition was made."""

    portal: str
    council: str
    contact_email: str
    url: str
    brand_colour: str


@dataclass(frozen=True, slots=True)
class StrategyFacts:
    """The strategy the report is about. ``reports_to`` is whom the yearly report is for."""

    slug: str
    title: str
    vision: str
    source: str
    starts_on: date
    ends_on: date
    owner: str
    reports_to: str
    reports_to_short: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The year reported on: the period observed and the window in which people reported."""

    slug: str
    observes_from: date
    observes_to: date
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Making:
    """Who made the edition and when. ``edition`` is None for a report made without one, by the command."""

    at: datetime
    edition: int | None = None
    asked_by: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class YearFacts:
    """How a commitment stood in one round; no status where no update was published."""

    round: str
    status: str


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """One commitment in this round. Without an update, ``status`` and the texts are empty and ``updated_on`` is None.

    ``evidence`` holds the numbers of its pieces, in the report's order.
    """

    reference: str
    wording: str
    short_title: str
    ongoing: bool
    status: str
    reason: str
    remedy: str
    narrative: str
    next_steps: str
    updated_on: date | None
    years: tuple[YearFacts, ...]
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """One priority with its commitments, in the strategy's own order."""

    number: int
    title: str
    summary: str
    commitments: tuple[CommitmentFacts, ...]

    def counts(self) -> dict[str, int]:
        """Return how many commitments stand at each status; "" counts those without an update."""
        return dict(Counter(commitment.status for commitment in self.commitments))


@dataclass(frozen=True, slots=True)
class PhotographFacts:
    """A photograph: where the file for print is kept, and what it shows."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A page elsewhere."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One accepted, publishable piece. It is told in full once, under the first of its ``references``.

    Figures are numbers or None: an unknown figure is not a zero.
    """

    number: int
    id: int
    organisation: str
    title: str
    story: str
    happened_from: date
    happened_to: date | None
    districts: tuple[str, ...]
    people_reached: int | None
    volunteers: int | None
    hours: int | None
    references: tuple[str, ...]
    links: tuple[LinkFacts, ...]
    photographs: tuple[PhotographFacts, ...]


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation whose evidence is in the report."""

    name: str
    kind: str
    districts: tuple[str, ...]
    pieces: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an edition says."""

    schema: int
    identity: Identity
    strategy: StrategyFacts
    round: RoundFacts
    rounds: tuple[str, ...]
    making: Making
    priorities: tuple[PriorityFacts, ...]
    evidence: tuple[EvidenceFacts, ...]
    organisations: tuple[OrganisationFacts, ...]

    def commitments(self) -> list[CommitmentFacts]:
        """Return every commitment, in the strategy's own order."""
        return [commitment for priority in self.priorities for commitment in priority.commitments]

    def statuses(self) -> list[str]:
        """Return the codes that occur, in the table's order, "" (no update) last."""
        found = {commitment.status for commitment in self.commitments()}
        return [code for code in [*(status.code for status in STATUSES), ""] if code in found]


def to_json(value: Any) -> Any:
    """Return ``value`` as JSON can keep it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json(part) for part in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def from_json(data: Any) -> Report:
    """Return the report that :func:`to_json` wrote. Raise ``ValueError`` for another shape's number."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ValueError("These facts were kept by another version of the portal.")
    report: Report = _read(Report, data)
    return report


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in data)
    if isinstance(kind, UnionType):
        return None if data is None else _read(next(k for k in get_args(kind) if k is not type(None)), data)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _read(hint, data[name]) for name, hint in hints.items()})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    return data
