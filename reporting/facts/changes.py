"""What changed between two days, as facts."""

from dataclasses import dataclass
from datetime import date

from reporting.facts.risks import RiskRoseFacts


@dataclass(frozen=True, slots=True)
class MovedFacts:
    """A commitment whose status became another, with the reason given. ``was`` is "" where there had been no update.

    ``via`` are the statuses that it had in between, where the portal has kept them. ``into`` is the reference of what a
    closed one was merged into.
    """

    reference: str
    short_title: str
    was: str
    now: str
    reason: str
    on: date | None
    via: tuple[str, ...] = ()
    into: str = ""


@dataclass(frozen=True, slots=True)
class SlippedFacts:
    """An action that was not done by its day.

    ``done_on`` if it was done later, up to the second of the two days; ``done_since`` and ``dropped_since`` if after that.
    """

    reference: str
    title: str
    due_on: date
    done_on: date | None
    done_since: date | None = None
    dropped_since: date | None = None


@dataclass(frozen=True, slots=True)
class DoneFacts:
    """An action that was done between the two days."""

    reference: str
    title: str
    due_on: date | None
    done_on: date


@dataclass(frozen=True, slots=True)
class AmendedFacts:
    """A commitment whose wording was amended."""

    reference: str
    was: str
    now: str
    on: date | None


@dataclass(frozen=True, slots=True)
class AddedFacts:
    """A commitment that joined the strategy on a day."""

    reference: str
    short_title: str
    on: date


@dataclass(frozen=True, slots=True)
class RenumberedFacts:
    """A commitment that has another reference now."""

    reference: str
    short_title: str
    was: str
    on: date | None


@dataclass(frozen=True, slots=True)
class MeasuredFacts:
    """A commitment whose success measure was agreed: the words, who agreed them, and on which day, None if that is not known."""

    reference: str
    short_title: str
    words: str
    agreed_by: str
    agreed_on: date | None


@dataclass(frozen=True, slots=True)
class RespondedFacts:
    """A response that was published: ``stance`` is a code of :mod:`commitments.rules.stances`, ``on`` the day."""

    reference: str
    short_title: str
    addressee: str
    stance: str
    on: date


@dataclass(frozen=True, slots=True)
class SeatChangeFacts:
    """A seat of a group that was filled, or fell vacant (``filled`` is False), and on which day; not who holds it."""

    group: str
    title: str
    filled: bool
    on: date


@dataclass(frozen=True, slots=True)
class GroupChangeFacts:
    """A group that ``rested``, from the day on which it met last, or ``ended``; ``why`` is said of one that rests."""

    group: str
    what: str
    on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredFacts:
    """A published point that was answered on a day, without its words.

    ``kind`` is a code of :mod:`commitments.rules.engagement_kinds`, ``stance`` one of :mod:`commitments.rules.stances`. ``reference``
    is that of the commitment that it is about, "" for none.
    """

    kind: str
    raised_on: date
    stance: str
    on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DecidedFacts:
    """A published decision without its words: the title of its meeting, its day, and the day on which it was carried out, if it was."""

    meeting: str
    decided_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangesFacts:
    """What changed after ``since`` and up to ``until``, both days.

    ``silent`` are the references of commitments without an update. ``against`` names the round with which a year is
    compared, "" between any two days. ``spoken`` counts commitments with an update approved, ``pieces`` the evidence
    accepted (1,001 for any number above 1,000), ``organisations`` those it came from; None where nobody counted. ``owner`` is the council's name where it
    is among ``organisations``. ``overdue`` are the actions that were late before and still open at the end; ``as_at``
    is the day up to which is known what became of actions, None where that is ``until``. ``seats``, ``groups``, ``answered``,
    ``decided`` and ``carried_out`` are of the strategy's groups, points and meetings, () where an edition did not keep them.
    ``risks`` are the bounds of risks that rose.
    """

    since: date
    until: date
    moved: tuple[MovedFacts, ...] = ()
    silent: tuple[str, ...] = ()
    slipped: tuple[SlippedFacts, ...] = ()
    partners: tuple[str, ...] = ()
    amended: tuple[AmendedFacts, ...] = ()
    done: tuple[DoneFacts, ...] = ()
    against: str = ""
    commitments: int | None = None
    spoken: int | None = None
    pieces: int | None = None
    organisations: int | None = None
    owner: str = ""
    overdue: tuple[SlippedFacts, ...] = ()
    as_at: date | None = None
    added: tuple[AddedFacts, ...] = ()
    renumbered: tuple[RenumberedFacts, ...] = ()
    measured: tuple[MeasuredFacts, ...] = ()
    responded: tuple[RespondedFacts, ...] = ()
    seats: tuple[SeatChangeFacts, ...] = ()
    groups: tuple[GroupChangeFacts, ...] = ()
    answered: tuple[AnsweredFacts, ...] = ()
    decided: tuple[DecidedFacts, ...] = ()
    carried_out: tuple[DecidedFacts, ...] = ()
    risks: tuple[RiskRoseFacts, ...] = ()
