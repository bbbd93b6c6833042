"""Verify that no security event was changed or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.security.chain import seal, verify


class Command(BaseCommand):
    help = "Verify the chain over the security events; it ends with an error if one was changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            default="",
            metavar="NUMBER:CHECKSUM",
            help="A last link that an earlier run printed: it must still be there.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        expected = None
        if options["expect"]:
            number, colon, checksum = options["expect"].partition(":")
            if not colon or not number.isdigit():
                raise CommandError("Give --expect as an earlier run printed it, such as 1204:9f86d0…")
            expected = int(number), checksum.strip()
        seal(everything=True)
        verdict = verify(expected)
        for fault in verdict.faults[:50]:
            self.stdout.write(f"WRONG {fault}")
        self.stdout.write(f"{verdict.looked_at} events verified, {verdict.not_linked} not linked yet.")
        self.stdout.write(f"Last link: {verdict.last}:{verdict.checksum}")
        if verdict.faults:
            raise CommandError(f"Wrong: {len(verdict.faults)}. Someone has changed or removed security events.")
