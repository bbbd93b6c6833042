"""Reads the rows of an action plan, once it is known what each column is. Every cell is used, or is noted with the reason."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from commitments.action_plan.columns import (
    BASELINE,
    DUE,
    LEAD,
    MEASURE,
    NOTE,
    PARTNER,
    PRIORITY,
    REFERENCE,
    REMEDY,
    START,
    STATUS,
    TARGET,
    UNUSED,
    UPDATE,
    WORDING,
    PlanColumn,
)  # fmt: skip
from commitments.action_plan.due_dates import Due, read_due
from commitments.action_plan.figures import PlanFigure, read_figure
from commitments.action_plan.grid import PlanCell
from commitments.action_plan.headings import PlanTable
from commitments.action_plan.labels import labels_in
from commitments.action_plan.periods import PlanYear, year_in
from commitments.action_plan.workbook import MERGED_ACROSS
from commitments.rules.references import MAX_REFERENCE_CHARACTERS, REFERENCE_FORM, is_reference
from commitments.rules.references import folded as folded_reference

_SUB_REFERENCE = re.compile(r"(.*[0-9a-z)])(?:[.\-/ ]?\(?[a-z]\)?|\.\d+)", re.IGNORECASE)
SPREADS: Final = frozenset({PRIORITY.code, LEAD.code, PARTNER.code, DUE.code})
"""What a merged cell says for every row that it covers. Of all others, only the first row has it."""
NEEDED: Final = frozenset({WORDING.code, REFERENCE.code, PRIORITY.code, DUE.code, START.code})
"""What can't be left out where its cell can't be read: the row would say something else without it."""
_CONTINUES: Final = re.compile(r"(?:we will )?continu(?:e|ing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class PlanNote:
    """What the reader of a plan should know about one cell: its place, what it says, and a sentence."""

    row: int
    place: str
    said: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """A target: its cell, its number, or None where it is in words, and the year that its heading names."""

    cell: PlanCell
    figure: PlanFigure | None
    year: PlanYear | None
    heading: str


@dataclass(slots=True)
class PlanRow:
    """One row of the plan. Texts are "" where the row has none; ``place`` is that of its wording."""

    row: int
    place: str
    wording: str
    reference: str = ""
    priority: str = ""
    leads: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    lead_cells: list[PlanCell] = field(default_factory=list)
    partner_cells: list[PlanCell] = field(default_factory=list)
    due: Due = field(default_factory=Due)
    due_cell: PlanCell | None = None
    starts_on: date | None = None
    status_cell: PlanCell | None = None
    update: str = ""
    update_cell: PlanCell | None = None
    remedy: str = ""
    baseline_cell: PlanCell | None = None
    baseline: PlanFigure | None = None
    baseline_heading: str = ""
    targets: list[PlanTarget] = field(default_factory=list)
    measure: str = ""
    note: str = ""
    parent: "PlanRow | None" = None

    @property
    def status_word(self) -> str:
        return self.status_cell.text if self.status_cell else ""

    @property
    def ongoing(self) -> bool:
        """Whether it has no end: its due date or its wording says so."""
        return self.due.ongoing or (self.due.day is None and _CONTINUES.match(self.wording) is not None)


@dataclass(slots=True)
class ReadPlan:
    """The rows of a plan with what is to be known about cells.

    ``faults`` have to be corrected in the file, ``warnings`` say how a cell was understood, ``not_used`` lists every cell
    that is left out, with the reason.
    """

    rows: list[PlanRow] = field(default_factory=list)
    faults: list[PlanNote] = field(default_factory=list)
    warnings: list[PlanNote] = field(default_factory=list)
    not_used: list[PlanNote] = field(default_factory=list)

    def warn(self, cell: PlanCell, sentence: str) -> None:
        self.warnings.append(_note(cell, sentence))

    def leave(self, cell: PlanCell, sentence: str) -> None:
        self.not_used.append(_note(cell, sentence))

    def fault(self, cell: PlanCell, sentence: str) -> None:
        self.faults.append(_note(cell, sentence))

    @property
    def status_words(self) -> list[str]:
        """The words of the status column, each once, in their order."""
        return list(dict.fromkeys(row.status_word for row in self.rows if row.status_word))

    @property
    def lead_labels(self) -> list[str]:
        return list(dict.fromkeys(label for row in self.rows for label in row.leads))

    @property
    def partner_labels(self) -> list[str]:
        return list(dict.fromkeys(label for row in self.rows for label in row.partners))


def _note(cell: PlanCell, sentence: str) -> PlanNote:
    return PlanNote(cell.row, cell.place, (cell.text or cell.unread)[:200], sentence)


def read_rows(table: PlanTable, columns: Sequence[PlanColumn], known_names: Iterable[str] = ()) -> ReadPlan:
    """Return what the rows under the headings say.

    :param columns: what each column is.
    :param known_names: names of organisations, which are not taken apart at their commas and slashes.
    """
    reader = _Reader(table, columns, list(known_names))
    for row, cells in table.below().items():
        reader.read(row, {column: table.named(cell) for column, cell in cells.items()})
    reader.nest()
    return reader.plan


class _Reader:
    def __init__(self, table: PlanTable, columns: Sequence[PlanColumn], known_names: list[str]) -> None:
        self.table, self.known_names, self.plan = table, known_names, ReadPlan()
        self.columns = {column.column: column for column in columns}
        self.has_priorities = any(column.meaning == PRIORITY.code for column in columns)
        self.priority = ""
        self.references: dict[str, int] = {}
        for cell in table.above:
            self.plan.leave(cell, "It is above the headings.")
        for cell in table.sheet.rows[table.heading_row].values():
            self._warnings_of(cell)

    def read(self, row: int, cells: Mapping[int, PlanCell]) -> None:
        """Read one row: a heading of a theme, or an action."""
        unread = [cell for cell in cells.values() if cell.unread]
        if unread:
            self._unread(unread)
            cells = {column: cell for column, cell in cells.items() if not cell.unread}
        own = [cell for cell in cells.values() if not cell.spread]
        if not own:
            return
        if not self.has_priorities and len(own) == 1 and self._is_theme(own[0]):
            (cell,) = own
            self.priority = cell.text
            self._warnings_of(cell)
            return
        by_meaning: dict[str, list[PlanCell]] = {}
        for column, cell in sorted(cells.items()):
            known = self.columns.get(column)
            meaning = known.meaning if known else UNUSED.code
            if not cell.spread or meaning in SPREADS:
                by_meaning.setdefault(meaning, []).append(cell)
        if named := by_meaning.get(PRIORITY.code):
            self.priority = named[0].text
        if WORDING.code not in by_meaning:
            self._without_wording(by_meaning)
            return
        for cell in own:
            self._warnings_of(cell)
        cell = by_meaning[WORDING.code][0]
        made = PlanRow(row, cell.place, cell.lines, priority=self.priority)
        self._reference(made, by_meaning.get(REFERENCE.code, []))
        self._people(made, by_meaning)
        self._days(made, by_meaning)
        self._progress(made, by_meaning)
        self._figures(made, by_meaning)
        made.measure = "\n".join(cell.lines for cell in by_meaning.get(MEASURE.code, []))
        made.note = "\n".join(cell.lines for cell in by_meaning.get(NOTE.code, []))
        for cell in by_meaning.get(UNUSED.code, []):
            self.plan.leave(cell, "Its column is not used.")
        self.plan.rows.append(made)

    def _unread(self, cells: Iterable[PlanCell]) -> None:
        """Say of cells that show an error, or whose formula has no saved result, what to do about them."""
        for cell in cells:
            known = self.columns.get(cell.column)
            say = self.plan.fault if known and known.meaning in NEEDED else self.plan.leave
            say(cell, " ".join(cell.warnings))

    def _is_theme(self, cell: PlanCell) -> bool:
        """Whether a row of this cell alone is the heading of a theme: an action may have its wording alone too."""
        column = self.columns.get(cell.column)
        return MERGED_ACROSS in cell.warnings or column is None or column.meaning != WORDING.code

    def _warnings_of(self, cell: PlanCell) -> None:
        for sentence in cell.warnings:
            self.plan.warn(cell, sentence)

    def _without_wording(self, by_meaning: Mapping[str, list[PlanCell]]) -> None:
        others = [cell for code, cells in by_meaning.items() for cell in cells if code != PRIORITY.code]
        for cell in others:
            if not cell.spread:
                self.plan.leave(cell, "Its row has no action.")
        for cell in by_meaning.get(PRIORITY.code, []):
            self._warnings_of(cell)

    def _reference(self, made: PlanRow, cells: list[PlanCell]) -> None:
        for cell in cells:
            said = cell.text.rstrip(".:")
            if isinstance(cell.value, date):
                self.plan.warn(
                    cell, "The spreadsheet has turned this reference into a date. The portal will create a new one."
                )
                self.plan.leave(cell, "A date can’t be a reference. Format the column as text and enter it again.")
            elif not is_reference(said):
                self.plan.leave(
                    cell,
                    f"It can’t be used as a reference: a reference has {REFERENCE_FORM}, {MAX_REFERENCE_CHARACTERS} characters at most.",
                )
            elif (same := self.references.setdefault(folded_reference(said), made.row)) != made.row:
                self.plan.fault(cell, f"“{said}” is used twice: row {same} has it too.")
            else:
                made.reference = said

    def _people(self, made: PlanRow, by_meaning: Mapping[str, list[PlanCell]]) -> None:
        made.lead_cells, made.partner_cells = by_meaning.get(LEAD.code, []), by_meaning.get(PARTNER.code, [])
        for cells, labels in ((made.lead_cells, made.leads), (made.partner_cells, made.partners)):
            for cell in cells:
                found = labels_in(cell.lines, self.known_names)
                labels.extend(label for label in found if label not in labels)
                if not found:
                    self.plan.leave(cell, "It does not name anyone.")

    def _days(self, made: PlanRow, by_meaning: Mapping[str, list[PlanCell]]) -> None:
        for cell in by_meaning.get(DUE.code, []):
            made.due, made.due_cell = read_due(cell), cell
            if made.due.warning:
                self.plan.warn(cell, made.due.warning)
        for cell in by_meaning.get(START.code, []):
            start = read_due(cell)
            if start.day is None:
                self.plan.leave(cell, "It does not give a date.")
            elif made.due.day and made.due.day < start.day:
                self.plan.leave(cell, "The first day comes after the due date.")
            else:
                made.starts_on = start.day

    def _progress(self, made: PlanRow, by_meaning: Mapping[str, list[PlanCell]]) -> None:
        """Take the last filled status and update: where there is a column for each quarter, that is the latest."""
        for code in (STATUS.code, UPDATE.code):
            if not (cells := by_meaning.get(code)):
                continue
            *earlier, last = cells
            for cell in earlier:
                self.plan.leave(cell, f"{last.place} has a later one.")
            if code == STATUS.code:
                made.status_cell = last
            else:
                made.update, made.update_cell = last.lines, last
        made.remedy = "\n".join(cell.lines for cell in by_meaning.get(REMEDY.code, []))

    def _figures(self, made: PlanRow, by_meaning: Mapping[str, list[PlanCell]]) -> None:
        for cell in by_meaning.get(BASELINE.code, []):
            made.baseline_cell, made.baseline = cell, read_figure(cell)
            made.baseline_heading = self.columns[cell.column].heading
            if made.baseline is None:
                self.plan.leave(cell, "A baseline has to be a number with a unit at most, such as 40, 12% or £1,200.")
            elif made.baseline.warning:
                self.plan.warn(cell, made.baseline.warning)
        for cell in by_meaning.get(TARGET.code, []):
            heading = self.columns[cell.column].heading
            figure = read_figure(cell)
            made.targets.append(PlanTarget(cell, figure, year_in(heading), heading))
            if figure and figure.warning:
                self.plan.warn(cell, figure.warning)

    def nest(self) -> None:
        """Put rows whose reference adds a letter or a number to another's below that one: “CW1.2a” below “CW1.2”."""
        known = {folded_reference(row.reference): row for row in self.plan.rows if row.reference}
        for row in self.plan.rows:
            found = _SUB_REFERENCE.fullmatch(row.reference)
            parent = known.get(folded_reference(found[1])) if found else None
            if parent and parent is not row and parent.priority == row.priority:
                row.parent = parent
        for row in self.plan.rows:  # an action's parts are a level of their own, which a plan's rows do not need
            while row.parent and row.parent.parent:
                row.parent = row.parent.parent
