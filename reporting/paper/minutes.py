"""The minutes of a meeting as the blocks of a Word file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.paper.blocks import Paper, plain, run
from reporting.paper.marked import tell
from reporting.paper.writing import PaperWriter
from vcsportal.common.cells import clean

FONT, SIZE = "Arial", 11


@dataclass(frozen=True, slots=True)
class PrintedMinutes:
    """What a file of minutes says, in words. ``decisions`` are rows of what it was about, what was decided, who and by when."""

    title: str
    council: str
    head: Sequence[tuple[str, str]]
    summary: str
    came: Sequence[str]
    apologies: Sequence[str]
    decisions: Sequence[tuple[str, str, str, str]]
    foot: str


def outline(minutes: PrintedMinutes) -> Paper:
    """Return the file's contents, block by block."""
    writing = PaperWriter()
    writing.title(minutes.title)
    for label, text in minutes.head:
        writing.line(f"{label}:", text)
    if minutes.decisions:
        writing.heading(1, "Decisions")
        writing.table(
            "What was decided, who does it and by when",
            ("About", "Decision", "Who", "By when"),
            minutes.decisions,
            (3, 5, 3, 2),
        )
    if minutes.summary:
        writing.heading(1, "Summary")
        tell(writing, clean(minutes.summary), under=1)
    _listed(writing, "Who attended", minutes.came)
    _listed(writing, "Apologies", minutes.apologies)
    return Paper(
        title=plain(minutes.title), subject=plain(minutes.title), author=plain(minutes.council), footer=plain(minutes.foot),
        page_numbers=True, font=FONT, size=SIZE, lists=writing.lists, blocks=writing.blocks(),
    )  # fmt: skip


def _listed(writing: PaperWriter, heading: str, lines: Iterable[str]) -> None:
    for place, line in enumerate(lines):
        if not place:
            writing.heading(1, heading)
        writing.item(run(plain(line)))
