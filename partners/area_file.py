"""Reads a file of areas: districts and counties with their GSS codes. No database."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from vcsportal.common.data_file import DataFile

GSS_CODE: Final = re.compile(r"[EKNSWJ]\d{8}")
KINDS: Final = ("district", "county")


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area as the file has it; ``replaced_by`` is the GSS code of its successor, or nothing."""

    gss_code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    replaced_by: str
    line: int


def read(text: str) -> list[AreaEntry]:
    """Return the areas of a file. Raise :class:`vcsportal.common.data_file.Faulty` with all that is wrong."""
    sheet = DataFile(text)
    entries: list[AreaEntry] = []
    for table in sheet.top.tables("area", place="area"):
        code = table.text("gss_code")
        table.place = f"area {code}" if code else table.place
        if code and not GSS_CODE.fullmatch(code):
            table.fault("gss_code", f"“{code}” is not a GSS code. Enter one like E07000178.")
        if code and any(entry.gss_code == code for entry in entries):
            table.fault("gss_code", f"{code} is used twice.")
        entry = AreaEntry(
            gss_code=code,
            name=table.text("name", longest=100),
            kind=table.choice("kind", KINDS),
            valid_from=table.day("valid_from", required=False),
            valid_to=table.day("valid_to", required=False),
            replaced_by=table.text("replaced_by", required=False),
            line=table.line,
        )
        table.finish()
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            table.fault("valid_to", "comes before valid_from.")
        if entry.replaced_by and entry.replaced_by == code:
            table.fault("replaced_by", "names the area itself.")
        entries.append(entry)
    sheet.top.finish()
    sheet.check()
    return entries
