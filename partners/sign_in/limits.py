"""How often somebody may try to sign in, so that guessing is hopeless and a stranger cannot shut the owner out.

Tries are counted by account *and* place. A place is a network address, or a browser that has signed in to this account
before: such a browser has a count of its own, which nobody else can use up. All other places together have a bound of
their own, far above what one person needs. A passkey is not a secret that can be guessed, so it is not counted by account.
"""

import secrets
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import RateLimitUsage, clear, consume, get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from partners.models import User

APP: Final = "allauth.account"
COOKIE: Final = "known_device"
COOKIE_LIFETIME_SECONDS: Final = 365 * 24 * 60 * 60
SALT: Final = "partners.known_device"
MAXIMUM_PEOPLE_PER_BROWSER: Final = 10
"""People who may share a browser; the one who signed in longest ago is forgotten first."""


def _fingerprint(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:16]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_LIFETIME_SECONDS)
        return str(kept["device"]), [str(fingerprint) for fingerprint in kept["people"]]
    except (signing.BadSignature, KeyError, TypeError):
        return "", []


def known_device(request: HttpRequest, email: str) -> str:
    """Return the number of this browser, if somebody has signed in to the account of ``email`` with it before; else ""."""
    device, people = _read(request)
    return device if device and _fingerprint(email) in people else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Note in a signed cookie that this browser signed in as ``person``. It gives no access; it has a count of its own."""
    device, people = _read(request)
    own = _fingerprint(person.email)
    people = [*(fingerprint for fingerprint in people if fingerprint != own), own][-MAXIMUM_PEOPLE_PER_BROWSER:]
    value = signing.dumps({"device": device or secrets.token_urlsafe(16), "people": people}, salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=COOKIE_LIFETIME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _counts(request: HttpRequest, action: str, email: str) -> list[tuple[str, str]]:
    """Return the counts that a try uses up, as the rate's name in ``ACCOUNT_RATE_LIMITS`` and the key of the count."""
    email = email.strip().lower()
    if device := known_device(request, email):
        return [(f"{action}_known", f"{email}|{device}")]
    return [(action, f"{email}|{get_ip(request)}"), (f"{action}_anywhere", email)]


def use_up(request: HttpRequest, action: str, email: str) -> RateLimitUsage | None:
    """Count one try of ``action`` ("login_failed", "ask_code", "ask_reset"); None if there were too many."""
    used = RateLimitUsage(usage=[])
    for name, key in _counts(request, action, email):
        more = consume(request, app=APP, action=name, key=key)
        if more is None:
            return None
        used.usage += more.usage
    return used


def forget(request: HttpRequest, action: str, email: str) -> None:
    """Begin with fresh tries here, after a new password."""
    for name, key in _counts(request, action, email):
        clear(request, app=APP, action=name, key=key)


def check_may_ask(request: HttpRequest, action: str, email: str) -> None:
    """Count one code that is asked for. Raise ``ValidationError`` if there were too many, for known and unknown addresses alike."""
    if use_up(request, action, email) is None:
        adapter: Any = get_adapter(request)
        raise adapter.validation_error("too_many_login_attempts")
