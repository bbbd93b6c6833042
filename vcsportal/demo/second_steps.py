"""The second steps of the demo's officers and administrators: made with secrets that anybody can work out, on purpose."""

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.utils import timezone

from partners.models import User
from partners.permissions import needs_second_step
from partners.sign_in.demo_code import DEMO_MARK
from vcsportal.demo.known_secrets import secret_of

SETS_UP: Final = "linden.lane@example.org"
"""An officer who has no second step yet, so that a newcomer can see how one is set up."""


def give_second_steps(people: list[User]) -> None:
    """Give an app to everybody of the story who needs one, but for :data:`SETS_UP`, who may set one up for a year."""
    fresh = User.objects.filter(pk__in=[person.pk for person in people])
    for person in fresh:
        if person.email == SETS_UP:
            User.objects.filter(pk=person.pk).update(second_step_until=timezone.now() + timedelta(days=365))
        elif needs_second_step(person):
            data = {"secret": encrypt(secret_of(person.email)), DEMO_MARK: True}
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)
            RecoveryCodes.activate(person)
            User.objects.filter(pk=person.pk).update(second_step_until=None)
