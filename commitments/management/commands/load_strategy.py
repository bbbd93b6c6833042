"""Load a strategy from its file: ``manage.py load_strategy commitments/strategies/….toml [--dry-run]``.

A council's own spreadsheet of actions is loaded with ``--by`` and ``--mapping``; see docs/strategy-file.md.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.action_plan.mapping_file import read_mapping
from commitments.action_plan.rows import PlanNote
from commitments.rules.kinds import nouns_of
from commitments.services.loading.commitments import Compared
from commitments.services.loading.plan_files import load_plan_file
from commitments.services.loading.strategy import Loaded, load_strategy
from commitments.strategy_file.strategy import StrategyEntry, read
from partners.models import User
from vcsportal.common import plurals
from vcsportal.common.data_file import Faulty, read_text
from vcsportal.common.spreadsheets import read_workbook
from vcsportal.common.words import Refused

SPREADSHEETS = (".xlsx", ".ods", ".csv")
NEEDS_MORE = (
    "{} is a spreadsheet. Give --mapping FILE, with the details that the sheet does not give, and --by EMAIL, "
    "the administrator or officer who is loading it. docs/strategy-file.md shows such a file."
)


class Command(BaseCommand):
    """Reads the file, reports every fault in it, and writes only if there is none."""

    help = "Load a strategy, its priorities and commitments from a readable file. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="the strategy's file (TOML), or an action plan (.xlsx, .ods or .csv)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show every commitment before and after, and write nothing"
        )
        parser.add_argument(
            "--mapping", type=Path, help="for an action plan: a TOML file with the details that the plan does not give"
        )
        parser.add_argument(
            "--by", metavar="EMAIL", help="for an action plan: the email address of the person who is loading it"
        )

    def handle(
        self, *args: Any, file: Path, dry_run: bool, mapping: Path | None, by: str | None, **options: Any
    ) -> None:
        try:
            if file.suffix.lower() in SPREADSHEETS:
                entry, loaded, changes = self._plan(file, mapping, by, dry_run=dry_run)
            else:
                entry = read(read_text(file))
                loaded = load_strategy(by=None, at=timezone.now(), entry=entry, dry_run=dry_run)
                changes = loaded.changes
        except Faulty as faulty:
            faults = plurals.counted(len(faulty.faults), "fault")
            raise CommandError(f"{file} has {faults}. Nothing was written.\n{faulty}") from faulty
        for sentence in (*changes, *loaded.notes):
            self.stdout.write(sentence)
        if dry_run:
            for line in table(loaded.compared):
                self.stdout.write(line)
        counts = ", ".join(str(len(priority.commitments)) for priority in entry.priorities)
        nouns = nouns_of(entry.kind)
        total = sum(len(priority.commitments) for priority in entry.priorities)
        self.stdout.write(
            f"{entry.title}: {nouns.counted_priorities(len(entry.priorities))}, {nouns.counted_commitments(total)} ({counts}). "
            + _ending(changed=bool(changes), dry_run=dry_run)
        )

    def _plan(
        self, file: Path, mapping: Path | None, by: str | None, *, dry_run: bool
    ) -> tuple[StrategyEntry, Loaded, list[str]]:
        """Load an action plan; say what is to be known about its cells."""
        if mapping is None or not by:
            raise CommandError(NEEDS_MORE.format(file))
        person = User.objects.filter(email=by.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody who can sign in has the email address “{by}”. Nothing was written.")
        try:
            workbook = read_workbook(file.read_bytes(), file.name)
            asked = read_mapping(read_text(mapping), file.name)
            found = load_plan_file(by=person, at=timezone.now(), workbook=workbook, mapping=asked, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} can’t be opened: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(f"{refused.sentence} Nothing was written.") from refused
        self._cells("Check", found.warnings)
        self._cells("Not used", found.not_used)
        for entry in found.done.to_invite:
            self.stdout.write(f"To invite: {entry['label']}, {entry['email']}.")
        return found.done.planned.entry, found.done.loaded, found.done.changes

    def _cells(self, what: str, notes: Sequence[PlanNote]) -> None:
        for note in notes:
            said = f", “{note.said}”" if note.said else ""
            self.stdout.write(f"{what}: {note.place}{said}: {note.sentence}")


def table(compared: Sequence[Compared]) -> list[str]:
    """Return the commitments before and after as lines with columns below one another."""
    rows = [("Before", "", "After", "", "Key", "What happens")]
    rows += [(row.was_reference, row.was_title, row.reference, row.title, row.key, row.what) for row in compared]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return ["", lines[0], "-" * max(map(len, lines)), *lines[1:], ""]


def _ending(*, changed: bool, dry_run: bool) -> str:
    if not changed:
        return "Nothing would change." if dry_run else "Nothing changed."
    return "This was a dry run: nothing was written." if dry_run else "Loaded."
