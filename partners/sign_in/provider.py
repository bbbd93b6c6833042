"""The council's own identity provider (OpenID Connect), such as Entra ID: who may come in by it, and what it proves.

The library runs the protocol (authorization code with PKCE and state). Added here: a nonce, a verified signature, and
the rule that the provider only signs in people who are invited. They are matched once by an address that the provider has
verified, and by the provider's own number for them (``sub``) from then on. Nobody signs up.
"""

import secrets
import time
from typing import Any, Final, cast

import jwt
import requests
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from partners.models import User
from partners.permissions import is_council_staff
from partners.sign_in.authentication_records import IDENTITY_PROVIDER, SECOND_STEP_AT_PROVIDER
from vcsportal.common.words import NotAllowed, NotNow

PROVIDER_ID: Final = "council"
"""What the provider is called in ``SocialAccount.provider``."""
SIGNATURES: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Ways to sign that need the provider's own private key (RFC 7518); "none" and shared secrets are not among them."""
CLOCK_LEEWAY_SECONDS: Final = 60
"""Seconds by which the provider's clock may be behind."""

NOT_INVITED: Final = "Nobody here has the address {email}. Ask an administrator for an invitation."
NOT_VERIFIED: Final = (
    "Your identity provider has not confirmed that {email} is your address, so we cannot use it to sign you in."
)
NO_ADDRESS: Final = "Your identity provider did not say what your email address is, so we cannot find your account."
OTHER_ACCOUNT: Final = (
    "{email} is already linked to another account of the identity provider. Ask an administrator for help."
)
STAFF_ONLY: Final = "This way to sign in is for council staff. Please sign in with an emailed code."
SOMEBODY_ELSE: Final = (
    "You confirmed as someone else. Sign in to the identity provider as the person who is signed in here."
)
NOT_FRESH: Final = "The identity provider did not ask you to sign in again, so we cannot be sure that it’s you."
NOT_COMPLETED: Final = (
    "Signing in was not completed. It may have taken too long, or been cancelled. Please start again."
)


def is_configured() -> bool:
    """Whether the council's identity provider is set up."""
    return bool(settings.OIDC_URL and settings.OIDC_CLIENT_ID)


def provider_name() -> str:
    """Return what people call the provider; nothing where none is set up."""
    return str(settings.OIDC_NAME) if is_configured() else ""


def is_linked(person: Any) -> bool:
    """Whether the person has signed in by the provider before, and may do so now."""
    return is_configured() and SocialAccount.objects.filter(provider=PROVIDER_ID, user_id=person.pk).exists()


def _app() -> SocialApp:
    return SocialApp(
        provider="openid_connect", provider_id=PROVIDER_ID, name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID, secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_URL, "oauth_pkce_enabled": True, "scope": settings.OIDC_SCOPES},
    )  # fmt: skip


def second_step_claimed(claims: dict[str, Any]) -> bool:
    """Whether the identity token says that a second factor was used, and the configuration trusts it to say so."""
    if not settings.OIDC_TRUSTS_SECOND_FACTOR:
        return False
    amr = claims.get("amr")
    methods = set(amr) if isinstance(amr, list) else set()
    return bool(methods & set(settings.OIDC_SECOND_FACTOR_AMR)) or claims.get("acr") in settings.OIDC_SECOND_FACTOR_ACR


class Provider(OpenIDConnectProvider):
    """The provider, with addresses of the portal's own."""

    def get_oauth2_adapter(self, request: HttpRequest) -> "ProviderFlow":
        return ProviderFlow(request)

    def get_callback_url(self) -> str:
        return reverse("account_provider_callback")

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("account_provider_login")


