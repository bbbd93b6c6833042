"""What an edition is about: who runs the portal, which strategy, which year, who requested it."""

from dataclasses import dataclass
from datetime import date, datetime

from commitments.rules.kinds import STRATEGY, Nouns, nouns_of


@dataclass(frozen=True, slots=True)
class PortalIdentity:
    """Who runs the portal, as the settings said when the edition was made."""

    portal: str
    council: str
    contact_email: str
    url: str
    brand_colour: str


@dataclass(frozen=True, slots=True)
class StrategyFacts:
    """The strategy the report is about. ``reports_to`` says who the yearly report is for.

    ``language`` is that of its own words (a BCP 47 tag); "" for the portal's. ``kind`` is a code of
    :mod:`commitments.rules.kinds`; an edition that was made before there were kinds is about a strategy. ``is_councils`` says
    whether the owner is a council or another public body, and ``supported_by`` names the organisation that supports the owner.
    """

    slug: str
    title: str
    vision: str
    source: str
    starts_on: date
    ends_on: date
    owner: str
    reports_to: str
    reports_to_short: str
    language: str = ""
    kind: str = STRATEGY.code
    is_councils: bool = True
    supported_by: str = ""

    @property
    def answering(self) -> str:
        """Who answers for it, within a sentence: "the council", or the name of an owner that is none."""
        return "the council" if self.is_councils else self.owner

    @property
    def second_person(self) -> str:
        """Who approves what was written, within a sentence."""
        if self.is_councils:
            return "a second person at the council"
        supporter = f", or else at {self.supported_by}" if self.supported_by else ""
        return f"a second person at {self.owner}{supporter}, or else an administrator of the portal"

    @property
    def reviewer(self) -> str:
        """Who accepts evidence and enters figures, within a sentence."""
        return "a council officer" if self.is_councils else f"someone who answers for {self.owner}"

    @property
    def nouns(self) -> Nouns:
        """What it calls itself, its priorities and its commitments."""
        return nouns_of(self.kind)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round reported on: the period observed and the window in which people reported.

    ``closed_on`` is the day on which what was said was frozen; None where the round was still running.
    """

    slug: str
    observes_from: date
    observes_to: date
    opens_on: date
    closes_on: date
    closed_on: date | None = None
    title: str = ""

    @property
    def label(self) -> str:
        """What people call the round: its title or, where it has none, its slug."""
        return self.title or self.slug


@dataclass(frozen=True, slots=True)
class RoundNameFacts:
    """A round of the strategy that the report names by its ``slug``: what people call it, and the period that it observed.

    ``title`` is "" where people call it by its slug.
    """

    slug: str
    title: str
    observes_from: date
    observes_to: date


@dataclass(frozen=True, slots=True)
class ProductionDetails:
    """Who made the edition and when. ``edition`` is None for a report made without one, by the command.

    ``key`` is the edition's own, by which its page is found; None in editions made before it was kept.
    """

    at: datetime
    edition: int | None = None
    asked_by: str = ""
    asked_at: datetime | None = None
    key: int | None = None
