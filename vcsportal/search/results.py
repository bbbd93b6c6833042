"""What a search finds, by kind: counted up to a limit, and shown with the words marked where they stand.

Everyone finds the same: what anyone may read. Nothing is kept for the search but the indexes of the tables themselves, so what
is withdrawn is found no longer from that moment on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.reading import searching as of_commitments
from partners.reading import searching as of_partners
from reporting.reading import searching as of_reports
from vcsportal.common.excerpts import ExcerptPart, Marker
from vcsportal.common.long_lists import MAX_COUNTED
from vcsportal.common.search_kinds import Hit, SearchKind
from vcsportal.common.word_search import words_in
from vcsportal.search import help_kind

_EVERY: Final = {
    kind.code: kind
    for kind in (
        *of_commitments.KINDS_TO_SEARCH, *of_partners.KINDS_TO_SEARCH, *of_reports.KINDS_TO_SEARCH, help_kind.KIND,
    )
}  # fmt: skip
_ORDER: Final = (
    "districts", "commitments", "priorities", "organisations", "groups", "evidence", "case-studies", "updates", "actions", "points",
    "engagement", "reports", "help",
)  # fmt: skip
KINDS: Final[tuple[SearchKind, ...]] = tuple(_EVERY[code] for code in _ORDER)
"""In the order of the page."""
MAX_QUERY_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One thing that was found, with the words marked in its title and in an excerpt."""

    hit: Hit
    title: list[ExcerptPart]
    excerpt: list[ExcerptPart]


@dataclass(frozen=True, slots=True)
class FoundKind:
    """The results of one kind: their keys, the best first. A key beyond the limit is there only to show that there are more."""

    kind: SearchKind
    keys: Sequence[Any]

    @property
    def count(self) -> int:
        """How many there are, up to :data:`~vcsportal.common.long_lists.MAX_COUNTED`."""
        return min(len(self.keys), MAX_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are counted."""
        return len(self.keys) > MAX_COUNTED

    @property
    def number(self) -> str:
        """The count in words: ``12``, or ``more than 1,000``."""
        return f"more than {MAX_COUNTED:,}" if self.has_more else f"{self.count:,}"


def find(query: str, today: date) -> list[FoundKind]:
    """Return what was found of each kind that has something, in the order of the page."""
    if not (words := words_in(query)):
        return []
    found = [FoundKind(kind, kind.find(words, today)) for kind in KINDS]
    return [of_kind for of_kind in found if of_kind.keys]


def show(query: str, chosen: Sequence[tuple[SearchKind, Sequence[Any]]], today: date) -> list[list[ShownHit]]:
    """Return some of what was found, ready to be drawn: for each kind the things with these keys, in their order."""
    words = words_in(query)
    hits = [kind.show(keys, today) if keys else [] for kind, keys in chosen]
    every = [hit for of_kind in hits for hit in of_kind]
    marker = Marker(words, [text for hit in every for text in (hit.title, *hit.texts)])
    return [[ShownHit(hit, marker.marked(hit.title), marker.excerpt(hit.texts)) for hit in of_kind] for of_kind in hits]
