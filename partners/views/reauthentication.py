"""The pages on which people confirm who they are, by their app or by a code that is emailed to them."""

import time
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.views import ReauthenticateView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from partners.forms.sign_in import CODE_MISSING, PortalWords
from partners.sign_in.authentication_records import EMAILED_CODE, record_reauthentication
from partners.sign_in.demo_code import demo_code

CODE_SESSION_KEY: Final = "reauthentication_code"
CODE_LIFETIME_SECONDS: Final = 15 * 60
MAXIMUM_TRIES: Final = 3


@method_decorator(login_required, name="dispatch")
class ByApp(ReauthenticateView):
    """Confirm who you are by a code of the app, or a recovery code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_code": demo_code(self.request.user)}


class CodeForm(PortalWords, forms.Form):
    """The code of the email, for people who have no password."""

    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    words = {"code": ("Code", "8 digits, for example 1234-5678.", CODE_MISSING)}

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not (self.expected and compare_user_code(actual=code, expected=self.expected)):
            raise get_adapter().validation_error("incorrect_code")
        return code


@method_decorator(login_required, name="dispatch")
class ByCode(BaseReauthenticateView):
    """Confirm who you are by a code that is emailed to you: for people without a password."""

    form_class = CodeForm
    template_name = "account/reauthenticate_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("way") == "send":
            return self._send()
        return super().post(request, *args, **kwargs)

    def _send(self) -> HttpResponse:
        me: Any = self.request.user
        if limited := ratelimit.consume_or_429(self.request, action="confirm_code", key=str(me.pk)):
            return limited
        adapter = get_adapter(self.request)
        code = adapter.generate_login_code()
        adapter.send_mail("account/email/login_code", me.email, {"code": code, "user": me, "request": self.request})
        self.request.session[CODE_SESSION_KEY] = {"code": code, "at": time.time(), "wrong": 0, "person": me.pk}
        return redirect(self.passthrough_next_url(self.request.path))

    def _sent(self) -> dict[str, Any]:
        sent = self.request.session.get(CODE_SESSION_KEY) or {}
        works = sent.get("person") == self.request.user.pk and time.time() - sent.get("at", 0) < CODE_LIFETIME_SECONDS
        return sent if works and sent["wrong"] < MAXIMUM_TRIES else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "expected": self._sent().get("code", "")}

    def form_invalid(self, form: Any) -> HttpResponse:
        if sent := self._sent():
            self.request.session[CODE_SESSION_KEY] = {**sent, "wrong": sent["wrong"] + 1}
        if self._sent():
            return super().form_invalid(form)
        messages.warning(self.request, "That code can no longer be used. Ask for a new one.")
        return redirect(self.passthrough_next_url(self.request.path))

    def form_valid(self, form: Any) -> HttpResponse:
        del self.request.session[CODE_SESSION_KEY]
        record_reauthentication(self.request, EMAILED_CODE)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sent": bool(self._sent())}
