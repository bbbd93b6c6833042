"""Reads the figures with sources of a strategy's file, what sources say of them, and awards. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from commitments.rules import awards as award_rules
from commitments.rules.indicators import check_number
from commitments.rules.sourced_figures import FIGURE_KINDS, KINDS_WITH_PARTS, QUALIFIERS, TOPICS
from partners.source_file import SourceEntry, StrandEntry, check_source
from vcsportal.common.data_file import Fault, FileTable
from vcsportal.common.words import Refused

NUMBERS: Final = ("value", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class FigureValueEntry:
    """What one source says. ``area`` is a GSS code, ``strand`` and ``source`` are codes of this file; ``beside`` says that it is
    about the same thing as the value before it. ``lines`` are for faults that are found later.
    """

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    qualifier: str
    starts_on: date | None
    ends_on: date | None
    period: str
    words: str
    source: str
    source_place: str
    note: str
    area: str
    strand: str
    beside: bool
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), "value", name, sentence)


@dataclass(frozen=True, slots=True)
class AwardEntry:
    """A grant or a contract. ``recipient`` is the slug of an organisation, ``recipient_name`` a name in words."""

    identifier: str
    kind: str
    title: str
    description: str
    currency: str
    amount_awarded: Decimal | None
    award_date: date
    planned_from: date | None
    planned_to: date | None
    recipient: str
    recipient_name: str
    recipient_identifier: str
    districts: tuple[str, ...]
    commitments: tuple[str, ...]
    grant_programme: str
    notice: str
    source: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), f"award {self.identifier}", name, sentence)


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure, what sources say of it, and the awards under it. ``part_of`` is the code of another figure of the file."""

    code: str
    about: str
    title: str
    definition: str
    kind: str
    unit: str
    part_of: str
    in_report: bool
    values: tuple[FigureValueEntry, ...]
    awards: tuple[AwardEntry, ...]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), f"figure {self.code}", name, sentence)


def read_figures(
    tables: list[FileTable], sources: tuple[SourceEntry, ...], strands: tuple[StrandEntry, ...]
) -> tuple[FigureEntry, ...]:
    """Return the figures of a file. What is wrong is noted at the tables."""
    found: list[FigureEntry] = []
    known, named = {source.slug for source in sources}, {strand.code for strand in strands}
    for table in tables:
        code = table.slug("code", longest=60)
        table.place = f"figure {code}" if code else table.place
        kind = table.choice("kind", [kind for kind, _ in FIGURE_KINDS], default="number")
        plain: dict[str, Any] = {
            "about": table.choice("about", [topic.code for topic in TOPICS]),
            "title": table.text("title", longest=200),
            "definition": table.text("definition", required=False, longest=1000),
            "unit": table.text("unit", required=False, longest=60),
            "part_of": table.text("part_of", required=False, longest=60),
            "in_report": table.flag("in_report", default=False),
        }
        values = table.tables("value", place="value", required=False)
        awards = table.tables("award", place="award", required=False)
        entry = FigureEntry(
            code, kind=kind, values=_values(values, kind, known, named), awards=_awards(awards, known), line=table.line,
            lines=_lines(table), **plain,
        )  # fmt: skip
        table.finish()
        if code and any(other.code == code for other in found):
            table.fault("code", f"“{code}” is used twice.")
        if entry.part_of and not any(other.code == entry.part_of for other in found):
            table.fault("part_of", f"“{entry.part_of}” is not a figure above this one.")
        found.append(entry)
    return tuple(found)


