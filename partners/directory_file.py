"""Reads the file of a directory: a spreadsheet (CSV, .xlsx or .ods) with a row for each organisation. No database.

The first row has the names of the columns (:data:`COLUMNS`). Several values in a cell have semicolons between them. A column that
is left out says nothing; an empty cell of a column that is there says that there is nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from partners.contacts import check_contacts, tidy_telephone
from partners.kinds import GROUP, KINDS
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS, tidy_name
from partners.organisation_details import checked_mailbox, checked_website, former_names_in, identifiers_in, parts_of
from partners.standings import ENDED, LISTED
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.spreadsheets.values import UnreadableCell, day_of, text_of, yes_or_no_of
from vcsportal.common.spreadsheets.workbook import CellNote, Sheet, SheetCell, SheetRow, Workbook, with_heading
from vcsportal.common.words import Invalid, Refused

COLUMNS: Final = (
    "name", "slug", "former_names", "kind", "description", "website", "mailbox", "telephone", "contacts_confirmed", "districts",
    "strands", "identifiers", "standing", "ended_on", "succeeded_by", "source", "checked_on",
)  # fmt: skip
MAXIMUM_PLACES: Final = 10
"""Cells that a note names; more are counted."""
MAXIMUM_DESCRIPTION_CHARACTERS: Final = 600
MAXIMUM_SOURCE_CHARACTERS: Final = 300
MAXIMUM_SLUG_CHARACTERS: Final = 80
_KINDS: Final = {word.casefold(): code for code, label in KINDS for word in (code, label) if code != GROUP}


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One row: an organisation, and what the file says of it.

    :ivar values: by the names of the organisation's own fields; only those whose columns are there.
    :ivar districts: GSS codes or names, None where there is no such column. So ``strands``, by codes or words.
    :ivar identifiers: pairs of a register's code and the number as it is kept.
    :ivar succeeded_by: the slug or the name of the organisation that replaced it; "" for none, None where there is no such column.
    """

    row: int
    name: str
    slug: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    districts: tuple[str, ...] | None = None
    strands: tuple[str, ...] | None = None
    identifiers: tuple[tuple[str, str], ...] | None = None
    succeeded_by: str | None = None

    @property
    def place(self) -> str:
        """What a fault calls the row."""
        return f"organisation {self.name}"


def read(workbook: Workbook, *, today: date) -> list[ListedEntry]:
    """Return the rows of the first sheet that people see.

    :param today: what a day without a year is read by, and after which nothing has ended or been checked.
    :raises Faulty: with everything that is wrong, by row.
    """
    rows = _sheet(workbook).rows
    if not rows:
        raise Faulty([Fault(1, "", "", "The file has no rows.")])
    columns, faults = _columns(rows[0])
    entries, seen = list[ListedEntry](), dict[object, list[ListedEntry]]()
    for row in rows[1:]:
        reader = _RowReader(row, columns, today)
        entry = reader.entry()
        faults += reader.faults
        for column, key in _keys(entry):
            met = seen.setdefault((column, key), [])
            same = next((other for other in met if column != "name" or not _told_apart(entry, other)), None)
            if same is not None:
                faults.append(
                    Fault(row.number, entry.place, column, f"is in row {same.row} already. Leave one of them out.")
                )
            met.append(entry)
        entries.append(entry)
    if faults:
        raise Faulty(faults)
    return entries


def _keys(entry: ListedEntry) -> list[tuple[str, object]]:
    """Return what a row is known by, each with its column."""
    keys: list[tuple[str, object]] = [("name", entry.name.casefold())] if entry.name else []
    keys += [("slug", entry.slug)] if entry.slug else []
    return keys + [("identifiers", number) for number in dict.fromkeys(entry.identifiers or ()) if number[1]]


def _told_apart(entry: ListedEntry, other: ListedEntry) -> bool:
    """Whether two rows of one name are two organisations: by their slugs, their numbers in one register, or their districts."""
    if entry.slug and other.slug and entry.slug != other.slug:
        return True
    numbers = dict(other.identifiers or ())
    if any(numbers.get(scheme, value) != value for scheme, value in entry.identifiers or ()):
        return True
    here, there = ({word.casefold() for word in each.districts or ()} for each in (entry, other))
    return bool(here) and bool(there) and here.isdisjoint(there)


