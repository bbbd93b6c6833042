"""Records what happens at sign-in: django-allauth says it by signals and through its adapter, and this listens."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from partners.models import User
from partners.security.events import record_event, unknown_address

METHODS = {
    "password": "password",
    "code": "code by email",
    "provider_second_step": "second step at the identity provider",
}
STEPS = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey or security key",
    Authenticator.Type.RECOVERY_CODES: "recovery code",
}


def _step(kind: str) -> str:
    return str(STEPS.get(Authenticator.Type(kind), kind))


def _how(record: dict[str, Any]) -> str:
    if record["method"] == "mfa":
        return _step(record["type"])
    if record["method"] == "socialaccount":
        return f"account at {record.get('provider', 'another service')}"
    return METHODS.get(record["method"], str(record["method"]))


def _record(kind: str, user: Any, detail: str = "", *, alone: bool = True) -> None:
    """``alone``: nobody has proved to be ``user``, so that nobody is named as having done it."""
    record_event(kind, at=timezone.now(), by=None if alone else user, person=user, detail=detail)


def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record the ways in which somebody proved who they are."""
    ways = [_how(record) for record in get_authentication_records(request, user)]
    _record("signed_in", user, f"By {', then '.join(ways)}." if ways else "", alone=False)


def signed_out(user: Any, **kwargs: Any) -> None:
    """Record a sign-out, unless nobody was signed in."""
    if isinstance(user, User):
        _record("signed_out", user, alone=False)


def step_completed(user: User, method: str, **kwargs: Any) -> None:
    """Record that somebody who is signed in proved again who they are."""
    if kwargs.get("reauthenticated"):
        how = _how({"method": method, **{key: kwargs[key] for key in ("type", "provider") if key in kwargs}})
        _record("confirmed", user, f"By {how}.", alone=False)


def code_rejected(user: Any, last_attempt: bool, **kwargs: Any) -> None:
    """Record a wrong code from an email."""
    _record("code_failed", user, "To sign in. That was the last attempt." if last_attempt else "To sign in.")


def reset_code_rejected(user: Any, last_attempt: bool, **kwargs: Any) -> None:
    """Record a wrong code from an email that was to reset a password."""
    end = " That was the last attempt." if last_attempt else ""
    _record("code_failed", user, f"To reset the password.{end}")


def password_reset(user: User, **kwargs: Any) -> None:
    """Record a password set with a code from an email."""
    _record("password_reset", user)


def password_changed(user: User, **kwargs: Any) -> None:
    """Record a password that somebody set or changed while signed in."""
    _record("password_changed", user, alone=False)


def second_step_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Record a new app or key, or the first recovery codes."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record("recovery_codes_made", user, alone=False)
    else:
        _record("second_step_added", user, _name(authenticator), alone=False)


def second_step_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Record an app or key that was removed; recovery codes go with the last one and are not named."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_event(
            "second_step_removed", at=timezone.now(), by=user, person=authenticator.user, detail=_name(authenticator)
        )


def recovery_codes_made(user: User, **kwargs: Any) -> None:
    """Record new recovery codes."""
    _record("recovery_codes_made", user, alone=False)


def second_step_used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Record a recovery code that was used; other steps are part of the sign-in's own event."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record("second_step_recovered", user, "A recovery code was used.", alone=False)


def second_step_failed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Record a wrong code or key of the second step."""
    _record("second_step_failed", user, f"{_step(authenticator.type).capitalize()}.")


def _name(authenticator: Authenticator) -> str:
    step, own = _step(authenticator.type).capitalize(), str(authenticator.data.get("name", ""))
    return f"{step}: {own}" if own else f"{step}."


def password_failed(request: HttpRequest | None, credentials: dict[str, Any]) -> None:
    """Record a password that did not fit: at sign-in, or when somebody signed in had to prove who they are."""
    _about_address("sign_in_failed", request, credentials, "Wrong password.")


def too_many_attempts(request: HttpRequest | None, credentials: dict[str, Any]) -> None:
    """Record that no password is looked at for a while."""
    _about_address("sign_in_limited", request, credentials, "")


def _about_address(kind: str, request: HttpRequest | None, credentials: dict[str, Any], detail: str) -> None:
    user = getattr(request, "user", None)
    if isinstance(user, User):
        record_event(kind, at=timezone.now(), by=user, person=user, detail=detail or "While signed in.")
        return
    _about(kind, str(credentials.get("email") or credentials.get("username") or ""), detail)


def code_asked(template: str, address: str, path: str) -> None:
    """Record that a code was asked for. ``template``: the library's name of the email; ``path``: the page's."""
    if template.endswith(("login_code", "password_reset_code", "unknown_account", "use_password")):
        reset = template.endswith("password_reset_code") or "/password/reset" in path
        _about("reset_asked" if reset else "code_asked", address, "")


def _about(kind: str, address: str, detail: str) -> None:
    """Record an event about the person of an address; the same work is done for an address that is nobody's."""
    unknown = unknown_address(address)
    person = User.objects.filter(email=address.strip().lower()).first()
    record_event(kind, at=timezone.now(), person=person, detail=detail if person else unknown)


def listen() -> None:
    """Connect everything above; called once, when the portal starts."""
    for signal, receiver in (
        (account.user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (account.authentication_step_completed, step_completed),
        (account.login_code_rejected, code_rejected),
        (account.password_reset_code_rejected, reset_code_rejected),
        (account.password_reset, password_reset),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (mfa.authenticator_added, second_step_added),
        (mfa.authenticator_removed, second_step_removed),
        (mfa.authenticator_reset, recovery_codes_made),
        (mfa.authenticator_used, second_step_used),
        (mfa.authentication_failed, second_step_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"partners.sign_in.events.{receiver.__name__}.{id(signal)}")
