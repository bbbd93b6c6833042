"""One thing that was published, as feeds and email updates tell of it. It belongs to no floor and imports no app."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vcsportal.common.plain_texts import plain

MAX_TEXT_CHARACTERS: Final = 400


@dataclass(frozen=True, slots=True)
class Publication:
    """One thing that everyone may read since ``at``.

    ``key`` is its name, which stays the same (``evidence/12``) whatever becomes of its title and address. ``kind`` is what people call such a
    thing, ``url`` a path, ``by`` an organisation, and ``language`` that of its words, "" for the portal's.
    """

    key: str
    kind: str
    at: datetime
    title: str
    url: str
    text: str = ""
    by: str = ""
    language: str = ""


def shortened(text: str) -> str:
    """Return a text on one line, without characters that nobody sees, and cut between words where it is long."""
    words = " ".join(plain(text).split())
    if len(words) <= MAX_TEXT_CHARACTERS:
        return words
    return words[:MAX_TEXT_CHARACTERS].rsplit(" ", 1)[0] + "…"
