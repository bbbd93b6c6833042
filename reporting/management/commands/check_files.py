"""Check that every stored file is there and unchanged: after a restore, after moving the data, or when in doubt."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.services.stored_files import check_stored_files
from vcsportal.common.stored_files import StoreUnavailable


class Command(BaseCommand):
    """Read every file of evidence and of every edition, drafts too, and compare it with the database."""

    help = "Check every stored file (evidence, draft and published editions) against its recorded size and checksum."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--record", action="store_true", help="record checksums of files that were stored before there were any"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = check_stored_files(
                at=timezone.now(), record=options["record"], progress=lambda line: self.stdout.write(f"WRONG {line}")
            )
        except StoreUnavailable as away:
            raise CommandError(f"{away} The check is not complete.") from away
        for name in found.not_recorded:
            self.stdout.write(f"NO CHECKSUM {name}: it can be read, but nothing says what it was. --record records it.")
        for name in found.without_row:
            self.stdout.write(f"NO ROW {name}: nobody can see it. It is removed when it is 30 days old.")
        self.stdout.write(found.summary())
        if found.wrong:
            raise CommandError("Something is wrong. The lines that begin with WRONG say what.")
