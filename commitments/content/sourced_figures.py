"""What people enter about figures with sources, and about grants and contracts."""

from dataclasses import dataclass
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
