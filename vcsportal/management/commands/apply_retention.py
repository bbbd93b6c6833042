"""Remove personal data that has been kept for long enough: ``manage.py apply_retention [--dry-run]``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services.retention_job import apply_retention, count_due


class Command(BaseCommand):
    """Apply the retention table now. The schedule does so every night."""

    help = "Remove personal data that has been kept for as long as the retention table says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what is due and remove nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["dry_run"]:
            for code, count in count_due(at).items():
                self._line(code, count)
            self.stdout.write("Nothing was removed: this was a dry run.")
            return
        run = apply_retention(at)
        counts = list(run.counts.order_by("kind"))
        for retention_count in counts:
            self._line(retention_count.kind, retention_count.count)
        if not counts:
            self.stdout.write("Nothing was due.")
        if failed := [retention_count.kind for retention_count in counts if retention_count.failed]:
            raise CommandError(f"These kinds could not be removed: {', '.join(failed)}. The log says why.")

    def _line(self, code: str, count: int) -> None:
        self.stdout.write(f"{count:>7}  {code}: {RULE[code].label}")
