"""The status of a signature to a charter: who is asked to reaffirm it, and what it is called until they do.

Only dates and plain values go in and out. A signature lasts from the day on which it was signed; the day on which it ended is the
first on which it no longer stands, so that one that ended on the day it was signed was recorded by mistake and never was.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

ONLINE: Final = "online"
TOLD_HOW: Final = (
    (ONLINE, "Online"),
    ("meeting", "At a meeting"),
    ("letter", "By letter"),
    ("telephone", "By telephone"),
)
"""How an organisation said it. What it says here itself is online; the others are recorded for it."""
RECORDED_HOW: Final = tuple(way for way in TOLD_HOW if way[0] != ONLINE)

COUNTED: Final = (
    ("signatories", "Signatories on the last day of the period"),
    ("reaffirmed", "Signatories that have reaffirmed in the round"),
)
"""What an indicator of a charter may have the portal count."""

_TITLES: Final = "mr|mrs|ms|miss|mx|dr|sir|dame|rev|revd|reverend|prof|cllr|fr"
_TITLES_OF_POSTS: Final = "professor|councillor|lord|lady"
"""Posts begin with these, too, such as “Lord Mayor” and “Professor of Law”."""
_PERSON: Final = re.compile(
    rf"\b(?i:{_TITLES})\b\.? +[A-Z]|\b(?i:{_TITLES_OF_POSTS})(?: +[A-Z][\w’'-]+){{2}}"
)  # fmt: skip

MINUTES_TO_REAFFIRM: Final = 1
"""How long one tap and perhaps a sentence take, for the time that emails and *My tasks* name."""
MAX_POST_CHARACTERS: Final = 120
MAX_WORDS_CHARACTERS: Final = 1_000
MAX_REASON_CHARACTERS: Final = 500
MAX_PLEDGE_CHARACTERS: Final = 1_000

REAFFIRMED: Final = "reaffirmed"
NEW: Final = "new"
WAITING: Final = "waiting"
LAPSED: Final = "lapsed"
ENDED: Final = "ended"
STANDINGS: Final = (
    (REAFFIRMED, "Reaffirmed"),
    (NEW, "Signed since the last round opened"),
    (WAITING, "Asked, no reply yet"),
    (LAPSED, "Not reaffirmed"),
    (ENDED, "Ended"),
)
"""The status of a signature. None of them is a "no": silence is shown as silence."""


@dataclass(frozen=True, slots=True)
class CharterRound:
    """A round of a charter that has opened: its key, what it is called, its first day, and whether it is closed."""

    key: int
    label: str
    opens_on: date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of a signature: a code of :data:`STANDINGS`, and the words that pages, API and report show."""

    code: str
    words: str

    @property
    def is_silent(self) -> bool:
        """Whether it is drawn dashed, as everything that nobody has answered."""
        return self.code == LAPSED


def names_a_person(post: str, names: Iterable[str]) -> bool:
    """Whether a post holds a title with a name, or every word of one of these people's names."""
    words = set(_words(post))
    return bool(_PERSON.search(post)) or any((own := _words(name)) and words.issuperset(own) for name in names)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’'-]+", text.casefold())


def is_asked(signed_on: date, opens_on: date) -> bool:
    """Whether a round asks a signatory: whoever signed on the day it opened, or later, has only just said it."""
    return signed_on < opens_on


def lasts_on(day: date, signed_on: date, ended_on: date | None) -> bool:
    """Whether a signature stands on a day: from the day it was signed until the day before it ended."""
    return signed_on <= day and (ended_on is None or day < ended_on)


def standing_of(
    *,
    signed_on: date,
    ended_on: date | None,
    reaffirmed_in: Collection[int],
    rounds: Sequence[CharterRound],
    today: date,
) -> Standing:
    """Return the status of a signature on a day.

    :param reaffirmed_in: the keys of the rounds in which it was reaffirmed.
    :param rounds: the charter's rounds that have opened, the newest first.
    """
    if ended_on is not None and ended_on <= today:
        return Standing(ENDED, "Ended")
    asked = [round_ for round_ in rounds if is_asked(signed_on, round_.opens_on)]
    if not asked:
        return Standing(NEW, "Signed since the last round opened" if rounds else "Signed")
    newest = asked[0]
    if newest.key in reaffirmed_in:
        return Standing(REAFFIRMED, f"Reaffirmed in {newest.label}")
    closed = next((round_ for round_ in asked if round_.is_closed), None)
    if closed is not None and closed.key not in reaffirmed_in:
        return Standing(LAPSED, f"Not reaffirmed in {closed.label}")
    return Standing(WAITING, f"No reply yet in {newest.label}")
