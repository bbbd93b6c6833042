"""The strategy at a glance as plain values: the board, its sentence, its counts, the years. Pages, report and API share them.

Nothing here asks a database or a clock. All commitments weigh the same, so there are counts and no scores.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from commitments.reading.staleness import SILENT_AFTER_DAYS, is_stale
from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.references import label
from commitments.rules.stances import Stance
from commitments.rules.status import Status
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

COLUMNS: Final = (*words.STATUSES, words.NO_UPDATE)
"""Every column of a table of counts, "No update yet" last."""
MAX_LARGE_TILES: Final = 80
"""A board of more tiles than this has small ones, so that it is seen at a glance too."""
NARROW_COLUMNS: Final = 6
"""How many columns of numbers a table has on a phone."""
NOT_YET: Final = "Not yet added"
"""What is said of a year that was over before a commitment joined the strategy."""


@dataclass(frozen=True, slots=True)
class CommitmentAtGlance:
    """One commitment and its status. ``on`` is the day of the last report on it, None if there was none.

    ``owner_response`` is its owner's published stance if it is addressed to somebody, as a recommendation is, else "".
    ``said_at`` is the moment of that report. ``was_there`` is False in a year that was over before it joined the strategy.
    """

    priority: int
    reference: str
    title: str
    status: str
    on: date | None = None
    url: str = ""
    added_on: date | None = None
    closed_on: date | None = None
    said_at: datetime | None = None
    was_there: bool = True
    owner_response: str = ""

    @property
    def awaits_response(self) -> bool:
        """Whether its owner has not accepted it or a part of it, so that nothing is asked of it yet."""
        return stances.holds_back(self.owner_response)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the board. ``status`` is the response to a recommendation that has no status yet. ``label`` is its full name; with ``lit=False`` it is drawn pale.

    ``stale`` says that its status was reported more than a year ago, which its label says too.
    """

    reference: str
    title: str
    status: Status | Stance
    url: str
    label: str
    lit: bool = True
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One priority's tiles. ``number`` is its place, and ``label`` what it is called."""

    number: int
    title: str
    url: str
    tiles: tuple[Tile, ...]
    reference: str = ""

    @property
    def label(self) -> str:
        """Its reference, or its number where the strategy gives it none."""
        return label(self.reference, self.number)


@dataclass(frozen=True, slots=True)
class Counts:
    """One line of the table of counts, in the order of :data:`COLUMNS`. ``short`` is what it is called in a narrow column."""

    title: str
    url: str
    counts: tuple[int, ...]
    total: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class StatusInRound:
    """One promise in one round. ``label`` is the status's own word unless something else is said."""

    round: str
    status: Status
    url: str = ""
    current: bool = False
    label: str = ""


