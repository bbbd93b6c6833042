"""What people enter about figures with sources, and about grants and contracts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from commitments.models import Commitment, SourcedFigure
from partners.models import Area, Organisation, Source, Strand


@dataclass(frozen=True, slots=True)
class SourcedFigureContent:
    """What a figure is: what it is about, how it is counted, which figure it is part of, and whether the report prints it."""

    about: str
    title: str
    definition: str = ""
    kind: str = "number"
    unit: str = ""
    part_of: SourcedFigure | None = None
    in_report: bool = False


@dataclass(frozen=True, slots=True)
class SourcedValueContent:
    """What one source says. Of a share or a rank, ``numerator`` and ``denominator`` are given in the place of ``value``.

    ``area`` and ``strand`` are None for the whole; at most one of them is given. ``starts_on`` may be None where ``period`` says when.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    qualifier: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    period: str = ""
    words: str = ""
    source: Source | None = None
    source_place: str = ""
    note: str = ""
    area: Area | None = None
    strand: Strand | None = None


def with_counts_by_strand(content: SourcedValueContent, counts: Mapping[Strand, Decimal]) -> list[SourcedValueContent]:
    """Return what a source says of the whole and of strands, for the same period; without the whole where only counts are given."""
    of_whole = [] if counts and content.value is None and content.numerator is None else [content]
    qualifier = "" if of_whole else content.qualifier
    by_strand = (
        replace(content, value=count, numerator=None, denominator=None, qualifier=qualifier, strand=strand)
        for strand, count in counts.items()
    )
    return [*of_whole, *by_strand]


@dataclass(frozen=True, slots=True)
class AwardContent:
    """What is known of a grant or a contract. One of ``recipient`` and ``recipient_name`` is given. Amounts are in ``currency``."""

    kind: str
    identifier: str
    title: str
    amount_awarded: Decimal
    award_date: date
    description: str = ""
    currency: str = "GBP"
    planned_from: date | None = None
    planned_to: date | None = None
    recipient: Organisation | None = None
    recipient_name: str = ""
    recipient_identifier: str = ""
    funding_organisation: Organisation | None = None
    districts: tuple[Area, ...] = ()
    grant_programme: str = ""
    commitments: tuple[Commitment, ...] = ()
    notice: str = ""
    source: Source | None = None
