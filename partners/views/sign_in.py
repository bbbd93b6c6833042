"""Signing in: by an emailed code for partners, by password or passkey for the council's people.

The library does the work; here is what differs: our pages, nothing lost on the way, and 422 for a form with errors.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account import views as account
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from partners.emails.codes import email_state
from partners.permissions import signs_in_by_password
from partners.sign_in.adapter import SIGN_IN_EMAIL
from partners.sign_in.demo_code import demo_code
from partners.sign_in.provider import provider_name

LOST: Final = (
    "That code can no longer be used. A code works for 15 minutes, in the browser that asked for it. Ask for a new one."
)
SPENT: Final = "You have entered three incorrect codes, so your code no longer works. Ask for a new one."


def page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a view of the library answer as our own do: 422 with errors."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response

    return answer


def _onwards(request: HttpRequest, name: str) -> str:
    """The address of the page ``name``, with where the person wanted to go."""
    return str(passthrough_next_redirect_url(request, reverse(name), REDIRECT_FIELD_NAME))


def _start_again(request: HttpRequest, sentence: str, name: str = "account_login") -> HttpResponse:
    messages.warning(request, sentence)
    return redirect(_onwards(request, name))


def _is_still_theirs(process: LoginCodeVerificationProcess | PasswordResetVerificationProcess) -> bool:
    """Whether the address that a code went to is still the person's: a mailbox that was given up opens nothing."""
    person, email = process.user, str(process.state.get("email", ""))
    return person is None or str(getattr(person, "email", "")).lower() == email.lower()


def _reset_under_way(request: HttpRequest) -> bool:
    process = PasswordResetVerificationProcess.resume(request)
    if process is not None and not _is_still_theirs(process):
        process.abort()
        return False
    return process is not None


def _typed_email(request: HttpRequest) -> str:
    return str(request.session.get(SIGN_IN_EMAIL, ""))


def _keep_email(request: HttpRequest, email: str) -> None:
    if email.strip():
        request.session[SIGN_IN_EMAIL] = email.strip()[:254]


class SignInView(account.RequestLoginCodeView):
    """The first page of signing in: an address, and then a code or a password."""

    template_name = "account/login.html"

    def get_initial(self) -> dict[str, Any]:
        return {"email": _typed_email(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _keep_email(request, request.POST.get("email", ""))
        if request.POST.get("way") == "password":
            return redirect(_onwards(request, "account_login_password"))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "provider": provider_name()}

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Whoever comes back to the start may start again; a code that was asked for holds meanwhile."""


class EmailProgressMixin:
    """Tells the template whether the email that somebody waits for could not be sent yet."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = email_state(self.request)
        told = {"email_is_late": state == "late", "email_was_refused": state == "refused"}
        return {**super().get_context_data(**kwargs), **told}  # type: ignore[misc]  # mixed in before a view that has it


class SignInCodeView(EmailProgressMixin, account.ConfirmLoginCodeView):
    """The code from the email. Known and unknown addresses see the same page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            stage = LoginStageController.enter(request, LoginByCodeStage.key)
            process = LoginCodeVerificationProcess.resume(stage) if stage else None
            if process is not None and not _is_still_theirs(process):
                process.abort()
                process = None
            if process is None:
                return _start_again(request, LOST)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if signs_in_by_password(self._process.user):  # became an officer since the code was sent
            clear_login(self.request)
            return _start_again(self.request, "Your role signs in with a password.", "account_login_password")
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        return _start_again(self.request, SPENT)


class PasswordSignInView(account.LoginView):
    """Password or passkey, for officers and administrators, and for others who have set one."""

    template_name = "account/login_password.html"

    def get_initial(self) -> dict[str, Any]:
        return {"login": _typed_email(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _keep_email(request, request.POST.get("login", ""))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "provider": provider_name()}

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """As :meth:`SignInView._redirect_to_pending_stage`."""


class PasskeyView(webauthn.LoginWebAuthnView):
    """A passkey in the place of the password."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """As :meth:`SignInView._redirect_to_pending_stage`."""

    def form_invalid(self, form: Any) -> HttpResponse:
        sentence = (
            "No passkey was sent. Passkeys need JavaScript and a device that has one. You can also use your password."
        )
        return _start_again(self.request, sentence, "account_login_password")


class SecondStepView(mfa.AuthenticateView):
    """What an authenticator app or a key says, after the password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not LoginStageController.enter(request, AuthenticateStage.key):
            return _start_again(request, "Signing in took too long. Start again.", "account_login_password")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if (
            self.webauthn_form is not None and form is self.webauthn_form
        ):  # it has no box on the page at which to say what is wrong
            for sentences in form.errors.values():
                messages.warning(self.request, sentences[0])
            return redirect("mfa_authenticate")
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = Authenticator.objects.filter(user_id=self.stage.login.user.pk, type=Authenticator.Type.WEBAUTHN)
        code = demo_code(self.stage.login.user)
        return {**super().get_context_data(**kwargs), "has_keys": keys.exists(), "demo_code": code}


class PasswordResetRequestView(account.PasswordResetView):
    """A code by email, to set a password: the first one too."""

    def get_initial(self) -> dict[str, Any]:
        return {"email": _typed_email(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _keep_email(request, request.POST.get("email", ""))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class PasswordResetCodeView(EmailProgressMixin, account.ConfirmPasswordResetCodeView):
    """The code that lets a new password be set."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _reset_under_way(request):
            return _start_again(request, LOST, "account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process is not None and self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        return _start_again(self.request, SPENT, "account_reset_password")


class NewPasswordView(account.CompletePasswordResetView):
    """Setting the password, after the code. Signing in with it comes next, with the second step where there is one."""

    success_url = reverse_lazy("account_login_password")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _reset_under_way(request):
            return _start_again(request, LOST, "account_reset_password")
        return super().dispatch(request, *args, **kwargs)


@require_safe
def back_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The library knows pages that are closed here, sign-up first of all. They lead to the page that says how one comes in."""
    return redirect(_onwards(request, "account_login"))
