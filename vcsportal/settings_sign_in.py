"""Settings of sign-in that stand for themselves: limits, our forms, and the council's own identity provider."""

import environ

env = environ.Env()

ACCOUNT_RATE_LIMITS = {
    # Passwords and asked codes by account and place (partners.sign_in.limits): here, a browser that is known, all others.
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_known": "5/5m/key",
    "login_failed_anywhere": "50/h/key",
    "ask_code": "20/m/ip,5/10m/key",
    "ask_code_known": "5/10m/key",
    "ask_code_anywhere": "20/h/key",
    "ask_reset": "20/m/ip,5/10m/key",
    "ask_reset_known": "5/10m/key",
    "ask_reset_anywhere": "20/h/key",
    "request_login_code": "60/m/ip",
    "confirm_code": "20/m/ip,5/10m/key",  # by which somebody who is signed in confirms who they are
    "provider": "20/m/ip",
    "reset_password": "60/m/ip",
    "verify_file": "20/m/ip",
    "complain": "10/h/ip,3/d/key",
    "draw_draft": "30/m/user",
}
ACCOUNT_FORMS = {
    "login": "partners.forms.sign_in.PasswordSignInForm",
    "request_login_code": "partners.forms.sign_in.CodeRequestForm",
    "confirm_login_code": "partners.forms.sign_in.SignInCodeForm",
    "reset_password": "partners.forms.sign_in.PasswordResetRequestForm",
    "confirm_password_reset_code": "partners.forms.sign_in.PasswordResetCodeForm",
    "reset_password_from_key": "partners.forms.sign_in.NewPasswordForm",
    "set_password": "partners.forms.sign_in.SetPasswordForm",
    "change_password": "partners.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "partners.forms.sign_in.ConfirmPasswordForm",
}
MFA_FORMS = {
    "authenticate": "partners.forms.sign_in.SecondStepForm",
    "reauthenticate": "partners.forms.sign_in.ConfirmBySecondStepForm",
    "activate_totp": "partners.forms.sign_in.ActivateAppForm",
    "add_webauthn": "partners.forms.sign_in.AddKeyForm",
    "edit_webauthn": "partners.forms.sign_in.RenameKeyForm",
    "authenticate_webauthn": "partners.forms.sign_in.SecondStepByKeyForm",
    "reauthenticate_webauthn": "partners.forms.sign_in.ConfirmByKeyForm",
    "login_webauthn": "partners.forms.sign_in.SignInByKeyForm",
}

# The council's own identity provider (OpenID Connect), such as Entra ID; docs/deploy.md says how to set it up.
OIDC_URL = env.str("OIDC_URL", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="your council account")
OIDC_SCOPES = env.list("OIDC_SCOPES", default=["openid", "email"])
# Some providers send addresses without saying that they are verified. True only where nobody can choose their own.
OIDC_EMAILS_ARE_VERIFIED = env.bool("OIDC_EMAILS_ARE_VERIFIED", default=False)
# Whether a second factor at the provider counts, and which claim of the identity token proves it.
OIDC_TRUSTS_SECOND_FACTOR = env.bool("OIDC_TRUSTS_SECOND_FACTOR", default=False)
OIDC_SECOND_FACTOR_AMR = env.list("OIDC_SECOND_FACTOR_AMR", default=["mfa"])
OIDC_SECOND_FACTOR_ACR = env.list("OIDC_SECOND_FACTOR_ACR", default=[])
OIDC_REQUIRED_FOR_STAFF = env.bool("OIDC_REQUIRED_FOR_STAFF", default=False)  # passwords of staff are refused
OIDC_FOR_PARTNERS = env.bool("OIDC_FOR_PARTNERS", default=False)
