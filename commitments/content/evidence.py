"""The plain values of an item of evidence and of its files, as a form or the API passes them to its services."""

from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment, Strategy
from partners.models import Area


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """What an organisation did: the content of one item of evidence. Figures are numbers or None, never 0 for unknown."""

    title: str
    happened_from: date
    story: str = ""
    happened_to: date | None = None
    commitments: tuple[Commitment, ...] = ()
    districts: tuple[Area, ...] = ()
    people_reached: int | None = None
    volunteers: int | None = None
    hours: int | None = None
    publishable: bool = False
    links: tuple[tuple[str, ...], ...] = ()  # (url, label) or (url, label, the page that shows it)
    said_by: str = ""  # who told it, where somebody else typed it
    said_how: str = ""  # a code of commitments.models.evidence.SAID_HOW
    council_chooses_in: Strategy | None = None  # where the council is asked to choose the commitments
    language: str = ""  # of title and story, as a BCP 47 tag; "" for the portal's own


@dataclass(frozen=True, slots=True)
class FileDescription:
    """What a form says about the file ``pk``. None leaves that as it is."""

    pk: int
    caption: str | None = None
    page: str | None = None
    shows_people: bool | None = None
    description: str | None = None
