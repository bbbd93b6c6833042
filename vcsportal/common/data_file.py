"""Reads the portal's readable data files (TOML) and names the line of every fault in them.

The standard library's parser says nothing about where a value stood, so a small scanner notes the line of every table
and key. All faults are collected, so that nobody has to correct a file one message at a time.
"""

import pathlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from vcsportal.common.plain_texts import tidy_line_ends

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_\-. ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-]+)*)\s*=\s*(.*)$")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong at one place of a file, as a sentence."""

    line: int
    place: str
    field: str
    sentence: str

    def __str__(self) -> str:
        line = "" if self.place.startswith(f"Row {self.line},") else f"line {self.line}"  # a cell of a CSV file says it
        return f"{', '.join(filter(None, [line, self.place, self.field]))}: {self.sentence}"


class Faulty(Exception):
    """The file can't be loaded; ``faults`` lists everything that is wrong with it, in the order of its lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def lines_of(text: str) -> dict[Path, int]:
    """Return the line of every table and key of a TOML text: ``("priority", 0, "commitment", 2, "wording")`` → 48."""
    found: dict[Path, int] = {}
    sizes: dict[Path, int] = {}
    table: Path = ()
    closing = ""  # the three quotes that end the text we are in
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif header := _HEADER.match(line):
            table = _enter([part.strip() for part in header[2].split(".")], sizes, listed=header[1] == "[[")
            found[table] = number
            if isinstance(table[-1], int):
                found.setdefault(table[:-1], number)  # the list itself stands where its first table does
        elif key := _KEY.match(line):
            found[(*table, *(part.strip() for part in key[1].split(".")))] = number
            quotes = key[2][:3]
            if quotes in {'"""', "'''"} and quotes not in key[2][3:]:
                closing = quotes
    return found


def _enter(parts: list[str], sizes: dict[Path, int], *, listed: bool) -> Path:
    here: Path = ()
    for depth, part in enumerate(parts, start=1):
        here += (part,)
        if listed and depth == len(parts):
            sizes[here] = sizes.get(here, 0) + 1
        if here in sizes:
            here += (sizes[here] - 1,)
    return here


