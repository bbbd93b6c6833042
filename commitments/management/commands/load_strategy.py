"""Load a strategy from its file: ``manage.py load_strategy commitments/strategies/….toml [--dry-run]``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.rules.kinds import nouns_of
from commitments.services.loading.commitments import Compared
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from vcsportal.common import plurals
from vcsportal.common.data_file import Faulty, read_text


class Command(BaseCommand):
    """Reads the file, reports every fault in it, and writes only if there is none."""

    help = "Load a strategy, its priorities and commitments from a readable file. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the strategy's file (TOML)")
        parser.add_argument(
            "--dry-run", action="store_true", help="show every commitment before and after, and write nothing"
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            entry = read(read_text(file))
            loaded = load_strategy(by=None, at=timezone.now(), entry=entry, dry_run=dry_run)
        except Faulty as faulty:
            faults = plurals.counted(len(faulty.faults), "fault")
            raise CommandError(f"{file} has {faults}. Nothing was written.\n{faulty}") from faulty
        for sentence in (*loaded.changes, *loaded.notes):
            self.stdout.write(sentence)
        if dry_run:
            for line in table(loaded.compared):
                self.stdout.write(line)
        counts = ", ".join(str(len(priority.commitments)) for priority in entry.priorities)
        nouns = nouns_of(entry.kind)
        total = sum(len(priority.commitments) for priority in entry.priorities)
        self.stdout.write(
            f"{entry.title}: {nouns.counted_priorities(len(entry.priorities))}, {nouns.counted_commitments(total)} ({counts}). "
            + _ending(changed=bool(loaded.changes), dry_run=dry_run)
        )


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
