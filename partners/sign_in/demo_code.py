"""In the demo, the page that asks for a code says what the code is. Never outside debug, never for an account of one's own."""

import time
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

CODE_PERIOD_SECONDS: Final = 30
"""Seconds for which a code is shown by an app (RFC 6238)."""
DEMO_MARK: Final = "demo"
"""Marks the data of an app that the demo story has set up."""


def code_of(secret: str, at: float) -> str:
    """Return the code that an authenticator app with this secret shows at ``at`` (seconds since 1970): six digits."""
    return str(format_hotp_value(hotp_value(secret, int(at) // CODE_PERIOD_SECONDS)))


def demo_code(person: Any) -> str:
    """Return the code of now for a person of the demo story, such as "123 456"; nothing for anybody else or outside debug.

    A code works once; one that is shown here works again, so that a newcomer may sign in and out as they like.
    """
    if not settings.DEBUG or person is None:
        return ""
    app = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).first()
    if app is None or app.data.get(DEMO_MARK) is not True:
        return ""
    code = code_of(decrypt(app.data["secret"]), time.time())
    cache.delete(TOTP(app)._get_used_cache_key(code))
    return f"{code[:3]} {code[3:]}"
