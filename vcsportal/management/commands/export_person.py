"""Write everything held about one person into a zip: ``manage.py export_person EMAIL FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.models import User
from partners.security.events import record_event
from vcsportal.privacy.personal_data_export import export_person


class Command(BaseCommand):
    """For large accounts: unlike the page, it has no limit to the files in it."""

    help = "Write everything that the portal holds about a person into a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("file", type=Path, help="the zip to be written; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("Nobody signs in with this address.")
        at = timezone.now()
        try:
            with options["file"].open("xb") as file:
                export_person(at=at, person=person, file=file, most_bytes=None)
        except FileExistsError as error:
            raise CommandError(f"{options['file']} is there already. Choose another name.") from error
        record_event("exported", at=at, person=person, subject="Everything held about a person", detail="By command.")
        self.stdout.write(f"Everything held about the person is in {options['file']}.")
