"""Excel's .xlsx: its parts are read one by one, without a tree, so that a sheet of a million empty cells needs no memory."""

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import Final

from vcsportal.common.office_parts import Attributes, Damaged, XmlReader, chunks
from vcsportal.common.spreadsheets.number_formats import day_by_number, shows_day, shows_percentage
from vcsportal.common.spreadsheets.sheets_read import SheetRead, day_of, decimal_of
from vcsportal.common.spreadsheets.workbook import Merged, ReadingLimits, Sheet, SheetCell, Value, column_number

PLACE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
HIDDEN: Final = frozenset({"hidden", "veryHidden"})


def read_xlsx(archive: zipfile.ZipFile, limits: ReadingLimits, deadline: float) -> tuple[Sheet, ...]:
    """Return the sheets of the workbook.

    :raises Damaged: it is no workbook that an office program writes.
    :raises Invalid: it has more than is read.
    """
    main = _main_part(archive, deadline)
    targets = _relationships(archive, main, deadline)
    book = _Book(limits)
    _read(archive, main, book.start, _nothing, frozenset(), deadline)
    strings = _SharedStrings(limits)
    styles = _Styles(limits)
    for kind, path in targets.values():
        if kind == "sharedStrings":
            _read(archive, path, strings.start, strings.text, strings.HEARD, deadline)
        elif kind == "styles":
            _read(archive, path, styles.start, styles.text, styles.HEARD, deadline)
    sheets: list[Sheet] = []
    for name, state, key in book.sheets:
        kind, path = targets.get(key, ("", ""))
        if kind == "worksheet":  # a sheet may also be a chart
            sheet = SheetRead(name, limits, hidden=state in HIDDEN)
            cells = _Cells(sheet, strings.all, styles, from_1904=book.from_1904)
            _read(archive, path, cells.start, cells.text, cells.HEARD, deadline)
            sheets.append(sheet.done())
    return tuple(sheets)


def _nothing(name: str, words: str) -> None:
    pass


def _read(
    archive: zipfile.ZipFile,
    path: str,
    start: Callable[[str, Attributes], None],
    text: Callable[[str, str], None],
    heard: frozenset[str],
    deadline: float,
) -> None:
    try:
        part = archive.getinfo(path)
    except KeyError:
        raise Damaged from None
    reader = XmlReader(start, text, heard)
    for chunk in chunks(archive, part, deadline):
        reader.feed(chunk)
    reader.feed(b"", last=True)


def _relationships(archive: zipfile.ZipFile, path: str, deadline: float) -> dict[str, tuple[str, str]]:
    """Return what a part points at: the kind of it and its path, by key."""
    folder, name = posixpath.split(path)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship":
            given = dict(attributes)
            if given.get("TargetMode", "") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", "")))
                found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target.lstrip("/"))

    _read(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start, _nothing, frozenset(), deadline)
    return found


def _main_part(archive: zipfile.ZipFile, deadline: float) -> str:
    roots = _relationships(archive, "", deadline)
    return next((path for kind, path in roots.values() if kind == "officeDocument"), "xl/workbook.xml")


