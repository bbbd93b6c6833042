"""Reads a file of areas: districts, counties and the like with their GSS codes. No database."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from partners.area_kinds import AREA_KINDS, kind_of_code, settled_kind
from vcsportal.common.data_file import DataFile, FileTable

GSS_CODE: Final = re.compile(r"[EKNSWJ]\d{8}")


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area as the file has it; ``replaced_by`` are the GSS codes of its successors, if there are any."""

    gss_code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    replaced_by: tuple[str, ...]
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
            kind=_kind(table, code),
            valid_from=table.day("valid_from", required=False),
            valid_to=table.day("valid_to", required=False),
            replaced_by=tuple(table.text_or_texts("replaced_by")),
            line=table.line,
        )
        table.finish()
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            table.fault("valid_to", "comes before valid_from.")
        if code and code in entry.replaced_by:
            table.fault("replaced_by", "names the area itself.")
        if len(set(entry.replaced_by)) < len(entry.replaced_by):
            table.fault("replaced_by", "names an area twice.")
        entries.append(entry)
    sheet.top.finish()
    sheet.check()
    return entries


def _kind(table: FileTable, code: str) -> str:
    """Return the kind of an area, as its word and its code have it; name what is wrong where they contradict each other."""
    written = table.choice("kind", [kind.code for kind in AREA_KINDS])
    if not written or not GSS_CODE.fullmatch(code):
        return written
    if kind := settled_kind(written, code):
        return kind.code
    if by_code := kind_of_code(code):
        table.fault(
            "kind",
            f"is “{written}”, but codes that begin with {by_code.entity} are of the kind “{by_code.code}”. Correct one of them.",
        )
    else:
        known = ", ".join(f"{kind.entity} ({kind.label})" for kind in AREA_KINDS)
        table.fault(
            "gss_code",
            f"{code} begins with {code[:3]}, which is not a kind of area that can be used. Codes begin with {known}.",
        )
    return written
