"""The library's forms of sign-in and security, with our labels, hints and sentences."""

import json
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.validators import MaxLengthValidator

from partners.permissions import signs_in_by_password
from partners.sign_in.limits import check_may_ask
from partners.sign_in.passwords import MAXIMUM_CHARACTERS, TOO_LONG, TOO_SHORT

APP_CODE_HINT = "The 6 digits that your authenticator app shows now, or one of your recovery codes."


class ShallowJsonDecoder(json.JSONDecoder):
    """Takes JSON that is nested beyond Python's own limit for what it is: broken."""

    def decode(self, text: str, *args: Any) -> Any:
        try:
            return super().decode(text, *args)
        except RecursionError:
            raise json.JSONDecodeError("Nested too deep", "", 0) from None


class PortalWords(forms.BaseForm):
    """Gives each field the portal's wording: ``words`` holds label, hint and the message for an empty field."""

    words: ClassVar[dict[str, tuple[str, str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint, missing) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages = {**field.error_messages, "required": missing}
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.JSONField):
                field.error_messages["invalid"] = missing
                field.decoder = ShallowJsonDecoder
            if isinstance(field.widget, forms.PasswordInput):  # a longer one is refused before it is hashed
                field.validators.append(MaxLengthValidator(MAXIMUM_CHARACTERS, TOO_LONG))
            if isinstance(field, forms.EmailField):  # for a telephone's keyboard with an @
                attributes = {key: value for key, value in field.widget.attrs.items() if key != "type"}
                field.widget = forms.EmailInput(attrs={"autocomplete": "email", **attributes})
                field.widget.is_required = field.required
            if name == "code":
                field.widget.attrs |= {"class": "govuk-input--width-10", "inputmode": "numeric", "spellcheck": "false"}


EMAIL_MISSING = "Enter your email address."
EMAIL_WRONG = "Enter an email address like name@example.org."
CODE_MISSING = "Type the code from the email."
NEW_PASSWORDS = {
    "password1": ("New password", TOO_SHORT, "Type a new password."),
    "password2": ("The same password again", "", "Type the new password a second time."),
}


class CodeRequestForm(PortalWords, account.RequestLoginCodeForm):
    """Who wants a code. Known and unknown addresses pass alike."""

    words: ClassVar = {"email": ("Your email address", "The address that your invitation came to.", EMAIL_MISSING)}
    _user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = EMAIL_WRONG

    def clean_email(self) -> str:
        email = str(super().clean_email())
        check_may_ask(context.request, "ask_code", email)
        if signs_in_by_password(self._user):
            self._user = None  # no code is made; the adapter's email says to use the password
        return email


class SignInCodeForm(PortalWords, account.ConfirmLoginCodeForm):
    words: ClassVar = {"code": ("Code", "8 digits, for example 1234-5678.", CODE_MISSING)}


class PasswordSignInForm(PortalWords, account.LoginForm):
    words: ClassVar = {
        "login": ("Your email address", "", EMAIL_MISSING),
        "password": ("Password", "", "Type your password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["invalid"] = EMAIL_WRONG

    def clean(self) -> Any:
        try:
            return super().clean()
        except forms.ValidationError as error:
            self.add_error("password", error)  # so that the summary leads to a box
        return self.cleaned_data


class PasswordResetRequestForm(PortalWords, account.ResetPasswordForm):
    words: ClassVar = {"email": ("Your email address", "We send a code to it.", EMAIL_MISSING)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = EMAIL_WRONG

    def clean_email(self) -> str:
        email = str(super().clean_email())
        check_may_ask(context.request, "ask_reset", email)
        return email


class PasswordResetCodeForm(PortalWords, account.ConfirmPasswordResetCodeForm):
    words: ClassVar = SignInCodeForm.words


class NewPasswordForm(PortalWords, account.ResetPasswordKeyForm):
    words: ClassVar = NEW_PASSWORDS


class SetPasswordForm(PortalWords, account.SetPasswordForm):
    words: ClassVar = NEW_PASSWORDS


class ChangePasswordForm(PortalWords, account.ChangePasswordForm):
    words: ClassVar = {
        "oldpassword": ("The password you use now", "", "Type the password that you use now."),
        **NEW_PASSWORDS,
    }


class ConfirmPasswordForm(PortalWords, account.ReauthenticateForm):
    words: ClassVar = {"password": ("Your password", "", "Type your password.")}


class SecondStepForm(PortalWords, mfa.AuthenticateForm):
    words: ClassVar = {"code": ("Code", APP_CODE_HINT, "Type the code.")}


class ConfirmBySecondStepForm(PortalWords, mfa.ReauthenticateForm):
    words: ClassVar = SecondStepForm.words


class ActivateAppForm(PortalWords, ActivateTOTPForm):
    words: ClassVar = {"code": ("Code", "The 6 digits that the app shows now.", "Type the code that the app shows.")}

    def secret_in_groups(self) -> list[str]:
        """The key as people copy it: four letters at a time."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


class SecurityKeyForm(forms.BaseForm):
    """What a key said, through a script: anything may stand in it, and none of it may be an error page."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            self.add_error(None, "The key’s answer could not be read. Try again, or choose another way.")


class AddKeyForm(SecurityKeyForm, PortalWords, AddWebAuthnForm):
    words: ClassVar = {
        "name": ("Name of the key", "To tell several apart, for example “Work laptop”.", "Give the key a name."),
        "passwordless": (
            "Sign in with this key alone",
            "A passkey: you can use it instead of a password. Your device will ask for your fingerprint, face or PIN.",
            "",
        ),
        "credential": ("Key", "", "Your browser did not send a key. This page needs JavaScript; try again."),
    }


NO_ANSWER: dict[str, tuple[str, str, str]] = {
    "credential": ("Key", "", "The key did not answer. Try again, or choose another way.")
}


class SecondStepByKeyForm(SecurityKeyForm, PortalWords, AuthenticateWebAuthnForm):
    words: ClassVar = NO_ANSWER


class ConfirmByKeyForm(SecurityKeyForm, PortalWords, ReauthenticateWebAuthnForm):
    words: ClassVar = NO_ANSWER


class SignInByKeyForm(SecurityKeyForm, PortalWords, LoginWebAuthnForm):
    words: ClassVar = NO_ANSWER


class RenameKeyForm(PortalWords, EditWebAuthnForm):
    words: ClassVar = {"name": ("Name of the key", "", "Give the key a name.")}