class FileTable:
    """One table of a file: returns values of the expected kind, and records a fault for any other."""

    def __init__(self, values: dict[str, Any], *, path: Path = (), place: str = "", sheet: "DataFile") -> None:
        self.values, self.path, self.place, self.sheet = values, path, place, sheet
        self._asked: set[str] = set()

    @property
    def line(self) -> int:
        """The line of its header."""
        return self.sheet.line(self.path)

    def fault(self, field: str, sentence: str) -> None:
        """Note what is wrong with a field, or with the whole table where ``field`` is empty."""
        self.sheet.faults.append(
            Fault(self.sheet.line((*self.path, field) if field else self.path), self.place, field, sentence)
        )

    def _take(self, field: str, *, required: bool) -> Any:
        self._asked.add(field)
        if field not in self.values and required:
            self.fault(field, "is missing.")
        return self.values.get(field)

    def text(self, field: str, *, required: bool = True, longest: int = 0) -> str:
        """A text; a required one is not empty."""
        value = self._take(field, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(field, f"should be text in quotation marks, but is {_kind(value)}.")
            return ""
        tidy = value.strip()
        if required and not tidy:
            self.fault(field, "is empty.")
        if longest and len(tidy) > longest:
            self.fault(field, f"has {len(tidy)} characters. The limit is {longest}.")
        return tidy

    def slug(self, field: str, *, longest: int = 80) -> str:
        """A part of an address: small letters, digits and hyphens."""
        value = self.text(field, longest=longest)
        if value and not _SLUG.fullmatch(value):
            self.fault(
                field, f"“{value}” should be lowercase letters, digits and single hyphens, such as “our-strategy”."
            )
        return value

    def day(self, field: str, *, required: bool = True) -> date | None:
        """A day, written without quotation marks."""
        value = self._take(field, required=required)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.fault(field, f"should be a day such as 2025-03-31 without quotation marks, but is {_kind(value)}.")
        return None

    def flag(self, field: str, *, default: bool | None = None) -> bool:
        """``true`` or ``false``; without a default it is required."""
        value = self._take(field, required=default is None)
        if value is None:
            return bool(default)
        if isinstance(value, bool):
            return value
        self.fault(field, f"should be true or false without quotation marks, but is {_kind(value)}.")
        return False

    def whole(self, field: str) -> int | None:
        """A whole number."""
        value = self._take(field, required=True)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(field, f"should be a whole number without quotation marks, but is {_kind(value)}.")
        return None

    def number(self, field: str) -> Decimal | None:
        """A number, with or without decimals; it may be left out."""
        value = self._take(field, required=False)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
            return Decimal(str(value))
        self.fault(field, f"should be a number without quotation marks, but is {_kind(value)}.")
        return None

    def mapping(self, field: str) -> dict[str, Any]:
        """A small table in one line, such as ``{ "2024-25" = 12 }``; it may be left out."""
        value = self._take(field, required=False)
        if value is None or isinstance(value, dict):
            return value or {}
        self.fault(field, f"should be a table such as {{ name = 1 }}, but is {_kind(value)}.")
        return {}

    def items(self, field: str) -> list[Any]:
        """A list of whatever it holds; it may be left out."""
        value = self._take(field, required=False)
        if value is None or isinstance(value, list):
            return value or []
        self.fault(field, f"should be a list, but is {_kind(value)}.")
        return []

    def text_or_texts(self, field: str) -> list[str]:
        """A text, or a list of texts, as a list; it may be left out."""
        value = self._take(field, required=False)
        if value is None:
            return []
        several = value if isinstance(value, list) else [value]
        if all(isinstance(item, str) for item in several):
            return [item.strip() for item in several if item.strip()]
        self.fault(field, 'should be a text or a list of texts, such as "one" or ["one", "two"].')
        return []

    def texts(self, field: str) -> list[str]:
        """A list of texts; it may be left out."""
        value = self._take(field, required=False)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return [item.strip() for item in value]
        self.fault(field, 'should be a list of texts, such as ["one", "two"].')
        return []

    def choice(self, field: str, words: Iterable[str], *, default: str = "") -> str:
        """One of some words; ``default``, if there is one, where the field is left out."""
        value, words = self.text(field, required=not default) or default, list(words)
        if value and value not in words:
            self.fault(field, f"“{value}” is not one of: {', '.join(words)}.")
        return value

    def table(self, field: str, *, place: str) -> "FileTable | None":
        """A table below this one, which has to be there."""
        value = self._take(field, required=True)
        if isinstance(value, dict):
            return FileTable(value, path=(*self.path, field), place=place, sheet=self.sheet)
        if value is not None:
            self.fault(field, f"should be a table, headed [{'.'.join([*self._names(), field])}].")
        return None

    def tables(self, field: str, *, place: str, required: bool = True) -> list["FileTable"]:
        """The tables of a list; each is called by ``place`` and its number until it has a better name."""
        value = self._take(field, required=required)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [
                FileTable(item, path=(*self.path, field, at), place=f"{place} {at + 1}", sheet=self.sheet)
                for at, item in enumerate(value)
            ]
        if value is not None:
            self.fault(field, f"should be tables, each headed [[{'.'.join([*self._names(), field])}]].")
        return []

    def finish(self) -> None:
        """Record every unknown key as a fault: most are spelling mistakes."""
        for field in self.values:
            if field not in self._asked:
                self.fault(field, f"is not recognised here. You can use: {', '.join(sorted(self._asked))}.")

    def _names(self) -> list[str]:
        return [part for part in self.path if isinstance(part, str)]


class DataFile:
    """A whole file, read; raises :class:`Faulty` at once for a text that is not TOML."""

    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            line = int(where[1]) if where and where[1] else len(text.splitlines()) or 1
            said = _WHERE.sub("", str(error)).rstrip(".")
            raise Faulty([Fault(line, "", "", f"The file can't be read as TOML here: {said}.")]) from error
        self._lines = lines_of(text)
        self.top = FileTable(values, sheet=self)

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest table around it that has a line."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def check(self) -> None:
        """Raise :class:`Faulty` with everything noted so far."""
        if self.faults:
            raise Faulty(self.faults)


def _kind(value: Any) -> str:
    kinds = ((bool, "true or false"), (int, "a number"), (float, "a number"), (str, "a text"), (datetime, "a time"))
    known = (*kinds, (date, "a day"), (list, "a list"), (dict, "a table"))
    return next((word for kind, word in known if isinstance(value, kind)), "something else")


ZIP: Final = b"PK\x03\x04"
"""What every .xlsx, .ods and .docx begins with."""
SPREADSHEET: Final = (
    "The file is a spreadsheet or a document, and this command reads text files (TOML). "
    "docs/strategy-file.md shows what such a file looks like."
)


def read_text(file: pathlib.Path) -> str:
    """Return a file's text; a file that can't be read is a fault like any other."""
    try:
        content = file.read_bytes()
        if content.startswith(ZIP):
            raise Faulty([Fault(1, "", "", SPREADSHEET)])
        return tidy_line_ends(content.decode("utf-8"))
    except OSError as error:
        raise Faulty([Fault(1, "", "", f"The file can't be opened: {error.strerror}.")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Faulty([Fault(line, "", "", "The file is not in UTF-8. Save it again as UTF-8.")]) from error