class ProviderFlow(OpenIDConnectOAuth2Adapter):
    """The protocol with a nonce, a signature that is always verified, and claims that are not kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER_ID)
        self.state: dict[str, Any] = {}

    def get_provider(self) -> Provider:
        return Provider(self.request, app=_app())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.PORTAL_URL}{reverse('account_provider_callback')}"

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Return who the provider says it is. Raise ``OAuth2Error`` if its answer does not fit what was asked."""
        identity = kwargs["response"].get("id_token")
        if not identity:
            raise OAuth2Error("There is no identity token.")
        claims = self._decode_id_token(app, identity)
        nonce = self.state.get("nonce")
        if not nonce or not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
            raise OAuth2Error("The nonce is not the one that was sent.")
        if "email" not in claims and self.openid_config.get("userinfo_endpoint"):
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("The user information is about somebody else.")
            claims = {**more, **claims}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}  # nothing of it is needed later
        login.claims = claims  # type: ignore[attr-defined]  # for pre_social_login below
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Return the claims of a token whose signature, issuer, audience and time are right; else raise ``OAuth2Error``."""
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            response = session.get(config["jwks_uri"])
            response.raise_for_status()
        try:
            header, keys = jwt.get_unverified_header(id_token), response.json()["keys"]
            if number := header.get("kid"):
                keys = [key for key in keys if key.get("kid") == number]
            if len(keys) != 1 or header["alg"] not in SIGNATURES:
                raise OAuth2Error("The token’s key is not known.")
            key = jwt.PyJWK(keys[0], algorithm=header["alg"]).key
            return jwt.decode(
                id_token, key, algorithms=[header["alg"]], issuer=config["issuer"], audience=app.client_id,
                leeway=CLOCK_LEEWAY_SECONDS, options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )  # fmt: skip
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The identity token is not valid.") from error


def start(request: HttpRequest, *, onwards: str, again: bool = False) -> HttpResponse:
    """Send the browser to the provider; ``again`` asks it to have the signed-in person sign in once more."""
    nonce = secrets.token_urlsafe(24)
    asked: dict[str, Any] = {"nonce": nonce}
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    kept = {"nonce": nonce, "again_for": request.user.pk if again else None, "started": time.time()}
    flow = ProviderFlow(request)
    try:
        provider = flow.get_provider()
        response: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, next_url=onwards or None, auth_params=asked, **kept
        )
        return response
    except (requests.RequestException, ValueError, KeyError):
        return down(request)


def down(request: HttpRequest) -> HttpResponse:
    """Say that the provider cannot be reached."""
    return render(request, "account/provider_down.html", {"provider": settings.OIDC_NAME}, status=503)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Who the provider may sign in."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [_app()] if is_configured() and provider in (None, "openid_connect", PROVIDER_ID) else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The link is made at a sign-in of the person's own; the trail records it."""

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        if isinstance(exception, requests.RequestException):
            raise ImmediateHttpResponse(down(request))
        raise NotNow(NOT_COMPLETED)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person, or refuse with a sentence; note what the provider proves."""
        claims = getattr(sociallogin, "claims", {})
        state = sociallogin.state or {}
        person = self._person(request, sociallogin, claims)
        if again_for := state.get("again_for"):
            raise ImmediateHttpResponse(self._confirmed(request, person, again_for, state, claims))
        if request.user.is_authenticated:
            get_account_adapter(request).logout(request)
        if not sociallogin.is_existing:
            sociallogin.connect(request, person)
        if second_step_claimed(claims):
            record_authentication(request, person, method=SECOND_STEP_AT_PROVIDER)

    def _person(self, request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> User:
        email = str(claims.get("email", "")).strip().lower()
        person = cast(User, sociallogin.user) if sociallogin.is_existing else self._by_email(email, claims)
        if not person.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        again = User.objects.get(pk=person.pk)  # what the question reads is not to be kept with the pending sign-in
        if not (is_council_staff(again) or settings.OIDC_FOR_PARTNERS):
            raise NotAllowed(STAFF_ONLY)
        return person

    def _by_email(self, email: str, claims: dict[str, Any]) -> User:
        if not email:
            raise NotAllowed(NO_ADDRESS)
        verified = claims.get("email_verified", settings.OIDC_EMAILS_ARE_VERIFIED)
        if verified is not True:
            raise NotAllowed(NOT_VERIFIED.format(email=email))
        person = User.objects.filter(email=email).first()
        if person is None:
            raise NotAllowed(NOT_INVITED.format(email=email))
        if SocialAccount.objects.filter(provider=PROVIDER_ID, user_id=person.pk).exists():
            raise NotAllowed(OTHER_ACCOUNT.format(email=email))
        return person

    def _confirmed(
        self, request: HttpRequest, person: User, again_for: int, state: dict[str, Any], claims: dict[str, Any]
    ) -> HttpResponse:
        """The person who is signed in has signed in to the provider once more: redirect to what they asked for."""
        if not (request.user.is_authenticated and person.pk == request.user.pk == again_for):
            raise NotAllowed(SOMEBODY_ELSE)
        signed_in_at = claims.get("auth_time")
        if signed_in_at is not None and float(signed_in_at) < float(state["started"]) - CLOCK_LEEWAY_SECONDS:
            raise NotNow(NOT_FRESH)
        record_authentication(request, person, method=IDENTITY_PROVIDER, provider=PROVIDER_ID, reauthenticated=True)
        if second_step_claimed(claims):
            record_authentication(request, person, method=SECOND_STEP_AT_PROVIDER)
        onwards = state.get("next") or reverse("partners:account")
        request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: onwards}))
        return resume_request(request) or redirect(onwards)
