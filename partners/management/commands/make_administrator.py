"""Make the first administrator: ``manage.py make_administrator EMAIL NAME``."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from partners.roles import ADMINISTRATOR
from partners.services.roles import add_person_with_role
from vcsportal.common.words import Refused


class Command(BaseCommand):
    """Makes a person an administrator. Everybody else is invited from the pages."""

    help = "Make a person an administrator: the first one of a new portal, or another when nobody can get in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they will sign in with")
        parser.add_argument("name", help="their full name, in quotation marks")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        email, name = email.strip().lower(), " ".join(name.split())
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an email address. Enter one like name@example.org.") from error
        if not name:
            raise CommandError("Say the person’s full name after the address, in quotation marks.")
        if len(name) > 150 or len(email) > 254:
            raise CommandError("A name has at most 150 characters, an address at most 254.")
        try:
            person = add_person_with_role(by=None, at=timezone.now(), email=email, name=name, role=ADMINISTRATOR.code)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        reset = settings.PORTAL_URL + reverse("account_reset_password")
        signs_in = settings.PORTAL_URL + reverse("account_login_password")
        self.stdout.write(f"{person.name} ({person.email}) is an administrator.")
        if not person.has_usable_password():
            self.stdout.write(
                f"Next: open {reset}, enter this address, and choose a password with the code from the email."
            )
        self.stdout.write(f"They sign in at {signs_in} and add a second step. Invite everyone else under People.")
