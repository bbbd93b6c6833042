"""Assembles a paper, block by block, and numbers its paragraphs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from reporting.facts import LogoFacts
from reporting.paper.blocks import (
    Block,
    HeaderLine,
    Heading,
    ListItem,
    Logo,
    Paragraph,
    Quote,
    TableBlock,
    TextRun,
    TextRuns,
    Title,
    lines,
    plain,
    run,
)

MAX_LOGO_WIDTH: Final = 6.0
MAX_LOGO_HEIGHT: Final = 2.5
"""How large a logo is at most, in centimetres."""


class PaperWriter:
    """A paper being written. ``number`` is that of the last numbered paragraph."""

    def __init__(self) -> None:
        self.told: list[Block] = []
        self.number = 0
        self.lists = 0

    def blocks(self) -> tuple[Block, ...]:
        """Return what was written; where lists begin and end is known to the paragraph before and to the last item."""
        following = [*self.told[1:], None]
        return tuple(_placed(block, after) for block, after in zip(self.told, following, strict=True))

    def logo(self, picture: LogoFacts, council: str) -> None:
        """Write the council's logo, no wider and no higher than a header has room for."""
        scale = min(MAX_LOGO_WIDTH / picture.width, MAX_LOGO_HEIGHT / picture.height)
        size = (round(picture.width * scale, 2), round(picture.height * scale, 2))
        self.told.append(Logo(picture, plain(f"Logo of {council}"), *size))

    def title(self, text: str, *, foreign: str = "", language: str = "") -> None:
        """Write the paper's title."""
        self.told.append(Title(plain(text), plain(foreign) if language else "", language))

    def line(self, label: str, text: str) -> None:
        """Write a line of the header block."""
        self.told.append(HeaderLine(plain(label), (run(plain(text)),)))

    def heading(self, level: int, text: str, *, new_page: bool = False, foreign: str = "", language: str = "") -> None:
        """Write a heading; its words ``foreign`` are in ``language``."""
        self.told.append(Heading(level, plain(text), new_page, plain(foreign) if language else "", language))

    def paragraph(self, *runs: TextRun, notes: Iterable[int] = ()) -> None:
        """Write a paragraph under the next number."""
        self.number += 1
        self.told.append(Paragraph(_trimmed(runs), self.number, tuple(notes)))

    def say(self, text: str) -> None:
        """Write a plain paragraph under the next number."""
        self.paragraph(run(text))

    def unnumbered(self, text: str, *, foreign: str = "", language: str = "") -> None:
        """Write a paragraph without a number, as in an appendix; its words ``foreign`` are in ``language``."""
        before, found, after = text.partition(foreign) if foreign and language else (text, "", "")
        runs = (run(before), run(found, language=language), run(after))
        self.told.append(Paragraph(tuple(each for each in runs if each.text)))

    def quote(self, *runs: TextRun) -> None:
        """Write words of somebody else."""
        self.told.append(Quote(_trimmed(runs)))

    def item(self, *runs: TextRun, level: int = 0, letters: int = 0) -> None:
        """Write an item of a list."""
        self.told.append(ListItem(_trimmed(runs), level, letters))

    def new_list(self) -> int:
        """Return the next lettered list."""
        self.lists += 1
        return self.lists

    def table(
        self,
        caption: str,
        columns: Iterable[str],
        rows: Iterable[Iterable[str]],
        widths: Iterable[int],
        languages: Iterable[Iterable[str]] = (),
        *,
        prose: bool = False,
    ) -> None:
        """Write a table of words.

        :param languages: those of its cells, where any are in another than the paper's.
        :param prose: whether cells hold paragraphs, whose line ends are kept, and rows that may break between pages.
        """
        cells = tuple(tuple(map(lines if prose else plain, row)) for row in rows)
        spoken = tuple(tuple(row) for row in languages)
        spoken = spoken if any(any(row) for row in spoken) else ()
        self.told.append(TableBlock(plain(caption), tuple(columns), cells, tuple(widths), spoken, prose))


def _placed(block: Block, after: Block | None) -> Block:
    if isinstance(block, ListItem) and not isinstance(after, ListItem):
        return replace(block, last=True)
    if isinstance(block, Paragraph) and isinstance(after, ListItem):
        return replace(block, leads=True)
    return block


def _trimmed(runs: Iterable[TextRun]) -> TextRuns:
    """Return the runs without blanks at both ends, which are read as words by nobody and kept by no format alike."""
    found = list(runs)
    while found and not (text := found[0].text.lstrip()):
        found.pop(0)
    if found:
        found[0] = replace(found[0], text=text)
    while found and not (text := found[-1].text.rstrip()):
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=text)
    return tuple(found)
