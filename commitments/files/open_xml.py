"""Word, Excel and PowerPoint files: every relationship of every part, every content type, fields and formulas."""

from typing import Final

from commitments.files.dangerous_content import (
    command,
    embedded,
    external,
    is_plain_link,
    leads_out,
    macros,
    odd_link,
)
from commitments.files.formulas import Fields, bad_formula
from vcsportal.common.office_parts import Attributes, XmlReader

PROGRAMS: Final = (
    "vbaproject", "vbadata", "wordvbadata", "activex", "control", "xlmacrosheet", "xlintlmacrosheet", "macrosheet", "macroenabled",
    "webextension", "taskpane", "attachedtoolbars", "msdownload", "javascript", "addin",
)  # fmt: skip
"""Words in the type of a part or relationship that say that it is a program, or loads one."""
FILES: Final = ("oleobject", "package", "afchunk", "embeddedobject", "text/html", "message/rfc822", "application/rtf")
ELSEWHERE: Final = (
    "attachedtemplate", "frame", "subdocument", "externallink", "externallinkpath", "connections", "querytable",
    "mailmergesource", "mailmergeheadersource", "recipientdata",
)  # fmt: skip
HARMLESS: Final = frozenset({"ctrlprop", "package.core-properties+xml", "package.relationships+xml"})
PICTURES: Final = frozenset({"imagedata", "fill", "stroke", "image", "OLEObject"})
HEARD: Final = frozenset({"instrText", "delInstrText", "f", "formula1", "formula2", "formula", "definedName"})


class OpenXml:
    """What was found in the parts of one file; raises the refusal at the first thing that may not be.

    :ivar types: the content types of its parts.
    """

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.types: set[str] = set()

    def reader(self) -> XmlReader:
        """Return a reader for one part of XML; :meth:`end` is called once the part was read."""
        self._fields = Fields()
        return XmlReader(self._start, self._text, HEARD)

    def end(self) -> None:
        """Refuse the part's fields if one reaches other programs or files."""
        if found := self._fields.finish():
            raise command(self.shown, found[0])

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self._relationship(attributes)
        elif name in {"Override", "Default"}:
            self._content_type(name, attributes)
        elif name == "fldChar":
            for kind in _values(attributes, "fldCharType"):
                self._fields.mark(kind)
        elif name == "fldSimple":
            for instruction in _values(attributes, "instr"):
                self._fields.whole(instruction)
        elif name in {"ddeLink", "oleLink"}:
            raise command(self.shown, "DDE" if name == "ddeLink" else "OLE")
        elif name == "script":
            raise macros(self.shown)
        elif name in PICTURES:
            for target in _values(attributes, "src", "href", "althref"):
                if leads_out(target):
                    raise external(self.shown, target)
        for action in _values(attributes, "action"):
            if action.lower().startswith(("ppaction://program", "ppaction://macro", "ppaction://ole")):
                raise macros(self.shown)

    def _text(self, name: str, words: str) -> None:
        if name in {"instrText", "delInstrText"}:
            self._fields.words(words)
        elif found := bad_formula(words):
            raise command(self.shown, found)

    def _content_type(self, name: str, attributes: Attributes) -> None:
        for kind in _values(attributes, "ContentType"):
            low = kind.lower().strip()
            if any(word in low for word in PROGRAMS if word != "control"):
                raise macros(self.shown)
            if name == "Override" and any(word in low for word in FILES if word != "package"):
                raise embedded(self.shown, kind)
            self.types.add(kind.strip())

    def _relationship(self, attributes: Attributes) -> None:
        targets = _values(attributes, "Target")
        outside = any(mode.strip().lower() == "external" for mode in _values(attributes, "TargetMode"))
        kinds = [kind.strip().lower().rpartition("/")[2] for kind in _values(attributes, "Type")]
        link = kinds == ["hyperlink"]
        where = targets[0] if targets else ""
        for kind in kinds:
            if kind not in HARMLESS and any(word in kind for word in PROGRAMS):
                raise macros(self.shown)
            if kind in ELSEWHERE or (outside and not link):
                raise external(self.shown, f"{kind}: {where}")
            if kind in FILES:
                raise embedded(self.shown, where)
        for target in targets:
            if link and outside and not is_plain_link(target):
                raise odd_link(self.shown, target)
            if not (link and outside) and leads_out(target):
                raise external(self.shown, target)


def _values(attributes: Attributes, *names: str) -> list[str]:
    return [value for name, value in attributes if name in names]
