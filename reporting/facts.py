"""What an edition tells, as frozen plain values: no ORM, no request, no clock. Screen, print and exports read the same.

Facts go into the edition's row as JSON and come back equal. Texts are kept as they were written, in the Markdown
subset; whoever draws them cleans them.
"""

from collections import Counter
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from commitments.status import STATUSES

SCHEMA: Final = 2
"""Counts changes of the shape below, so that an old edition's facts are never read as new ones."""
READABLE: Final = (1, 2)
"""What was added since an old shape has a default that says nothing, so that editions of that shape can still be drawn."""


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
    """The year reported on: the period observed and the window in which people reported.

    ``closed_on`` is the day on which what was said was frozen; None where the round was still running.
    """

    slug: str
    observes_from: date
    observes_to: date
    opens_on: date
    closes_on: date
    closed_on: date | None = None


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
class ViewFacts:
    """How a delivery organisation sees a commitment in this round; ``differs`` is its own word for it."""

    organisation: str
    status: str
    reason: str
    differs: bool
    on: date


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """An indicator in one round: what was counted and aimed at, as numbers and in words.

    ``actual`` is the round's own number, ``total`` what it comes to with the rounds before where numbers add up; of a
    share both parts are kept. Without a number there is ``absent_reason``, or nobody has given one.
    """

    round: str
    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    absent_reason: str
    total: Decimal | None
    target: Decimal | None
    target_total: Decimal | None
    actual_said: str
    total_said: str
    target_said: str
    target_total_said: str
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator through the rounds up to this one. ``sentence`` says this round's number beside its target."""

    code: str
    title: str
    definition: str
    unit: str
    kind: str
    cumulative: bool
    direction: str
    baseline: Decimal | None
    baseline_said: str
    sentence: str
    rounds: tuple[FigureFacts, ...]

    def in_round(self, slug: str) -> FigureFacts | None:
        """Return its figure in a round, None where the round had neither number nor target."""
        return next((figure for figure in self.rounds if figure.round == slug), None)


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """One commitment in this round. Without an update, ``status`` and the texts are empty and ``updated_on`` is None.

    ``evidence`` holds the numbers of its pieces, in the report's order. ``confirms`` names the round whose words were
    confirmed, on ``confirmed_on``, as still true.
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
    confirms: str = ""
    confirmed_on: date | None = None
    views: tuple[ViewFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """One priority with its commitments, in the strategy's own order."""

    number: int
    title: str
    summary: str
    commitments: tuple[CommitmentFacts, ...]
    indicators: tuple[IndicatorFacts, ...] = ()

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
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | datetime) else value


def from_json(data: Any) -> Report:
    """Return the report that :func:`to_json` wrote, now or in an older shape. Raise ``ValueError`` for any other."""
    if not isinstance(data, dict) or data.get("schema") not in READABLE:
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
        added = {field.name for field in fields(kind) if field.default is not MISSING}  # type: ignore[arg-type]
        known = {name: hint for name, hint in hints.items() if name in data or name not in added}
        return kind(**{name: _read(hint, data[name]) for name, hint in known.items()})  # type: ignore[operator]
    if kind is Decimal:
        return Decimal(data)
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    return data
