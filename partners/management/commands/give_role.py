"""Give somebody a role at once: ``manage.py give_role EMAIL ROLE [--organisation SLUG]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partners import roles
from partners.models import Organisation, User
from partners.services.roles import add_person_with_role
from vcsportal.common.words import Refused


class Command(BaseCommand):
    """For whoever runs the servers, where no second administrator is there to invite an administrator to another role."""

    help = "Give a person who is known to the portal a role, without an invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("role", choices=[role.code for role in roles.ROLES])
        parser.add_argument(
            "--organisation", default="", help="the organisation's name in its address, where it needs one"
        )

    def handle(self, *args: Any, email: str, role: str, organisation: str, **options: Any) -> None:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {email.strip()}. Invite them under People.")
        within = Organisation.objects.filter(slug=organisation).first() if organisation else None
        if organisation and within is None:
            raise CommandError(f"There is no organisation “{organisation}”. Its name is the end of its page’s address.")
        try:
            add_person_with_role(
                by=None, at=timezone.now(), email=person.email, name=person.name, role=role, organisation=within
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        where = f" of {within.name}" if within else ""
        self.stdout.write(f"{person.name} is now {roles.BY_CODE[role].label.lower()}{where}.")
