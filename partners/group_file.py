"""The groups of a strategy's file: what each is and the seats it has. Posts and organisations only, never names. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from vcsportal.common.data_file import FileTable

TEXTS: Final = ("reports_to", "purpose", "aims", "terms_of_reference", "source", "rests_why")
SHORT_TEXTS: Final = {"supporting_team": 200, "founded": 60, "statutory_basis": 300, "meets": 120}
"""Short texts with the most characters of each."""
DAYS: Final = ("rests_since", "reviewed_on")


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """A seat, and who holds it since when: a post, an organisation by its slug, or both; neither where it is vacant."""

    title: str
    chair: bool
    secretary: bool
    post: str
    organisation: str
    since: date | None
    line: int


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group; ``parent`` and ``supported_by`` are slugs. ``lines`` are the lines of its fields, for faults found later."""

    slug: str
    name: str
    parent: str
    supported_by: str
    values: Mapping[str, Any]
    seats: tuple[SeatEntry, ...]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)


def read_groups(tables: list[FileTable]) -> tuple[GroupEntry, ...]:
    """Return the groups of a file; what is wrong with one is noted as a fault of its table."""
    entries: list[GroupEntry] = []
    for table in tables:
        slug = table.slug("slug")
        table.place = f"group {slug}" if slug else table.place
        if slug and any(entry.slug == slug for entry in entries):
            table.fault("slug", f"“{slug}” is used twice.")
        values: dict[str, Any] = {name: table.text(name, required=False) for name in TEXTS}
        values |= {name: table.text(name, required=False, longest=longest) for name, longest in SHORT_TEXTS.items()}
        values |= {name: table.day(name, required=False) for name in DAYS}
        entry = GroupEntry(
            slug=slug, name=table.text("name", longest=200),
            parent=table.text("parent", required=False, longest=80),
            supported_by=table.text("supported_by", required=False, longest=80), values=values,
            seats=_seats(table.tables("seat", place="seat", required=False)), line=table.line,
            lines={name: table.sheet.line((*table.path, name)) for name in table.values},
        )  # fmt: skip
        table.finish()
        if slug and entry.parent == slug:
            table.fault("parent", "A group can’t be a sub-group of itself.")
        if bool(values["rests_since"]) != bool(values["rests_why"]):
            table.fault(
                "rests_since" if values["rests_why"] else "rests_why",
                "is missing. Give rests_since and rests_why together, or neither.",
            )
        entries.append(entry)
    return tuple(entries)


def _seats(tables: list[FileTable]) -> tuple[SeatEntry, ...]:
    entries: list[SeatEntry] = []
    for table in tables:
        entry = SeatEntry(
            title=" ".join(table.text("title", longest=200).split()),
            chair=table.flag("chair", default=False),
            secretary=table.flag("secretary", default=False),
            post=table.text("post", required=False, longest=200),
            organisation=table.text("organisation", required=False, longest=80),
            since=table.day("since", required=False),
            line=table.line,
        )
        table.finish()
        if entry.title and any(entry.title == other.title for other in entries):
            table.fault(
                "title", f"“{entry.title}” is used twice in this group. Number the seats, such as “Parish councils 2”."
            )
        if bool(entry.post or entry.organisation) != bool(entry.since):
            table.fault(
                "since", "Give since together with post or organisation. Leave out all three for a vacant seat."
            )
        entries.append(entry)
    return tuple(entries)
