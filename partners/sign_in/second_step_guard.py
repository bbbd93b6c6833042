"""Makes sure that people set up, or confirm, their second step before anything else."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from partners.permissions import needs_second_step
from partners.sign_in.authentication_records import authentication_records
from partners.sign_in.second_step import has_second_step_proof, may_set_up_second_step
from vcsportal.common.api_problems import problem_response

OPEN: Final = frozenset(
    {
        "partners:second-step", "account_logout", "account_reauthenticate", "account_reauthenticate_code", "account_reauthenticate_provider",
        "account_provider_login", "account_provider_callback",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_inactive", "cookies", "privacy", "accessibility",
        "brand-css", "favicon", "robots-txt", "security-txt", "healthz", "readyz", "dev-mails", "dev-mail",
    }
)  # fmt: skip
"""Addresses that answer before the second step: those that lead to it or out, and those that know nobody."""
SET_UP: Final = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
NEXT: Final = "after_second_step"
API_SENTENCE: Final = "Your role needs a second step. Sign in with it on the portal’s pages, then ask again."
NOT_SAVED: Final = (
    "What you sent was not saved, because your role now needs a second step. Please send it again afterwards."
)
ENDED: Final = "You have been signed out, because your second step was reported lost. Sign in again."


class SecondStepMiddleware:
    """Lets nobody who needs a second step act before this session has one; no page and no API answers them until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        return stopped(request, match.view_name if match else "")


def stopped(request: HttpRequest, name: str) -> HttpResponse | None:
    """Return the answer instead of the view called ``name``, or None if the person may go on."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or name in OPEN or not request.user.is_authenticated:
        return None
    person = request.user
    if person.sessions_from is not None and _began(request) < person.sessions_from.timestamp():
        logout(request)
        messages.warning(request, ENDED)
        return _refused() if _is_api(request) else redirect("account_login")
    if has_second_step_proof(request) or not needs_second_step(person):
        return None
    if _is_api(request):
        return _refused()
    if name in SET_UP and not person.has_second_step() and may_set_up_second_step(person, timezone.now()):
        return None
    if name not in SET_UP and _is_page_visit(request):
        request.session[NEXT] = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
        if request.method == "POST":
            messages.warning(request, NOT_SAVED)
    return redirect("partners:second-step")


def _is_page_visit(request: HttpRequest) -> bool:
    """Return whether a person opens a page or sends a form, rather than a script or a picture of the page before.

    Browsers say so in ``Sec-Fetch-Dest``; without it the request counts as a person's.
    """
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _began(request: HttpRequest) -> float:
    return min((float(proof.get("at", 0)) for proof in authentication_records(request)), default=0.0)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("api:root"))


def _refused() -> HttpResponse:
    return problem_response(403, API_SENTENCE)