def _values(tables: list[FileTable], kind: str, known: set[str], named: set[str]) -> tuple[FigureValueEntry, ...]:
    found: list[FigureValueEntry] = []
    for table in tables:
        numbers = {name: _number(table, name) for name in NUMBERS}
        entry = FigureValueEntry(
            **numbers,
            qualifier=_qualifier(table),
            starts_on=table.day("starts_on", required=False),
            ends_on=table.day("ends_on", required=False),
            period=table.text("period", required=False, longest=120),
            words=table.text("words", required=False, longest=1000),
            source=table.text("source", required=False, longest=80),
            source_place=table.text("source_place", required=False, longest=300),
            note=table.text("note", required=False, longest=500),
            area=table.text("area", required=False, longest=9),
            strand=table.text("strand", required=False, longest=40),
            beside=table.flag("beside", default=False),
            line=table.line,
            lines=_lines(table),
        )
        table.finish()
        check_source(table, entry.source, known)
        if entry.strand and entry.strand not in named:
            table.fault("strand", f"“{entry.strand}” is not a [[strand]] of this file.")
        if entry.beside and not found:
            table.fault(
                "beside", "is true for the first value. Use it only for a value about the same thing as the one before."
            )
        wanted = NUMBERS[1:] if kind in KINDS_WITH_PARTS else NUMBERS[:1]
        if any((numbers[name] is not None) != (name in wanted) for name in NUMBERS):
            table.fault("", f"should give {' and '.join(wanted)}, as its figure’s kind is “{kind}”.")
        found.append(entry)
    return tuple(found)


def _awards(tables: list[FileTable], known: set[str]) -> tuple[AwardEntry, ...]:
    found: list[AwardEntry] = []
    for table in tables:
        identifier = table.text("identifier", longest=120)
        table.place = f"award {identifier}" if identifier else table.place
        kind = table.choice("kind", [kind for kind, _ in award_rules.AWARD_KINDS])
        texts: dict[str, Any] = {
            "title": table.text("title", longest=200),
            "description": table.text("description", required=False, longest=2000),
            "currency": table.choice("currency", award_rules.CURRENCIES, default="GBP"),
            "recipient": table.text("recipient", required=False, longest=80),
            "recipient_name": table.text("recipient_name", required=False, longest=200),
            "recipient_identifier": table.text("recipient_identifier", required=False, longest=40),
            "grant_programme": table.text("grant_programme", required=False, longest=200),
            "notice": table.text("notice", required=False, longest=500),
            "source": table.text("source", required=False, longest=80),
        }
        amount, award_date = _amount(table), table.day("award_date")
        planned_from, planned_to = table.day("planned_from", required=False), table.day("planned_to", required=False)
        districts, commitments = tuple(table.texts("districts")), tuple(table.texts("commitments"))
        lines = _lines(table)
        table.finish()
        check_source(table, texts["source"], known)
        if bool(texts["recipient"]) == bool(texts["recipient_name"]):
            table.fault("", "should give either recipient, an organisation of the portal, or recipient_name.")
        if identifier and any(other.identifier == identifier for other in found):
            table.fault("identifier", f"“{identifier}” is used twice.")
        if award_date is not None:
            found.append(
                AwardEntry(
                    identifier, kind, amount_awarded=amount, award_date=award_date, planned_from=planned_from,
                    planned_to=planned_to, districts=districts, commitments=commitments, line=table.line, lines=lines, **texts,
                )
            )  # fmt: skip
    return tuple(found)


def _number(table: FileTable, name: str) -> Decimal | None:
    number = table.number(name)
    try:
        return None if number is None else check_number(number)
    except Refused as refused:
        table.fault(name, refused.sentence)
        return None


def _amount(table: FileTable) -> Decimal | None:
    amount = table.number("amount_awarded")
    if amount is None:
        if "amount_awarded" not in table.values:
            table.fault("amount_awarded", "is missing.")
        return None
    try:
        return award_rules.check_amount(amount)
    except Refused as refused:
        table.fault("amount_awarded", refused.sentence)
        return None


def _qualifier(table: FileTable) -> str:
    words = [code for code, _ in QUALIFIERS if code]
    value = table.text("qualifier", required=False)
    if value and value not in words:
        table.fault("qualifier", f"“{value}” is not one of: {', '.join(words)}.")
    return value


def _lines(table: FileTable) -> dict[str, int]:
    return {name: table.sheet.line((*table.path, name)) for name in table.values}