def notes_of(workbook: Workbook) -> list[str]:
    """Return why to look twice at the file: cells with formulas, merged or hidden ones, and sheets that are not read."""
    read_sheet = _sheet(workbook)
    places: dict[CellNote, list[str]] = {}
    headings = (
        {column: text_of_cell(cell) for column, cell in read_sheet.rows[0].cells.items()} if read_sheet.rows else {}
    )
    for row in read_sheet.rows:
        for cell in row.cells.values():
            heading = headings.get(cell.column, "") if row is not read_sheet.rows[0] else ""
            for note in cell.notes:
                places.setdefault(note, []).append(with_heading(cell.place, heading))
    found = [_listed(note.sentence(), where) for note, where in places.items()]
    others = [sheet.name for sheet in workbook.sheets if sheet is not read_sheet and sheet.rows]
    return [*found, *(f"The sheet “{name}” was not read." for name in others)]


def _listed(sentence: str, places: list[str]) -> str:
    more = f" and {len(places) - MAXIMUM_PLACES:,} more" if len(places) > MAXIMUM_PLACES else ""
    return f"{', '.join(places[:MAXIMUM_PLACES])}{more}: {sentence}"


def _sheet(workbook: Workbook) -> Sheet:
    return next((sheet for sheet in workbook.sheets if sheet.rows and not sheet.hidden), workbook.sheets[0])


def text_of_cell(cell: SheetCell | None) -> str:
    """Return what a heading says as a text; "" for one that shows an error."""
    try:
        return text_of(cell).strip()
    except UnreadableCell:
        return ""


def _columns(heading: SheetRow) -> tuple[dict[str, int], list[Fault]]:
    """Return the place of each column, and what is wrong with their names."""
    columns, faults = dict[str, int](), list[Fault]()
    for place, cell in heading.cells.items():
        name = text_of_cell(cell).casefold().replace(" ", "_")
        if name not in COLUMNS:
            faults.append(
                Fault(
                    heading.number, "", name, f"is not a column name we recognise. You can use: {', '.join(COLUMNS)}."
                )
            )
        elif name in columns:
            faults.append(Fault(heading.number, "", name, "appears twice."))
        columns[name] = place
    if "name" not in columns:
        faults.append(
            Fault(heading.number, "", "name", "is missing: the first row must have the names of the columns.")
        )
    return columns, faults


