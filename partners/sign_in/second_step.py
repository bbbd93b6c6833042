"""The second step: whether a session has it, and whether it may be set up or removed.

:mod:`partners.services.second_steps` opens the time for setting up, and recovers a step that was lost.
"""

from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from partners.models import User
from partners.sign_in.authentication_records import SECOND_STEP, SECOND_STEP_AT_PROVIDER, authentication_records
from vcsportal.common.words import NotNow

LAST_ONE: Final = (
    "This is your only second step, and your role needs one. Add another app or key first, then remove this one."
)


def has_second_step_proof(request: HttpRequest) -> bool:
    """Whether this session was begun, or confirmed later, with a second step (or with the provider's, where it is trusted)."""
    return any(
        proof.get("method") in {SECOND_STEP, SECOND_STEP_AT_PROVIDER} for proof in authentication_records(request)
    )


def may_set_up_second_step(person: User, at: datetime) -> bool:
    """Whether a person without a second step may set up the first one now."""
    return person.second_step_until is not None and at < person.second_step_until


def check_can_remove_second_step(person: User, authenticator: Authenticator, *, needed: bool) -> None:
    """Raise :class:`Refused` if this is the last second step of a person who needs one."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exclude(pk=authenticator.pk)
    if needed and authenticator.type in kinds and not others.exists():
        raise NotNow(LAST_ONE)