class _Book:
    """The list of sheets, and from which day this workbook counts."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self.sheets: list[tuple[str, str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        given = dict(attributes)
        if name == "sheet":
            self.sheets.append((given.get("name", ""), given.get("state", ""), given.get("id", "")))
            self._limits.sheet(len(self.sheets))
        elif name == "workbookPr":
            self.from_1904 = given.get("date1904", "") in {"1", "true", "on"}


class _Styles:
    """Which styles of cells show a day or a percentage, by their number."""

    HEARD: Final = frozenset({"cellXfs"})

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self.days: list[bool] = []
        self.percentages: list[bool] = []
        self._codes: dict[int, str] = {}
        self._of_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        given = dict(attributes)
        if name == "numFmt" and given.get("numFmtId", "").isdecimal():
            self._codes[int(given["numFmtId"])] = given.get("formatCode", "")
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            number = int(given.get("numFmtId", "0") or 0)
            code = self._codes.get(number, "")
            self.days.append(shows_day(number, code))
            self.percentages.append(shows_percentage(number, code))
            self._limits.styles(len(self.days))

    def text(self, name: str, words: str) -> None:
        self._of_cells = False


class _SharedStrings:
    """The texts of the workbook, which its cells name by number. Readings of East Asian words are left out."""

    HEARD: Final = frozenset({"si", "t", "rPh"})

    def __init__(self, limits: ReadingLimits) -> None:
        self.all: list[str] = []
        self._limits = limits
        self._parts: list[str] = []
        self._reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._reading = True

    def text(self, name: str, words: str) -> None:
        if name == "t" and not self._reading:
            self._parts.append(words)
        elif name == "rPh":
            self._reading = False
        elif name == "si":
            whole = _unescaped("".join(self._parts))
            self._limits.text(len(whole) + 1)
            self.all.append(whole)
            self._limits.strings(len(self.all))


class _Cells:
    """The cells of one sheet."""

    HEARD: Final = frozenset({"row", "c", "v", "f", "t", "rPh"})

    def __init__(self, sheet: SheetRead, strings: list[str], styles: _Styles, *, from_1904: bool) -> None:
        self._sheet, self._strings, self._styles, self._from_1904 = sheet, strings, styles, from_1904
        self._row = self._column = 0
        self._hidden = self._reading = self._formula = False
        self._cells: list[SheetCell] = []
        self._kind = self._style = ""
        self._value: str | None = None
        self._texts: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(dict(attributes))
        elif name == "row":
            given = dict(attributes)
            self._row = int(given.get("r", self._row + 1))
            self._hidden = given.get("hidden", "") in {"1", "true"}
            self._column, self._cells = 0, []
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._reading = True
        elif name == "col":
            given = dict(attributes)
            if given.get("hidden", "") in {"1", "true"}:
                last = min(int(given.get("max", "0")), 16_384)
                self._sheet.hidden_columns |= set(range(int(given.get("min", "1")), last + 1))
        elif name == "mergeCell":
            self._merge(dict(attributes).get("ref", ""))

    def text(self, name: str, words: str) -> None:
        if name == "v":
            self._value = words
        elif name == "t" and not self._reading:
            self._texts.append(words)
        elif name == "rPh":
            self._reading = False
        elif name == "c":
            if self._value is not None or self._texts or self._formula:
                self._end_cell()
        elif name == "row":
            self._sheet.add(self._row, self._cells, hidden=self._hidden)

    def _start_cell(self, given: dict[str, str]) -> None:
        if match := PLACE.fullmatch(given.get("r", "")):
            self._column = column_number(match[1])
        else:
            self._column += 1
        self._kind, self._style = given.get("t", "n"), given.get("s", "0")
        self._value, self._formula = None, False
        if self._texts:
            self._texts = []

    def _end_cell(self) -> None:
        if self._kind == "str" and self._value is not None and not self._value.strip():
            return  # a formula whose saved result is an empty text, as =IF(A5="","",…) has: nothing is in the cell
        value, percent, error = self._read_value()
        cell = self._sheet.cell(
            self._row, self._column, value,
            hidden_row=self._hidden, formula=self._formula, percent=percent, error=error,
        )  # fmt: skip
        if cell is not None:
            self._cells.append(cell)

    def _read_value(self) -> tuple[Value, bool, str]:
        """Return the value, whether it is shown as a percentage, and the error."""
        raw = self._value
        if self._kind == "inlineStr":
            return _unescaped("".join(self._texts)), False, ""
        if raw is None:
            return None, False, ""
        if self._kind == "s":
            place = int(raw)
            if not 0 <= place < len(self._strings):
                raise Damaged
            return self._strings[place], False, ""
        if self._kind == "str":
            return _unescaped(raw), False, ""
        if self._kind == "b":
            return raw.strip() in {"1", "true"}, False, ""
        if self._kind == "e":
            return None, False, raw.strip() or "#ERROR!"
        if self._kind == "d":
            return day_of(raw) or raw, False, ""
        if not raw.strip():
            return None, False, ""
        return self._number(raw)

    def _number(self, raw: str) -> tuple[Value, bool, str]:
        number = float(raw)
        style = int(self._style)
        days, percentages = self._styles.days, self._styles.percentages
        if style < len(days) and days[style] and (day := day_by_number(number, from_1904=self._from_1904)):
            return day, False, ""
        return decimal_of(number), style < len(percentages) and percentages[style], ""

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        if (begins := PLACE.fullmatch(first)) and (ends := PLACE.fullmatch(last)):
            self._sheet.merge(Merged(int(begins[2]), column_number(begins[1]), int(ends[2]), column_number(ends[1])))


def _unescaped(text: str) -> str:
    """Return a text without Excel's way of writing characters that XML can't hold: ``_x000D_``."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
