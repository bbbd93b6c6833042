"""Back the whole portal up: ``manage.py backup FOLDER [--keep N]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vcsportal.backup.create import keep_newest, key_of_settings, make_backup
from vcsportal.backup.encryption import BackupFault


class Command(BaseCommand):
    """Write one encrypted file with database, files and settings, and read it back."""

    help = "Write database, files and settings into one encrypted file in FOLDER, and read it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept, on another disk than the portal’s")
        parser.add_argument("--keep", type=int, metavar="N", help="then remove all but the newest N backups there")

    def handle(self, *args: Any, **options: Any) -> None:
        keep = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("Keep at least 1 backup.")
        try:
            place, manifest = make_backup(options["folder"], at=timezone.now(), key=key_of_settings())
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        size = place.stat().st_size
        self.stdout.write(
            f"{place}: {size:,} bytes, {manifest.rows:,} rows of {len(manifest.tables)} tables and {manifest.files:,} files. "
            "It has been read back and is complete."
        )
        for removed in keep_newest(options["folder"], keep) if keep else ():
            self.stdout.write(f"Removed: {removed.name}")
