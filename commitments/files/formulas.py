"""Fields and formulas that reach other programs, files or servers when a document is opened."""

import csv
import io
import re
from typing import Final

from commitments.files.dangerous_content import leads_out

FIELDS: Final = frozenset(
    {"DDE", "DDEAUTO", "LINK", "EMBED", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "DATABASE", "DATA", "RD"}
)
FUNCTIONS: Final = re.compile(
    r"(?<![\w.])(?:_xlfn\.)?(DDE|WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|FILES|FOPEN|INITIATE|EXECUTE|POKE)\s*\(",
    re.IGNORECASE,
)
PIPE: Final = re.compile(r"[A-Za-z][\w.]{0,60}\s{0,9}\|\s{0,9}(?:'[^']{0,500}'|[\w.\\:/]{0,100})\s{0,9}!\s{0,9}\w")
"""A formula that starts a program: ``cmd|'/c calc'!A1``."""
QUOTED_TEXT: Final = re.compile(r'"((?:[^"]|"")*)"')
QUOTED_NUMBERS: Final = re.compile(r"\d+|0x[0-9a-f]+", re.IGNORECASE)
OUTSIDE: Final = re.compile(r"'((?:[a-z][a-z0-9+.\-]{0,30}:|\\\\|//)[^']*)'", re.IGNORECASE)


def bad_formula(formula: str) -> str:
    """Return what of a formula reaches other programs or files; "" if nothing does."""
    bare = QUOTED_TEXT.sub('""', formula)
    if match := FUNCTIONS.search(bare):
        return match[1].upper()
    if match := PIPE.search(bare):
        return match[0]
    if match := OUTSIDE.search(bare):
        return match[1]
    if "HYPERLINK" in bare.upper():
        words: str
        for words in QUOTED_TEXT.findall(formula):
            if leads_out(words) and not re.match(r"(?:https?|mailto|tel):", words.strip(), re.IGNORECASE):
                return words
    return ""


def bad_cell(cell: str) -> str:
    """Return what of a cell of plain text a spreadsheet would run; "" if nothing."""
    plain = cell.strip()
    if plain[:1] in {"+", "-"}:  # "- Image (front)" is what people write
        match = PIPE.search(QUOTED_TEXT.sub('""', plain))
        return match[0] if match else ""
    return bad_formula(plain[1:]) if plain[:1] in {"=", "@"} else ""


def bad_table(words: str) -> str:
    """Return what a spreadsheet would run of a table in plain text, whichever sign parts its cells; "" if nothing."""
    for sign in ",;\t|":
        try:
            found = next(
                (
                    bad
                    for row in csv.reader(io.StringIO(words, ""), delimiter=sign)
                    for cell in row
                    if (bad := bad_cell(cell))
                ),
                "",
            )
        except csv.Error:  # a quotation mark that is never closed, or a cell as long as a book
            cells = (cell.strip(' "').replace('""', '"') for line in words.splitlines() for cell in line.split(sign))
            found = next(filter(None, map(bad_cell, cells)), "")
        if found:
            return found
    return ""


class Fields:
    """The fields of a Word document, put together from the pieces that the document splits them into.

    A field within a field is read first, as Word does: ``{ {QUOTE 68 68 69} cmd }`` is ``{ DDE cmd }``.

    :ivar found: the fields that reach other programs or files.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self._open: list[list[str]] = []

    def mark(self, kind: str) -> None:
        """Take a field's ``begin``, ``separate`` or ``end``."""
        if kind == "begin":
            self._open.append([""])
        elif kind == "separate" and self._open:
            self._open[-1].append("")  # what follows is the field's last result, not what it does
        elif kind == "end" and self._open:
            self._close()

    def words(self, words: str) -> None:
        """Take a piece of a field's instruction."""
        if self._open:
            self._open[-1][0] += words
        else:
            self.whole(words)

    def whole(self, instruction: str) -> None:
        """Take the instruction of a field that is written in one piece."""
        name = _name(instruction)
        if name in FIELDS:
            self.found.append(name)
        elif name == "HYPERLINK":
            for words in QUOTED_TEXT.findall(instruction):
                if leads_out(words.replace("\\\\", "\\")) and not re.match(
                    r"(?:https?|mailto|tel):", words.strip(), re.IGNORECASE
                ):
                    self.found.append(words)

    def finish(self) -> list[str]:
        """Close what was left open, as Word does at the end of a document; return :attr:`found`."""
        while self._open:
            self._close()
        return self.found

    def _close(self) -> None:
        instruction = self._open.pop()[0]
        self.whole(instruction)
        if self._open:
            self._open[-1][0] += _result(instruction)


def _name(instruction: str) -> str:
    match = re.match(r"[^\w]*(\w+)", instruction)
    return match[1].upper() if match else ""


def _result(instruction: str) -> str:
    """What a field within another gives to it: QUOTE its letters, which may be written as numbers; others nothing known."""
    if _name(instruction) != "QUOTE":
        return " "
    rest = instruction.strip().partition(" ")[2]
    if quoted := QUOTED_TEXT.findall(rest):
        return "".join(quoted)
    numbers = QUOTED_NUMBERS.findall(rest)
    return "".join(chr(value) for number in numbers if 0 < (value := int(number, 0)) < 0x110000)
