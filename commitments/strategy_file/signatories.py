"""Reads who has signed a charter from its file, and reports what is wrong with it. No database, and no name of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from commitments.rules.charters import MAX_POST_CHARACTERS, MAX_REASON_CHARACTERS, TOLD_HOW
from commitments.rules.kinds import KIND_BY_CODE
from vcsportal.common.data_file import Fault, FileTable


@dataclass(frozen=True, slots=True)
class SignatoryEntry:
    """One signature as the file has it. ``organisation`` is a slug; ``ended_on`` is None while it stands."""

    organisation: str
    signed_on: date
    signed_as: str
    told_how: str
    ended_on: date | None
    ended_why: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, name: str, sentence: str) -> Fault:
        """Return what is wrong with a field of it."""
        return Fault(self.lines.get(name, self.line), f"signatory {self.organisation}", name, sentence)


def read_signatories(tables: list[FileTable], kind: str) -> tuple[SignatoryEntry, ...]:
    """Return the signatories of a file. What is wrong is noted at the tables.

    :param kind: the kind of strategy that the file says it is; only a charter is signed.
    """
    found: list[SignatoryEntry] = []
    for table in tables:
        organisation = table.slug("organisation", longest=80)
        table.place = f"signatory {organisation}" if organisation else table.place
        signed_on = table.day("signed_on")
        ended_on = table.day("ended_on", required=False)
        told_how = table.text("told_how", required=False)
        codes = [code for code, _label in TOLD_HOW]
        if told_how and told_how not in codes:
            table.fault("told_how", f"“{told_how}” is not one of: {', '.join(codes)}.")
        signed_as = table.text("signed_as", required=False, longest=MAX_POST_CHARACTERS)
        ended_why = table.text("ended_why", required=False, longest=MAX_REASON_CHARACTERS)
        table.finish()
        if kind in KIND_BY_CODE and not KIND_BY_CODE[kind].signed:
            table.fault(
                "organisation", "is given, although only a charter is signed. Set the strategy’s kind to “charter”."
            )
        if ended_why and ended_on is None:
            table.fault("ended_why", "is given without the day on which it ended.")
        if signed_on is None:
            continue
        if ended_on is not None and ended_on < signed_on:
            table.fault("ended_on", "comes before the day on which it signed.")
        if any((same.organisation, same.signed_on) == (organisation, signed_on) for same in found):
            table.fault("organisation", "signed twice on the same day. Leave one of the two out.")
        lines = {name: table.sheet.line((*table.path, name)) for name in table.values}
        found.append(
            SignatoryEntry(organisation, signed_on, signed_as, told_how, ended_on, ended_why, table.line, lines)
        )
    return tuple(found)
