"""What people enter about engagement: what is planned, what became of it, and who attended."""

from dataclasses import dataclass
from datetime import date, time

from commitments.models import Commitment, Evidence, Strategy
from partners.models import Area, Organisation, PartnershipGroup, Seat


@dataclass(frozen=True, slots=True)
class EngagementPlan:
    """What everyone can read from the start. ``ends_on`` is None for a single day. With ``month_only`` only the month of
    ``starts_on`` counts.
    """

    kind: str
    title: str
    starts_on: date
    ends_on: date | None = None
    month_only: bool = False
    starts_at: time | None = None
    place: str = ""
    districts: tuple[Area, ...] = ()
    question: str = ""
    method: str = ""
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class EngagementOwner:
    """Whose it is: a group's, a strategy's or both."""

    group: PartnershipGroup | None
    strategy: Strategy | None


@dataclass(frozen=True, slots=True)
class EngagementAccount:
    """What everyone can read once it is written up. Numbers are None where nobody counted. ``summary`` is Markdown."""

    summary: str = ""
    people_attended: int | None = None
    people_asked: int | None = None
    people_answered: int | None = None
    source: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class AttendanceEntry:
    """Somebody who came or sent apologies: from a seat of the group, or else an organisation, a post or both.

    Of a seat, organisation and post are those of whoever held it on the day; what is given here is not used.
    """

    seat: Seat | None = None
    organisation: Organisation | None = None
    post: str = ""
    sent_apologies: bool = False
