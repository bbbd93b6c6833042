"""The parts of a committee paper, whatever the file's format: its contents, not its look."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reporting.facts import LogoFacts
from vcsportal.common.cells import visible
from vcsportal.common.languages import direction_of

_BLANKS: Final = re.compile(r"[^\S\n\u00a0]+")


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one look. A line end in ``text`` begins a new line; ``address`` makes a link of them.

    ``language`` is their language (a BCP 47 tag); "" for the portal's.
    """

    text: str
    bold: bool = False
    italic: bool = False
    address: str = ""
    language: str = ""


TextRuns = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The paper's title; those of its words that are in another language than the paper are ``foreign``."""

    text: str
    foreign: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """The council's logo above the title; ``text`` says whose it is. ``width`` and ``height`` are in centimetres."""

    picture: LogoFacts
    text: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A line of the header block; one without a label continues the line before it."""

    label: str
    runs: TextRuns


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, of level 1 to 4; ``new_page`` where an appendix begins. ``foreign`` are words in another language."""

    level: int
    text: str
    new_page: bool = False
    foreign: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``number`` is 0 where it bears none; ``notes`` are the items of evidence that support it.

    ``leads`` says that a list follows, which must not begin on another page.
    """

    runs: TextRuns
    number: int = 0
    notes: tuple[int, ...] = ()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else."""

    runs: TextRuns


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list; ``level`` counts from 0. ``letters`` is 0 for a bullet, else which of the lettered lists it is in.

    ``last`` says that something else than an item follows.
    """

    runs: TextRuns
    level: int = 0
    letters: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table of words with a caption and a row of headings. ``widths`` are parts of the page's width.

    ``languages`` are those of the cells, row by row; none where all words are in the portal's. ``prose`` says that cells hold
    paragraphs: their line ends begin new lines, and a row may go on on the next page.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    languages: tuple[tuple[str, ...], ...] = ()
    prose: bool = False

    def language_of(self, row: int, column: int) -> str:
        """Return the language of a cell; "" for the portal's."""
        return self.languages[row][column] if self.languages else ""


Block = Logo | Title | HeaderLine | Heading | Paragraph | Quote | ListItem | TableBlock


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper, and what its file says of itself. ``lists`` counts the lettered lists."""

    title: str
    subject: str
    author: str
    footer: str
    page_numbers: bool
    font: str
    size: int
    lists: int
    blocks: tuple[Block, ...]

    @property
    def label_width(self) -> float:
        """How wide the labels of the header block are at most, in centimetres: a guess, as no font is measured here."""
        longest = max((len(block.label) for block in self.blocks if isinstance(block, HeaderLine)), default=0)
        return round(min(0.3 + longest * 0.21 * self.size / 12, 8), 1)


def plain(text: str) -> str:
    """Return the text as one line that every format can hold."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    """Return the text as its lines, each as :func:`plain` makes it, without empty ones."""
    return "\n".join(filter(None, map(plain, text.splitlines())))


def run(text: str, *, bold: bool = False, italic: bool = False, address: str = "", language: str = "") -> TextRun:
    """Return words that every format can hold, with their line ends."""
    return TextRun(_BLANKS.sub(" ", visible(text)), bold, italic, address, language)


def spoken(block: Title | Heading) -> TextRuns:
    """Return a title or heading as words in their languages."""
    before, foreign, after = block.text.partition(block.foreign) if block.foreign else (block.text, "", "")
    runs = (TextRun(before), TextRun(foreign, language=block.language), TextRun(after))
    return tuple(text_run for text_run in runs if text_run.text)


def is_leftward(runs: Iterable[TextRun]) -> bool:
    """Whether a paragraph runs from right to left, by its first letter that has a direction."""
    return direction_of(words(runs)) == "rtl"


def words(runs: Iterable[TextRun]) -> str:
    """Return the words alone."""
    return "".join(text_run.text for text_run in runs)
