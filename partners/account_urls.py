"""Addresses of sign-in. Names are django-allauth's, since its code looks them up; only what we need is open."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from partners.page_parts.reauthentication import asks_again
from partners.views import provider, reauthentication
from partners.views import second_step as step
from partners.views import sign_in as ours
from partners.views.sign_in import page

urlpatterns = [
    path("login/", page(ours.SignInView.as_view()), name="account_login"),
    path("login/password/", page(ours.PasswordSignInView.as_view()), name="account_login_password"),
    path("login/code/confirm/", page(ours.SignInCodeView.as_view()), name="account_confirm_login_code"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", page(account.reauthenticate), name="account_reauthenticate"),
    path("reauthenticate/provider/", provider.confirm, name="account_reauthenticate_provider"),
    path("provider/", provider.sign_in, name="account_provider_login"),
    path("provider/callback/", provider.callback, name="account_provider_callback"),
    path("reauthenticate/code/", page(reauthentication.ByCode.as_view()), name="account_reauthenticate_code"),
    path("password/change/", page(account.password_change), name="account_change_password"),
    path("password/set/", asks_again(page(account.password_set)), name="account_set_password"),
    path("password/reset/", page(ours.PasswordResetRequestView.as_view()), name="account_reset_password"),
    path(
        "password/reset/confirm/",
        page(ours.PasswordResetCodeView.as_view()),
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/complete/", page(ours.NewPasswordView.as_view()), name="account_complete_password_reset"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # The library looks these names up. Nobody signs up by themselves, and addresses are the administrator's to change.
    path("login/code/", ours.back_to_sign_in, name="account_request_login_code"),
    path("signup/", ours.back_to_sign_in, name="account_signup"),
    path("email/", ours.back_to_sign_in, name="account_email"),
    path("confirm-email/", ours.back_to_sign_in, name="account_email_verification_sent"),
    # The second step.
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", page(ours.SecondStepView.as_view()), name="mfa_authenticate"),
    path("2fa/reauthenticate/", page(reauthentication.ByApp.as_view()), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", asks_again(page(step.ActivateAppView.as_view())), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", asks_again(page(step.RemoveAppView.as_view())), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", asks_again(step.RecoveryCodesView.as_view()), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        asks_again(page(codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/recovery-codes/download/", asks_again(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", asks_again(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", asks_again(page(step.AddKeyView.as_view())), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", page(ours.PasskeyView.as_view()), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", page(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", asks_again(page(webauthn.edit_webauthn)), name="mfa_edit_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/", asks_again(page(step.RemoveKeyView.as_view())), name="mfa_remove_webauthn"
    ),
]
