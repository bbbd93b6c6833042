"""Write the sources and strands of a strategy's file: add and amend them, and leave what people changed in the portal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from partners.models import HistoryEntry, Source, Strand, User
from partners.services.sources import LIMITS, SourceContent, add_source, edit_source
from partners.services.strands import StrandContent, add_strand
from partners.source_file import SourceEntry, StrandEntry
from vcsportal.common.data_file import Fault
from vcsportal.common.words import Invalid

FIELDS: Final = (*LIMITS, "published_on")


@dataclass(slots=True)
class LoadedSources:
    """What was done and left alone, in sentences, what is wrong with the file, and the sources by their slugs."""

    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)


def load_sources(
    *, by: User | None, at: datetime, sources: Sequence[SourceEntry], strands: Sequence[StrandEntry]
) -> LoadedSources:
    """Bring sources and strands in step with a file. Doing it twice changes nothing. Part of loading a strategy.

    A source that someone changed in the portal stays as it is there, with a note. Strands are added where there is none of
    that code; what administrators made of them stays.
    """
    done = LoadedSources()
    for entry in sources:
        _source(by, at, entry, done)
    for strand in strands:
        if not Strand.objects.filter(code=strand.code).exists():
            _strand(at, strand, done)
    return done


def _source(by: User | None, at: datetime, entry: SourceEntry, done: LoadedSources) -> None:
    content = SourceContent(**{name: getattr(entry, name) for name in FIELDS})
    row = Source.objects.filter(slug=entry.slug).first()
    try:
        if row is None:
            done.sources[entry.slug] = add_source(by=by, at=at, content=content, slug=entry.slug)
            done.changes.append(f"Added the source “{entry.title}”.")
            return
        done.sources[entry.slug] = row
        if all(getattr(row, name) == getattr(entry, name) for name in FIELDS):
            return
        if HistoryEntry.objects.filter(
            act="source changed", detail__startswith=f"{row.slug}: ", by__isnull=False
        ).exists():
            done.notes.append(
                f"People have changed the source “{row.title}” in the portal, so it stays as it is there."
            )
            return
        done.sources[entry.slug] = edit_source(by=by, at=at, source=row, content=content)
        done.changes.append(f"Amended the source “{entry.title}”.")
    except Invalid as refused:
        done.faults.append(entry.fault(refused.field, refused.sentence))


def _strand(at: datetime, entry: StrandEntry, done: LoadedSources) -> None:
    content = StrandContent(entry.words, entry.definition, done.sources.get(entry.source), entry.source_place)
    try:
        add_strand(by=None, at=at, content=content, code=entry.code)  # whoever loads has been asked already
    except Invalid as refused:
        done.faults.append(entry.fault(refused.field, refused.sentence))
    else:
        done.changes.append(f"Added the strand “{entry.words}”.")
