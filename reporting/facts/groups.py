"""The facts about partnership groups, about the meetings and consultations of the time, and about what people asked for."""

from dataclasses import dataclass
from datetime import date, time

from commitments.rules import stances
from commitments.rules.engagement_dates import dates_in_words
from commitments.rules.engagement_kinds import DECISION, ENGAGEMENT_KIND, POINT_KIND


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat of a group on the day of the report: posts and organisations, never names.

    ``since`` is the first day of whoever holds it. ``vacant_since`` is the first day on which nobody held it; None where it
    is held, or where that day is not known. A seat may be held by a person
    whose post and organisation are not known.
    """

    title: str
    is_held: bool
    post: str = ""
    organisation: str = ""
    since: date | None = None
    vacant_since: date | None = None
    is_chair: bool = False
    is_secretary: bool = False

    @property
    def holder(self) -> str:
        """Who holds it, as post and organisation; "" where neither is known, or where it is vacant."""
        return ", ".join(filter(None, [self.post, self.organisation]))


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a partnership, a board or a sub-group is, and the seats that it had on the day of the report.

    ``aims`` has one aim a line. ``subgroups`` are the names of those that stand right below it. ``slug`` is that of its
    organisation.
    """

    slug: str
    name: str
    founded: str = ""
    purpose: str = ""
    aims: str = ""
    meets: str = ""
    reports_to: str = ""
    supported_by: str = ""
    supporting_team: str = ""
    statutory_basis: str = ""
    rests_since: date | None = None
    rests_why: str = ""
    ended_on: date | None = None
    seats: tuple[SeatFacts, ...] = ()
    subgroups: tuple[str, ...] = ()

    @property
    def chairs(self) -> list[SeatFacts]:
        """The held seats that chair it: one, or co-chairs."""
        return [seat for seat in self.seats if seat.is_chair and seat.is_held]

    @property
    def vacant(self) -> list[SeatFacts]:
        """The seats that nobody held."""
        return [seat for seat in self.seats if not seat.is_held]


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """One meeting, consultation or the like that began in the time, or that is planned after it.

    The numbers are None where nobody counted; they and ``summary`` are empty until it is written up. ``owner`` names its
    group, or else its strategy. ``commitments`` are references.
    """

    kind: str
    title: str
    starts_on: date
    ends_on: date | None = None
    month_only: bool = False
    starts_at: str = ""
    place: str = ""
    owner: str = ""
    districts: tuple[str, ...] = ()
    attended: int | None = None
    asked: int | None = None
    answered: int | None = None
    question: str = ""
    summary: str = ""
    source: str = ""
    commitments: tuple[str, ...] = ()
    is_written_up: bool = False
    is_planned: bool = False

    @property
    def kind_label(self) -> str:
        """What kind it is, such as “Workshop”."""
        return ENGAGEMENT_KIND[self.kind].label

    @property
    def when(self) -> str:
        """Its days in words, as exactly as they are known."""
        at = time.fromisoformat(self.starts_at) if self.starts_at else None
        return dates_in_words(self.starts_on, self.ends_on, month_only=self.month_only, starts_at=at)


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What somebody asked, said or decided in the time, as it was published, with its answer by the day of the report.

    ``words`` are those that an officer published, never the original. ``raised_by`` is an organisation, or words such as “a
    parish council”. ``stance`` is a code of :mod:`commitments.rules.stances`, "" without an answer. ``became`` are the commitments and
    actions that it led to, in words. ``id`` is its number in the portal.
    """

    id: int
    kind: str
    raised_on: date
    words: str
    raised_by: str = ""
    district: str = ""
    engagement: str = ""
    commitment: str = ""
    stance: str = ""
    response: str = ""
    responded_on: date | None = None
    became: tuple[str, ...] = ()
    done_on: date | None = None
    is_closed: bool = False

    @property
    def kind_label(self) -> str:
        """What kind of point it is, such as “A question or proposal”."""
        return POINT_KIND[self.kind].label

    @property
    def is_decision(self) -> bool:
        """Whether it was decided, so that it is done rather than answered."""
        return self.kind == DECISION

    @property
    def answer(self) -> stances.Stance:
        """What it was answered; “awaiting a response” without an answer."""
        return stances.of(self.stance)
