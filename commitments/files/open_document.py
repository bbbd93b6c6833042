"""OpenDocument texts and spreadsheets: their links, objects, sections, scripts and formulas."""

from typing import Final

from commitments.files.dangerous_content import (
    command,
    embedded,
    external,
    is_plain_link,
    leads_out,
    macros,
)
from commitments.files.dangerous_content import odd_link as odd
from commitments.files.formulas import bad_formula
from vcsportal.common.office_parts import Attributes, XmlReader
from vcsportal.common.words import Invalid

LINKS: Final = frozenset({"a", "hyperlink"})
"""Elements whose address is followed when somebody clicks it, and not before."""
PROGRAMS: Final = frozenset(
    {"script", "event-listener", "applet", "plugin", "floating-frame", "control-implementation"}
)
DDE: Final = frozenset({"dde-source", "dde-connection-decl", "dde-link", "dde-connection"})
DATA: Final = frozenset(
    {"database-source-sql", "database-source-table", "database-source-query", "connection-resource"}
)
ADDRESSES: Final = frozenset({"href", "src", "filter-name-href"})


class OpenDocument:
    """What was found in the parts of one file; raises the refusal at the first thing that may not be."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def reader(self) -> XmlReader:
        """Return a reader for one part of XML."""
        return XmlReader(self._start, lambda name, words: None, frozenset())

    def end(self) -> None:
        """Nothing is left to be said once a part was read."""

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "encryption-data":
            raise Invalid(
                f"“{self.shown}” is protected with a password. Save it without one and choose it again.",
                field="uploads",
            )
        if name in PROGRAMS:
            raise macros(self.shown)
        if name in DDE:
            raise command(self.shown, "DDE")
        if name in DATA:
            raise external(self.shown, name)
        if name == "object-ole":
            raise embedded(self.shown, "OLE")
        for key, value in attributes:
            if key in ADDRESSES:
                self._address(name, value)
            elif key in {"formula", "condition"} and (found := bad_formula(value)):
                raise command(self.shown, found)

    def _address(self, name: str, target: str) -> None:
        if name in LINKS:
            if not is_plain_link(target):
                raise odd(self.shown, target)
        elif leads_out(target) or (name != "template" and target.replace("\\", "/").startswith(("../", "/"))):
            raise external(self.shown, target)
