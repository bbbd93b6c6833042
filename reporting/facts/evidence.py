"""The facts about evidence, with its links and photographs, and the organisations it came from."""

from dataclasses import dataclass
from datetime import date
from typing import Final

STORY_TAKEN_BACK: Final = "The story has been taken back at the request of those it is about."
"""What facts of the shapes up to 3 hold in place of a story that may not be told, whatever the reason."""


@dataclass(frozen=True, slots=True)
class PhotographFacts:
    """A photograph: where the file for print is kept, and its caption.

    ``description`` says what it shows, for people who can't see it; "" where nobody wrote it.
    """

    file: str
    caption: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A page elsewhere."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One accepted, publishable piece. It is described in full once, under the first of its ``references``.

    Figures are numbers or None: an unknown figure is not a zero. ``lost`` counts photographs that belong here and whose
    files are not where they were kept. ``story_state`` says why there is no story (:mod:`commitments.rules.story_consent`); where nobody
    agrees to the story, ``title`` holds neutral words, and links and photographs are left out. ``late_for`` names the earlier
    round that an item is about, where it came in after that round's report was sealed.
    ``language`` is that of title and story (a BCP 47 tag); "" for the portal's. ``organisation_slug`` is the organisation's in
    addresses, "" in editions made before it was kept.
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
    lost: int = 0
    story_state: str = ""
    language: str = ""
    late_for: str = ""
    organisation_slug: str = ""


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area that the report names: its GSS code, its name, and its kind as a code of :mod:`partners.area_kinds`.

    ``column`` and ``row`` are its place on the map of tiles (:mod:`partners.area_tiles`), None where it has none.
    """

    gss_code: str
    name: str
    kind: str
    column: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation whose evidence is in the report. ``is_owner`` marks the council that owns the strategy.

    ``slug`` is its own in addresses. ``identifiers`` are its numbers in registers as org-id.guide writes them (GB-CHC-1234567);
    editions made before they were kept have neither.
    """

    name: str
    kind: str
    districts: tuple[str, ...]
    pieces: int
    is_owner: bool = False
    slug: str = ""
    identifiers: tuple[str, ...] = ()