class _RowReader:
    """Reads one row, and notes what is wrong in it."""

    def __init__(self, row: SheetRow, columns: Mapping[str, int], today: date) -> None:
        self.row, self.columns, self.today = row, columns, today
        self.faults: list[Fault] = []
        self._texts: dict[str, str | None] = {}
        self.name = self._text("name")

    def entry(self) -> ListedEntry:
        """Return what the row says, as far as it can be read."""
        values: dict[str, Any] = {}
        for column, name, tidy in self._rules():
            if column in self.columns:
                text = self._readable(column)
                values[name] = None if text is None else self._read(column, tidy, text)
        for name in ("ended_on", "checked_on"):
            if name in self.columns:
                values[name] = self._day(name)
        if "contacts_confirmed" in self.columns:
            values["contacts_confirmed"] = bool(
                self._read("contacts_confirmed", yes_or_no_of, self._cell("contacts_confirmed"))
            )
        self._check(values)
        return ListedEntry(
            self.row.number, self.name, self._read("slug", _slug, self._text("slug")) or "", values, self._parts("districts"), self._parts("strands"),
            self._identifiers(), self._text("succeeded_by") if "succeeded_by" in self.columns else None,
        )  # fmt: skip

    def _rules(self) -> tuple[tuple[str, str, Callable[[str], Any]], ...]:
        """Return of each text: its column, the organisation's field, and what makes it tidy or refuses it."""
        return (
            ("name", "name", partial(tidy_name, longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)),
            ("former_names", "former_names", self._former_names),
            ("kind", "kind", _kind),
            ("description", "description", partial(_bounded, longest=MAXIMUM_DESCRIPTION_CHARACTERS)),
            ("website", "website", checked_website),
            ("mailbox", "team_mailbox", checked_mailbox),
            ("telephone", "telephone", tidy_telephone),
            ("standing", "standing", _standing),
            ("source", "source", partial(_bounded, longest=MAXIMUM_SOURCE_CHARACTERS)),
        )

    def _former_names(self, text: str) -> str:
        names = [tidy_name(part, longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS) for part in former_names_in(text)]
        return "\n".join(dict.fromkeys(name for name in names if name.casefold() != self.name.casefold()))

    def _check(self, values: dict[str, Any]) -> None:
        """Note what can't be together."""
        ended = values.get("standing") == ENDED
        if not ended and (values.get("ended_on") or self._text("succeeded_by")):
            self._fault("standing", f"must be “{ENDED}” for an organisation with a last day or a successor.")
        for name in ("ended_on", "checked_on"):
            if (day := values.get(name)) and day > self.today:
                self._fault(name, "is in the future.")
        contacts = {"mailbox": values.get("team_mailbox") or "", "telephone": values.get("telephone") or ""}
        try:
            check_contacts(name=self.name, confirmed=values.get("contacts_confirmed", False), **contacts)
        except Invalid as refused:
            column = "mailbox" if refused.field == "team_mailbox" else refused.field
            self._fault(column, f"{refused.sentence} Here, “yes” in the column contacts_confirmed confirms it.")

    def _identifiers(self) -> tuple[tuple[str, str], ...] | None:
        if "identifiers" not in self.columns:
            return None
        return tuple(self._read("identifiers", identifiers_in, self._text("identifiers")) or ())

    def _cell(self, column: str) -> SheetCell | None:
        return self.row.cells.get(self.columns[column]) if column in self.columns else None

    def _text(self, column: str) -> str:
        return self._readable(column) or ""

    def _readable(self, column: str) -> str | None:
        """Return what a cell says; None, with a fault, where it shows an error: an empty text would delete what is there."""
        if column not in self._texts:
            self._texts[column] = self._read(column, text_of, self._cell(column))
        return self._texts[column]

    def _parts(self, column: str) -> tuple[str, ...] | None:
        return tuple(parts_of(self._text(column))) if column in self.columns else None

    def _day(self, column: str) -> date | None:
        found: date | None = self._read(column, partial(day_of, today=self.today), self._cell(column))
        return found

    def _read(self, column: str, tidy: Callable[[Any], Any], given: Any) -> Any:
        """Return what ``tidy`` makes of it; None, with a fault, where it refuses."""
        try:
            return tidy(given)
        except Refused as refused:
            self._fault(column, refused.sentence)
        except UnreadableCell as refused:
            self._fault(column, str(refused))
        return None

    def _fault(self, column: str, sentence: str) -> None:
        self.faults.append(Fault(self.row.number, f"organisation {self.name}" if self.name else "", column, sentence))


def _bounded(text: str, *, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(f"has {len(text)} characters. Shorten it to {longest} or fewer.", field="text")
    return text


def _slug(text: str) -> str:
    if text and not re.fullmatch(r"[a-z0-9_-]+", text):
        raise Invalid("Use small letters, digits and hyphens only, such as ash-green-allotments.", field="slug")
    return _bounded(text, longest=MAXIMUM_SLUG_CHARACTERS)


def _kind(text: str) -> str:
    if text.casefold() not in _KINDS:
        raise Invalid(
            f"“{text[:60]}” is not a kind of organisation. Use one of: {', '.join(sorted(set(_KINDS.values())))}.",
            field="kind",
        )
    return _KINDS[text.casefold()]


def _standing(text: str) -> str:
    if text.casefold() not in {"", LISTED, ENDED}:
        raise Invalid(
            f"“{text[:60]}” is neither “{LISTED}” nor “{ENDED}”. An organisation starts to take part when its people are invited.",
            field="standing",
        )
    return text.casefold() or LISTED
