"""Let somebody set up their second step again when no other administrator can: ``manage.py recover_second_step EMAIL WHY``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partners.models import User
from partners.services.second_steps import recover_second_step
from partners.sign_in.second_step_emails import send_second_step_recovered
from vcsportal.common.words import Refused


class Command(BaseCommand):
    """For the only administrator who lost their phone or key. Everybody else asks an administrator, on the pages."""

    help = "Remove the lost second step of a person, end their sessions, and let them set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("why", help="why, and how you made sure that it is them, in quotation marks")

    def handle(self, *args: Any, email: str, why: str, **options: Any) -> None:
        person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody who can sign in has the address “{email}”.")
        at = timezone.now()
        try:
            recover_second_step(by=None, at=at, person=person, reason=why)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        send_second_step_recovered(person=person, by=None, at=at, reason=why)
        self.stdout.write(f"{person.name} can set up a second step again at their next sign-in.")
