"""OpenDocument's .ods: its content is read without a tree. Repeated empty rows and cells are counted and not made."""

import zipfile
from decimal import Decimal
from typing import Final

from vcsportal.common.office_parts import Attributes, Damaged, XmlReader, chunks
from vcsportal.common.spreadsheets.sheets_read import SheetRead, day_of, decimal_of
from vcsportal.common.spreadsheets.workbook import MAX_COLUMNS, MAX_ROWS, Merged, ReadingLimits, Sheet, SheetCell, Value
from vcsportal.common.words import Invalid

HIDDEN: Final = frozenset({"collapse", "filter"})


def read_ods(archive: zipfile.ZipFile, limits: ReadingLimits, deadline: float) -> tuple[Sheet, ...]:
    """Return the sheets of the document.

    :raises Damaged: it is no spreadsheet that an office program writes.
    :raises Invalid: it is protected, or has more than is read.
    """
    names = set(archive.namelist())
    if "META-INF/manifest.xml" in names:
        _refuse_protected(archive, limits.shown, deadline)
    if "content.xml" not in names:
        raise Damaged
    content = _Content(limits)
    content.reader = XmlReader(content.start, content.text, content.HEARD)
    _feed(archive, "content.xml", content.reader, deadline)
    return tuple(content.sheets)


def _feed(archive: zipfile.ZipFile, name: str, reader: XmlReader, deadline: float) -> None:
    for chunk in chunks(archive, archive.getinfo(name), deadline):
        reader.feed(chunk)
    reader.feed(b"", last=True)


def _refuse_protected(archive: zipfile.ZipFile, shown: str, deadline: float) -> None:
    def start(name: str, attributes: Attributes) -> None:
        if name == "encryption-data":
            raise Invalid(
                f"“{shown}” is protected with a password. Save it without one and choose it again.", field="file"
            )

    _feed(archive, "META-INF/manifest.xml", XmlReader(start, lambda name, words: None, frozenset()), deadline)


class _Content:
    """The sheets of a document, in the order of their elements."""

    HEARD: Final = frozenset(
        {"table", "table-row", "table-cell", "covered-table-cell", "p", "annotation", "automatic-styles", "shapes"}
    )
    reader: XmlReader

    def __init__(self, limits: ReadingLimits) -> None:
        self.sheets: list[Sheet] = []
        self._limits = limits
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._sheet: SheetRead | None = None
        self._depth = self._aside = 0
        self._row = self._column = self._declared = 0
        self._row_times = self._times = 1
        self._hidden = False
        self._cells: list[SheetCell] = []
        self._given: dict[str, str] = {}
        self._error = False
        self._texts: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "table-cell" | "covered-table-cell":
                self._start_cell(attributes)
            case "table-row":
                given = dict(attributes)
                self._row_times = _times(given, "number-rows-repeated")
                self._hidden = given.get("visibility", "") in HIDDEN
                self._column, self._cells = 0, []
            case "table-column":
                given = dict(attributes)
                times = _times(given, "number-columns-repeated")
                if self._sheet is not None and given.get("visibility", "") in HIDDEN:
                    last = min(self._declared + times, 16_384)
                    self._sheet.hidden_columns |= set(range(self._declared + 1, last + 1))
                self._declared += times
            case "s":
                self.reader.insert(" " * min(_times(dict(attributes), "c"), 1_000))
            case "tab":
                self.reader.insert("\t")
            case "line-break":
                self.reader.insert("\n")
            case "annotation" | "shapes":
                self._aside += 1
            case "table":
                self._start_table(dict(attributes))
            case "style":
                self._style = dict(attributes).get("name", "")
            case "table-properties":
                if dict(attributes).get("display", "") == "false":
                    self._hidden_styles.add(self._style)

    def text(self, name: str, words: str) -> None:
        match name:
            case "p":
                if not self._aside:
                    self._texts.append(words)
            case "table-cell" | "covered-table-cell":
                if self._depth == 1:
                    self._end_cell()
            case "table-row":
                if self._depth == 1:
                    self._end_row()
            case "annotation" | "shapes":
                self._aside -= 1
            case "table":
                self._depth -= 1
                if self._depth == 0 and self._sheet is not None:
                    self.sheets.append(self._sheet.done())
                    self._sheet = None

    def _start_table(self, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._limits.sheet(len(self.sheets) + 1)
            hidden = given.get("style-name", "") in self._hidden_styles
            self._sheet = SheetRead(given.get("name", ""), self._limits, hidden=hidden)
            self._row, self._declared = 0, 0

    def _start_cell(self, attributes: Attributes) -> None:
        self._given = {}
        self._error = False
        for key, value in attributes:
            if key == "value-type" and value == "error":  # LibreOffice's own, beside the type of the standard
                self._error = True
            else:
                self._given.setdefault(key, value)
        self._times = _times(self._given, "number-columns-repeated")
        if self._texts:
            self._texts = []

    def _end_cell(self) -> None:
        first = self._column + 1
        self._column += self._times
        if self._sheet is None:
            return
        columns, rows = _times(self._given, "number-columns-spanned"), _times(self._given, "number-rows-spanned")
        if columns > 1 or rows > 1:
            self._sheet.merge(Merged(self._row + 1, first, self._row + rows, first + columns - 1))
        formula = "formula" in self._given
        if not self._texts and not formula and "value-type" not in self._given:
            return
        value, percent, error = self._read_value()
        if value is None and not error and self._given.get("value-type", "") == "string":
            return  # a formula whose saved result is an empty text: nothing is in the cell
        for column in range(first, first + min(self._times, MAX_COLUMNS + 1)):
            cell = self._sheet.cell(
                self._row + 1, column, value, hidden_row=self._hidden, formula=formula, percent=percent, error=error
            )
            if cell is None:
                return
            self._cells.append(cell)

    def _read_value(self) -> tuple[Value, bool, str]:
        """Return the value, whether it is shown as a percentage, and the error."""
        given, text = self._given, "\n".join(self._texts)
        kind = given.get("value-type", "")
        if self._error or (text.startswith("#") and "formula" in given and text.endswith(("!", "?", "/A"))):
            return None, False, text.strip() or "#ERROR!"
        if text.startswith("Err:"):
            return None, False, text.strip()
        if kind in {"float", "currency", "percentage"}:
            return _number(given.get("value", "")), kind == "percentage", ""
        if kind == "date":
            return day_of(given.get("date-value", "")) or text, False, ""
        if kind == "boolean":
            return given.get("boolean-value", "") == "true", False, ""
        return text or given.get("string-value") or None, False, ""

    def _end_row(self) -> None:
        first = self._row + 1
        self._row += self._row_times
        if self._sheet is None or not self._cells:
            return
        self._sheet.add(first, self._cells, hidden=self._hidden)
        for number in range(first + 1, first + min(self._row_times, MAX_ROWS + 2)):
            again = (
                self._sheet.cell(
                    number, cell.column, cell.value, hidden_row=self._hidden, percent=cell.percent, error=cell.error
                )
                for cell in self._cells
            )
            self._sheet.add(number, [cell for cell in again if cell is not None], hidden=self._hidden)


def _times(given: dict[str, str], name: str) -> int:
    value = given.get(name, "1")
    if not value.isdecimal() or len(value) > 9:
        raise Damaged
    return max(int(value), 1)


def _number(text: str) -> Decimal | None:
    return decimal_of(float(text)) if text else None
