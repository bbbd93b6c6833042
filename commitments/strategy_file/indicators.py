"""The shape of the indicators in a strategy's file, and what is wrong with one. No database.

Targets and figures are written for each round: a number, or ``{ absent = "why there is none" }``; with a note as
``{ value = 9, note = "…" }``; a share as ``{ numerator = 12, denominator = 48 }``; a percentage whose base was not
published as a number, under ``kind = "percentage"``. A text in the place of a number is a fault. A figure that is counted
by strand is written as ``{ value = 240, strands = { age = 90, faith = 3 } }``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commitments.rules import indicators as rules
from commitments.rules.charters import COUNTED
from commitments.rules.indicators import IndicatorFigure
from commitments.rules.strand_counts import check_by_strand, checked_counts
from vcsportal.common.data_file import Fault, FileTable
from vcsportal.common.words import Invalid, Refused

MAX_NOTE_CHARACTERS: Final = 300
NOT_A_NUMBER: Final = 'has to be a number without quotation marks, or { absent = "why there is none" }.'


@dataclass(frozen=True, slots=True)
class FileValue:
    """One target or figure as the file has it. ``district`` is a GSS code, "" for the whole.

    ``strands`` are counts by the codes of strands, None where the file says nothing of them.
    """

    round: str
    district: str
    figure: IndicatorFigure
    note: str
    line: int
    strands: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """One indicator as the file has it. ``owner`` is a commitment's reference (its key, if it has none) or a priority's number."""

    owner: str | int
    code: str
    title: str
    definition: str
    unit: str
    kind: str
    counting: str
    direction: str
    by_district: bool
    scale: tuple[dict[str, Any], ...]
    baseline: Decimal | None
    baseline_note: str
    targets: tuple[FileValue, ...]
    actuals: tuple[FileValue, ...]
    line: int
    counts: str = ""
    by_strand: bool = False

    def fault(self, field: str, sentence: str, line: int = 0) -> Fault:
        return Fault(line or self.line, f"indicator {self.code}", field, sentence)


def read_indicators(table: FileTable, owner: str | int, codes: set[str]) -> tuple[IndicatorEntry, ...]:
    """Return the indicators below a priority or a commitment. ``codes`` gathers those of the whole file."""
    found = table.tables("indicator", place=f"{table.place}, indicator", required=False)
    return tuple(_indicator(table, owner, codes) for table in found)


def _indicator(table: FileTable, owner: str | int, codes: set[str]) -> IndicatorEntry:
    code = table.text("code", longest=20)
    table.place = f"indicator {code}" if code else table.place
    if code and not rules.INDICATOR_CODE.fullmatch(code):
        table.fault("code", f"“{code}” should be letters, digits, dots and hyphens, such as “1.1a”.")
    if code in codes:
        table.fault("code", f"“{code}” is used twice.")
    codes.add(code)
    kind = _choice(table, "kind", rules.INDICATOR_KINDS)
    counting = _choice(table, "counting", rules.COUNTING_METHODS)
    unit = table.text("unit", required=False, longest=60)
    try:
        rules.check_counting(counting, kind, unit)
    except Refused as refused:
        table.fault("counting", f"is “cumulative”. {refused.sentence}")
    scale = _scale(table, kind)
    by_district = table.flag("by_district", default=False)
    by_strand = table.flag("by_strand", default=False)
    entry = IndicatorEntry(
        owner=owner,
        code=code,
        title=table.text("title", longest=200),
        definition=table.text("definition", required=False),
        unit=unit,
        kind=kind,
        counting=counting,
        direction=_choice(table, "direction", rules.DIRECTIONS),
        by_district=by_district,
        scale=scale,
        baseline=_whole_places(table, "baseline", table.number("baseline")),
        baseline_note=table.text("baseline_note", required=False, longest=200),
        targets=_written(table, "targets", kind, scale, by_district, aims=True),
        actuals=_written(table, "actuals", kind, scale, by_district, aims=False, by_strand=by_strand),
        line=table.line,
        counts=_counts(table, kind, counting, by_district),
        by_strand=by_strand,
    )
    try:
        check_by_strand(entry)
    except Refused as refused:
        table.fault("by_strand", f"is true. {refused.sentence}")
    table.finish()
    if entry.counts and entry.actuals:
        table.fault("actuals", "are given, although the portal counts this itself when a round closes.")
    return entry


def _counts(table: FileTable, kind: str, counting: str, by_district: bool) -> str:
    counts = table.text("counts", required=False)
    if not counts:
        return ""
    codes = [code for code, _label in COUNTED]
    if counts not in codes:
        table.fault("counts", f"“{counts}” is not one of: {', '.join(codes)}.")
    elif (kind, counting, by_district) != ("number", "per_round", False):
        table.fault("counts", "is for a number of each round, not for a share, a running total or districts.")
    return counts


def _choice(table: FileTable, field: str, choices: Sequence[tuple[str, str]]) -> str:
    words = [code for code, _label in choices]
    value = table.text(field, required=False) or words[0]
    if value not in words:
        table.fault(field, f"“{value}” is not one of: {', '.join(words)}.")
        return words[0]
    return value


def _whole_places(table: FileTable, field: str, number: Decimal | None) -> Decimal | None:
    try:
        return None if number is None else rules.check_number(number)
    except Refused as refused:
        table.fault(field, refused.sentence)
        return None


def _scale(table: FileTable, kind: str) -> tuple[dict[str, Any], ...]:
    steps: list[dict[str, Any]] = []
    for written in table.items("scale"):
        step = {"label": written} if isinstance(written, str) else written
        if not isinstance(step, dict) or not all(isinstance(text, str) for text in step.values()):
            table.fault(
                "scale", 'should be a list of texts, or of tables such as { label = "Done", definition = "…" }.'
            )
            return ()
        if unknown := step.keys() - {"label", "definition"}:
            table.fault("scale", f"“{min(unknown)}” is not recognised here. You can use: definition, label.")
        words = {name: str(step.get(name, "")).strip() for name in ("label", "definition")}
        steps.append({"step": len(steps) + 1, **words})
    if kind == "scale":
        try:
            rules.check_scale(steps)
        except Refused as refused:
            table.fault("scale", refused.sentence)
    elif steps:
        table.fault("scale", "is given, and the kind is not “scale”.")
    return tuple(steps)


def _written(
    table: FileTable,
    field: str,
    kind: str,
    scale: tuple[dict[str, Any], ...],
    by_district: bool,
    *,
    aims: bool,
    by_strand: bool = False,
) -> tuple[FileValue, ...]:
    found = [
        _one(table, field, kind, scale, aims, name, "", value, by_strand=by_strand)
        for name, value in table.mapping(field).items()
    ]
    districts = f"district_{field}"
    for name, values in table.mapping(districts).items():
        if not by_district:
            table.fault(districts, "is given, and by_district is not true.")
            break
        if not isinstance(values, dict):
            table.fault(districts, f"{name}: should be a table of districts, such as {{ E07000178 = 3 }}.")
            continue
        found += [_one(table, districts, kind, scale, aims, name, code, value) for code, value in values.items()]
    return tuple(value for value in found if value is not None)


def _one(
    table: FileTable,
    field: str,
    kind: str,
    scale: tuple[dict[str, Any], ...],
    aims: bool,
    round_: str,
    district: str,
    value: Any,
    *,
    by_strand: bool = False,
) -> FileValue | None:
    where = f"{round_}, {district}" if district else round_
    parts = value if isinstance(value, dict) else {"value": value}
    known = {"value", "note", "absent"} | ({"numerator", "denominator"} if kind == "ratio" and not aims else set())
    known |= {"strands"} if by_strand else set()
    try:
        if unknown := parts.keys() - known:
            raise Invalid(
                f"“{min(unknown)}” is not recognised here. You can use: {', '.join(sorted(known))}.", field="value"
            )
        note, absent = parts.get("note", ""), parts.get("absent", "")
        if not isinstance(note, str) or not isinstance(absent, str):
            raise Invalid("a note and a reason have to be texts.", field="value")
        if len(note) > MAX_NOTE_CHARACTERS or len(absent) > MAX_NOTE_CHARACTERS:
            raise Invalid(f"a note and a reason have {MAX_NOTE_CHARACTERS} characters at most.", field="value")
        numbers = {name: _number(parts[name]) for name in ("value", "numerator", "denominator") if name in parts}
        figure = IndicatorFigure(absent_reason=absent.strip(), **numbers)
        if kind == "ratio" and not aims and figure.value is not None:
            raise Invalid(
                "a share has to be { numerator = 12, denominator = 48 }, so that its base is kept. If only the percentage "
                "was published, set kind = “percentage”: it is then printed with “base not published”.",
                field="value",
            )
        if kind == "ratio" and aims and figure.value is not None and not 0 <= figure.value <= 100:
            raise Invalid("the target of a share is in per cent, from 0 to 100.", field="value")
        kept = rules.checked(figure, kind="number" if aims and kind == "ratio" else kind, scale=scale)
        strands = _strands(parts["strands"], kept) if "strands" in parts else None
    except Refused as refused:
        table.fault(field, f"{where}: {refused.sentence}")
        return None
    return FileValue(round_, district, kept, note.strip(), table.sheet.line((*table.path, field)), strands)


def _strands(written: Any, figure: IndicatorFigure) -> dict[str, int]:
    if not isinstance(written, dict):
        raise Invalid("strands have to be a table of codes, such as { age = 90, faith = 12 }.", field="strands")
    counts = {code: _number(count) for code, count in written.items()}
    try:
        return checked_counts(counts, figure.value)
    except Invalid as refused:
        where = f"{refused.field}: " if refused.field in counts else ""
        raise Invalid(f"{where}{refused.sentence}", field="strands") from None


def _number(value: Any) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
        return Decimal(str(value))
    raise Invalid(NOT_A_NUMBER, field="value")
