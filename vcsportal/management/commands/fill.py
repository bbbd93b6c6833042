"""Fill the demo with very much evidence: ``manage.py fill --evidence 1000000``."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from vcsportal.common.words import Refused
from vcsportal.demo.bulk_evidence import fill


class Command(BaseCommand):
    """Adds invented evidence to the demo story until there are so many items. Refused outside debug."""

    help = "Add invented evidence to the demo story, to see how the portal behaves at size (only in debug)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--evidence", type=int, required=True, metavar="NUMBER", help="how many items there are to be in all"
        )

    def handle(self, *args: Any, evidence: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This adds invented evidence, so it works only with DEBUG=1.")
        began = time.monotonic()
        try:
            added = fill(evidence, timezone.localdate())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        seconds = time.monotonic() - began
        self.stdout.write(
            f"Added {added:,} items of evidence in {seconds:.0f} seconds."
            if added
            else f"There are already {evidence:,} items of evidence or more. Nothing was changed."
        )
