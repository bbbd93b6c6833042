"""The sources and strands of a strategy's file. No database."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vcsportal.common.data_file import Fault, FileTable

TEXTS: Final = {"publisher": 200, "period": 120, "url": 500, "licence": 120, "note": 1000}
"""Texts of a source besides its title, with the most characters of each."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source: a title, who published it, and when: a day, a period in words, or both."""

    slug: str
    title: str
    publisher: str
    published_on: date | None
    period: str
    url: str
    licence: str
    note: str
    line: int

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with it."""
        return Fault(self.line, f"source {self.slug}", name, sentence)


@dataclass(frozen=True, slots=True)
class StrandEntry:
    """A strand: its name in the source's words, what it means, and the slug of the source with the place in it."""

    code: str
    words: str
    definition: str
    source: str
    source_place: str
    line: int

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with it."""
        return Fault(self.line, f"strand {self.code}", name, sentence)


def read_sources(tables: list[FileTable]) -> tuple[SourceEntry, ...]:
    """Return the sources of a file; what is wrong with one is noted as a fault of its table."""
    found: list[SourceEntry] = []
    for table in tables:
        slug = table.slug("slug")
        table.place = f"source {slug}" if slug else table.place
        title = table.text("title", longest=200)
        published_on = table.day("published_on", required=False)
        texts: dict[str, Any] = {
            name: table.text(name, required=False, longest=longest) for name, longest in TEXTS.items()
        }
        table.finish()
        if published_on is None and not texts["period"]:
            table.fault("", "says neither published_on nor period. Give a day, or the period in words.")
        if texts["url"] and not texts["url"].lower().startswith(("https://", "http://")):
            table.fault("url", "should be a whole address, beginning with https://.")
        if slug and any(entry.slug == slug for entry in found):
            table.fault("slug", f"“{slug}” is used twice.")
        found.append(SourceEntry(slug, title, published_on=published_on, line=table.line, **texts))
    return tuple(found)


def read_strands(tables: list[FileTable], sources: tuple[SourceEntry, ...]) -> tuple[StrandEntry, ...]:
    """Return the strands of a file; what is wrong with one is noted as a fault of its table."""
    found: list[StrandEntry] = []
    known = {source.slug for source in sources}
    for table in tables:
        code = table.slug("code", longest=40)
        table.place = f"strand {code}" if code else table.place
        entry = StrandEntry(
            code,
            table.text("words", longest=120),
            table.text("definition", required=False, longest=600),
            table.text("source", required=False, longest=80),
            table.text("source_place", required=False, longest=300),
            table.line,
        )
        table.finish()
        check_source(table, entry.source, known)
        if code and any(other.code == code for other in found):
            table.fault("code", f"“{code}” is used twice.")
        found.append(entry)
    return tuple(found)


def check_source(table: FileTable, slug: str, known: set[str]) -> None:
    """Note a fault where a table names a source that the file has not."""
    if slug and slug not in known:
        table.fault("source", f"“{slug}” is not a [[source]] of this file.")
