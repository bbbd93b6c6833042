"""An organisation's year as the blocks of a Word file, and as the rows of a table."""

from collections.abc import Iterable, Iterator
from typing import Final

from commitments.reading.organisation_year.shapes import OrganisationYear, YearItem
from commitments.rules.evidence_figures import FIGURES
from reporting.paper.blocks import Paper, plain, run
from reporting.paper.writing import PaperWriter
from vcsportal.common.cells import clean
from vcsportal.common.dates import in_words

FONT, SIZE = "Arial", 11
COLUMNS: Final = ("Part", "What", "When", "Where", "Commitments", *(figure.label for figure in FIGURES), "More", "Words", "Language", "Address")  # fmt: skip


def title_of(year: OrganisationYear) -> str:
    """Return ``What Larkhythe Food Bank did, 1 April 2025 to 31 March 2026``."""
    return f"What {year.organisation.name} did, {in_words(year.first)} to {in_words(year.last)}"


def details_of(item: YearItem) -> list[tuple[str, str]]:
    """Return what is known of an item besides its words: labels, and what they say."""
    numbers = dict(item.figures)
    known = [
        ("When", item.when),
        ("Where", item.where),
        ("Commitments", "; ".join(item.commitments)),
        *((figure.label, f"{numbers[figure.code]:,}") for figure in FIGURES if figure.code in numbers),
        *item.facts,
    ]
    return [(label, text) for label, text in known if text]


def outline(year: OrganisationYear, *, foot: str) -> Paper:
    """Return the Word file's contents, block by block."""
    writing = PaperWriter()
    writing.title(title_of(year))
    if year.organisation.description:
        writing.unnumbered(clean(year.organisation.description))
    for total in year.totals:
        writing.item(run(f"{total.value:,} {total.label}" + (f" ({total.note})" if total.note else "")))
    for part in year.parts:
        writing.heading(1, part.heading)
        for item in part.items:
            writing.heading(2, item.title, foreign=item.title, language=item.language)
            writing.unnumbered("\n".join(f"{label}: {clean(text)}" for label, text in details_of(item)))
            for paragraph in _paragraphs(item.text):
                writing.unnumbered(paragraph, foreign=paragraph, language=item.language)
    return Paper(
        title=plain(title_of(year)), subject=plain(title_of(year)), author=plain(year.organisation.name), footer=plain(foot),
        page_numbers=True, font=FONT, size=SIZE, lists=writing.lists, blocks=writing.blocks(),
    )  # fmt: skip


def rows_of(year: OrganisationYear, portal_url: str) -> Iterator[tuple[str, ...]]:
    """Return a row for each thing, in the order of :data:`COLUMNS`."""
    for part in year.parts:
        for item in part.items:
            numbers = dict(item.figures)
            yield (
                part.heading,
                item.title,
                item.when,
                item.where,
                "; ".join(item.commitments),
                *(str(numbers.get(figure.code, "")) for figure in FIGURES),
                "; ".join(f"{label}: {text}" for label, text in item.facts),
                item.text,
                item.language,
                f"{portal_url}{item.url}" if item.url else "",
            )


def _paragraphs(text: str) -> Iterable[str]:
    return (paragraph for part in clean(text).splitlines() if (paragraph := part.strip()))