def how_long_ago(day: date, today: date) -> str:
    """Return how long ago a day was, in the words people use: ``yesterday``, ``8 months ago``."""
    days = (today - day).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    for number, unit in ((months // 12, "year"), (months, "month"), (days // 7, "week"), (days, "day")):
        if number:
            return f"{plurals.counted(number, unit)} ago"
    raise AssertionError("days is 2 or more")


def freshness(day: date | None, today: date, owner_response: str = "") -> str:
    """Return ``Last updated 12 March 2025, 8 months ago``, or ``No update yet``; "" of what awaits a response or was declined."""
    if day is None:
        return "" if stances.holds_back(owner_response) else "No update yet"
    return f"Last updated {in_words(day)}, {how_long_ago(day, today)}"


@dataclass(frozen=True, slots=True)
class Age:
    """How recent a status is, in a word; ``tone`` is the colour of its tag. It is shown apart from the status."""

    word: str
    tone: str


def age(day: date | None, today: date) -> Age | None:
    """Return how old an update of ``day`` is; None where there is none."""
    if day is None:
        return None
    days = (today - day).days
    if days > SILENT_AFTER_DAYS:
        return Age("More than a year old", "orange")
    return Age("More than half a year old", "grey") if days > 183 else Age("Up to date", "grey")


def tile(standing: CommitmentAtGlance, *, today: date | None = None) -> Tile:
    """Return a commitment's tile with its full name.

    :param today: the day on which the board is read, which tells what is stale; None for a board of an earlier day.
    """
    word = word_of(standing.status, standing.owner_response)
    name = f"{standing.reference} {standing.title}, {word.label if standing.was_there else NOT_YET}"
    if standing.on:
        name += f", updated {in_words(standing.on)}"
    stale = today is not None and is_stale(standing.on, standing.status, today)
    if stale:
        name += ", more than a year ago"
    return Tile(standing.reference, standing.title, word, standing.url, name, stale=stale)


def board(
    priorities: Iterable[tuple[int, str, str, str]],
    standings: Sequence[CommitmentAtGlance],
    *,
    today: date | None = None,
) -> tuple[Row, ...]:
    """Return the rows of the board in the strategy's own order.

    :param priorities: number, title, address and reference of each.
    :param today: as :func:`tile` takes it.
    """
    tiles: dict[int, list[Tile]] = {}
    for standing in standings:
        tiles.setdefault(standing.priority, []).append(tile(standing, today=today))
    return tuple(
        Row(number, title, url, tuple(tiles.get(number, ())), reference) for number, title, url, reference in priorities
    )


def word_of(status: str, owner_response: str) -> Status | Stance:
    """Return what a commitment is shown with: its status; the response of its owner where it is addressed and has none."""
    return stances.of(owner_response) if owner_response and not status else words.of(status)


def titles(rows: Iterable[Row]) -> list[tuple[int, str, str, str]]:
    """Return number, title, address and reference of each priority of a board, for another board of the same ones."""
    return [(row.number, row.title, row.url, row.reference) for row in rows]


def is_crowded(rows: Iterable[Row]) -> bool:
    """Return whether a board has so many tiles that small ones show it better."""
    return sum(len(row.tiles) for row in rows) > MAX_LARGE_TILES


def lit_only(rows: Iterable[Row], references: Iterable[str]) -> tuple[Row, ...]:
    """Return the board with only these references in full colour, for example those an organisation helps to deliver."""
    wanted = set(references)
    return tuple(
        replace(row, tiles=tuple(replace(tile, lit=tile.reference in wanted) for tile in row.tiles)) for row in rows
    )


def counts(rows: Iterable[Row], nouns: Nouns = GENERAL) -> tuple[list[Counts], Counts]:
    """Return the board as counts: a line for each priority, and one for the whole."""
    rows = list(rows)
    lines = [_line(f"{row.label} {row.title}", row.url, row.label, row.tiles) for row in rows]
    return lines, _line(f"Whole {nouns.strategy}", "", "All", [tile for row in rows for tile in row.tiles])


def _line(title: str, url: str, short: str, tiles: Iterable[Tile]) -> Counts:
    numbers = Counter(tile.status.code if isinstance(tile.status, Status) else words.NO_UPDATE.code for tile in tiles)
    return Counts(title, url, tuple(numbers[word.code] for word in COLUMNS), numbers.total(), short)


@dataclass(frozen=True, slots=True)
class NarrowTable:
    """Counts for a narrow screen: a column for each of a few lines, and a row for each status of :data:`COLUMNS`."""

    columns: tuple[Counts, ...]

    @property
    def rows(self) -> list[tuple[Status, tuple[int, ...]]]:
        """Return each status with its count in each column."""
        return list(zip(COLUMNS, zip(*(column.counts for column in self.columns), strict=True), strict=True))


def narrow_tables(lines: Sequence[Counts], totals: Counts) -> list[NarrowTable]:
    """Return the lines and, last, the whole as tables that fit a telephone."""
    columns = (*lines, totals)
    starts = range(0, len(columns), NARROW_COLUMNS)
    return [NarrowTable(columns[start : start + NARROW_COLUMNS]) for start in starts]


def sentence(codes: Iterable[str], nouns: Nouns = GENERAL) -> str:
    """Return one sentence with every count that is not zero; a second sentence gives the number without an update."""
    found = Counter(codes)
    total, silent = found.total(), found[words.NO_UPDATE.code]
    if not total:
        return f"There are no {nouns.commitments} yet."
    if silent == total:
        return f"No status has been recorded yet for {_them(total, nouns)}."
    parts = [_part(word, found[word.code]) for word in words.STATUSES if found[word.code]]
    said = f"Of {nouns.counted_commitments(total)}, {plurals.join_with_and(parts)}."
    return f"{said} {silent} {plurals.has(silent)} had no update yet." if silent else said


def _them(total: int, nouns: Nouns) -> str:
    return f"the {nouns.commitment}" if total == 1 else f"the {nouns.counted_commitments(total)}"


def _part(word: Status, number: int) -> str:
    if word == words.NOT_STARTED:
        return f"{number} {plurals.has(number)} not started"
    return f"{number} {plurals.be(number)} {word.label.lower()}"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Those of one priority without a recent update: ``never`` had one, ``long_ago`` had the last more than a year ago."""

    label: str
    title: str
    total: int
    never: tuple[CommitmentAtGlance, ...]
    long_ago: tuple[CommitmentAtGlance, ...]

    @property
    def count(self) -> int:
        """Return how many they are."""
        return len(self.never) + len(self.long_ago)


def quiet(rows: Iterable[Row], standings: Sequence[CommitmentAtGlance], today: date) -> list[Quiet]:
    """Return the priorities that have commitments without a recent update, in the strategy's own order."""
    found = []
    for row in rows:
        here = [standing for standing in standings if standing.priority == row.number]
        never = tuple(standing for standing in here if standing.on is None)
        long_ago = tuple(standing for standing in here if is_stale(standing.on, standing.status, today))
        if never or long_ago:
            found.append(Quiet(row.label, row.title, len(here), never, long_ago))
    return found
