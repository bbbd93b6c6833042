"""How lately, and by what means, the person of a session proved who they are.

The library keeps a list of proofs in the session (password, emailed code, second step, identity provider), each with its
time. Signing in counts as a proof. ASVS 7.5.3: sensitive acts ask again.
"""

import time
from typing import Any, Final, cast

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

EMAILED_CODE: Final = "code"
SECOND_STEP: Final = "mfa"
IDENTITY_PROVIDER: Final = "socialaccount"
SECOND_STEP_AT_PROVIDER: Final = "provider_second_step"


def authentication_records(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the proofs of this session, the oldest first, each with ``method`` and ``at`` (seconds since 1970)."""
    return list(get_authentication_records(request, getattr(request, "user", None)))


def authenticated_recently(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last ``ASK_AGAIN_AFTER_SECONDS``."""
    newest = max((float(proof.get("at", 0)) for proof in authentication_records(request)), default=0.0)
    return bool(0 <= time.time() - newest < settings.ASK_AGAIN_AFTER_SECONDS)


def record_reauthentication(request: HttpRequest, method: str) -> None:
    """Note that the signed-in person has proved once more who they are."""
    record_authentication(request, cast(AbstractBaseUser, request.user), method=method, reauthenticated=True)
