"""Take a report of an email that came back from standard input, as a mail server's alias can hand it over."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from partners.emails.bounces import MAXIMUM_REPORT_BYTES, read_bounces, record
from vcsportal.common import plurals


class Command(BaseCommand):
    help = "Mark the email that a delivery report on standard input is about as bounced."

    def handle(self, *args: Any, **options: Any) -> None:
        bounces = read_bounces(sys.stdin.buffer.read(MAXIMUM_REPORT_BYTES))
        if not bounces:
            self.stdout.write("This is not a delivery report. Nothing was changed.")
            return
        marked = record(bounces)
        self.stdout.write(f"{plurals.counted(marked, 'email')} marked as bounced.")
