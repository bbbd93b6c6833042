"""How django-allauth behaves here: by invitation only, in our words, and calm when the mail server is away."""

import io
from typing import Any, Final, cast

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from qrcode.image.svg import SvgPathFillImage

from partners.emails.codes import keep_account_email
from partners.emails.composing import about_portal, as_text, render_email
from partners.models import User
from partners.permissions import is_council_staff, signs_in_by_password
from partners.sessions.ending import forget_sessions
from partners.sign_in import events, limits
from partners.sign_in.authentication_records import IDENTITY_PROVIDER, authentication_records
from partners.sign_in.provider import is_configured, is_linked
from vcsportal.common.encryption import Unreadable, decrypt, encrypt
from vcsportal.common.visitors import visitor_address

SIGN_IN_EMAIL: Final = "sign_in_email"
"""Where the session keeps the address that was typed, so that nobody types it twice."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is by invitation only. Every address gets the same page, and the email that is right for it."""

    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Your email address or password is incorrect. Check both, or set a new password.",
        "enter_current_password": "This is not the password that you use now.",
        "incorrect_code": "This is not the code in our latest email. Check it, or ask for another.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "There have been too many attempts. Wait ten minutes, then try again.",
        "rate_limited": "There have been too many attempts. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the library's limits count by: the one that the trail and the log record too."""
        return visitor_address(request) or "unknown"

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the passkey script asks for JSON. Everything else is a page."""
        return request.path == reverse("mfa_login_webauthn") and bool(super().is_ajax(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt, and record one that is not looked at any more."""
        email = str(credentials.get("email") or credentials.get("username") or "")
        self._login_failed_rl_usage = limits.use_up(request, "login_failed", email)
        if self._login_failed_rl_usage is None:
            events.too_many_attempts(request, credentials)
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        events.password_failed(request, credentials)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        request.session.pop(SIGN_IN_EMAIL, None)
        super().login(request, user)

    def get_login_stages(self) -> list[str]:
        """The library's, with the provider's second factor taken for ours where it is trusted."""
        own = {"allauth.mfa.stages.AuthenticateStage": "partners.sign_in.second_step_stage.SecondStepStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Refuse a password where staff have to use the council's provider."""
        response = super().pre_login(request, user, **kwargs)
        ways = {record["method"] for record in get_authentication_records(request, user)}
        password = "password" in ways and IDENTITY_PROVIDER not in ways
        if (
            response is None
            and password
            and settings.OIDC_REQUIRED_FOR_STAFF
            and is_configured()
            and is_council_staff(user)
        ):
            clear_login(request)
            messages.warning(request, f"Council staff sign in with {settings.OIDC_NAME}.")
            return redirect("account_login")
        return response

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Remember the browser, so that strangers' wrong passwords elsewhere are not counted against it."""
        response = super().post_login(request, user, **kwargs)
        limits.remember_device(request, response, cast(User, user))
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Keep an email of the library, and begin to send it. The page does not wait for the mail server."""
        events.code_asked(template_prefix, email, getattr(allauth_context.request, "path", ""))
        if template_prefix == "account/email/unknown_account":
            # Somebody who asks for a code but needs a password looks unknown until here, so that no page tells.
            person = User.objects.filter(email=email.lower(), is_active=True).first()
            if signs_in_by_password(person):
                template_prefix = "account/email/use_password"
        request = allauth_context.request
        values = {"request": request, "email": email, **context, **about_portal()}
        message = self.render_mail(template_prefix, email, values)
        kind = template_prefix.rpartition("/")[2]
        keep_account_email(request, kind=kind, to=email, subject=str(message.subject), text=f"{message.body}\n")

    def render_mail(self, template_prefix: str, email: Any, context: Any, headers: Any = None) -> EmailMessage:
        """Return an email of the library, in words alone. What enters it is escaped as in every email of ours."""
        subject, source = render_email(template_prefix, {**context, "email_of_recipient": email})
        return EmailMessage(subject, as_text(source).strip(), self.get_from_email(), [email], headers=headers)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password begins with fresh tries, and ends the sessions on other devices."""
        super().set_password(user, password)
        if isinstance(user, User):
            request = allauth_context.request
            limits.forget(request, "login_failed", user.email)
            forget_sessions(person=user, keep=request.session.session_key if request else None)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is, the usual one first. An emailed code serves people who sign in by one."""
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use your authenticator app or a recovery code",
            "mfa_reauthenticate:webauthn": "Use a passkey or security key",
        }
        ways = [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]
        if user.is_authenticated and is_linked(user):
            url = reverse("account_reauthenticate_provider")
            ways.append({"id": "provider", "description": f"Use {settings.OIDC_NAME}", "url": url})
            if any(proof.get("method") == IDENTITY_PROVIDER for proof in authentication_records(self.request)):
                ways.reverse()  # whoever came by the provider is asked there first
        if not ways and user.is_authenticated:
            ways = [{"id": "code", "description": "Use an emailed code", "url": reverse("account_reauthenticate_code")}]
        return ways

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("partners:account")


class MfaAdapter(DefaultMFAAdapter):
    """Names and sentences of the second step."""

    error_messages: dict[str, Any] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is incorrect. Codes change every 30 seconds: enter the one that your app shows now.",
        "cannot_generate_recovery_codes": "Recovery codes are for when you have lost your app or key. Set up one of these first.",
    }

    def encrypt(self, text: str) -> str:
        """Secrets of second steps are kept encrypted: a copy of the database alone makes no codes."""
        return encrypt(text, purpose="second step")

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret; one that was kept before they were encrypted is returned as it is."""
        try:
            return decrypt(encrypted_text, purpose="second step")
        except Unreadable:
            return encrypted_text

    def build_totp_svg(self, url: str) -> str:
        """The picture carries its own white ground, so that a telephone reads it on a dark page too."""
        picture = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return str(settings.PORTAL_NAME)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        name = str(super().generate_authenticator_name(user, type))
        return {"Master key": "My key", "Backup key": "My second key"}.get(name, name)
