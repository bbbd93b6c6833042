"""Load a directory of organisations from a spreadsheet: ``manage.py load_organisations FILE [--dry-run]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from partners.directory_file import notes_of, read
from partners.services.loading_directory import load_directory
from vcsportal.common import plurals
from vcsportal.common.data_file import Faulty
from vcsportal.common.spreadsheets.reading import read_workbook
from vcsportal.common.words import Refused


class Command(BaseCommand):
    """Reads the file, names every fault in it, and writes it only when there is none."""

    help = "Load or refresh the organisations of the directory from a CSV, .xlsx or .ods file. docs/strategy-file.md describes its columns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a file of organisations, with a row for each")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and save nothing")
        parser.add_argument("--overwrite", action="store_true", help="also change what people changed by hand")

    def handle(self, *args: Any, file: Path, dry_run: bool, overwrite: bool, **options: Any) -> None:
        at = timezone.now()
        try:
            workbook = read_workbook(file.read_bytes(), file.name)
            entries = read(workbook, today=timezone.localdate(at))
            with transaction.atomic():
                done = load_directory(by=None, at=at, entries=entries, overwrite=overwrite)
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"The file can't be opened: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except Faulty as faulty:
            raise CommandError(f"{file} has errors. Nothing was saved.\n{faulty}") from faulty
        for note in [*notes_of(workbook), *done.notes]:
            self.stdout.write(note)
        if done.kept:
            self.stdout.write("Add --overwrite to change what people changed by hand, too.")
        self.stdout.write(
            f"{plurals.counted(len(entries), 'organisation')} in the file: {len(done.added)} added, {len(done.changed)} changed, "
            f"{done.unchanged} as before.{' Nothing was written.' if dry_run else ''}"
        )
