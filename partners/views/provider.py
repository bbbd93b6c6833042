"""Signing in, and confirming who one is, by the council's identity provider."""

from typing import Any

import requests
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.sign_in.provider import ProviderFlow, down, is_configured, is_linked, start
from vcsportal.common.pages import GET_OR_POST


class Callback(OAuth2CallbackView):
    """The way back from the provider; the flow is told what was kept when it was sent there."""

    adapter: ProviderFlow

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


@require_POST
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    if not is_configured():
        raise Http404
    if limited := ratelimit.consume_or_429(request, action="provider"):
        return limited
    return start(request, onwards=get_next_redirect_url(request) or "")


@require_safe
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer. Whatever is wrong with it is a sentence."""
    if not is_configured():
        raise Http404
    view = Callback.adapter_view(ProviderFlow(request))
    try:
        answer: HttpResponse = view(request)
    except requests.RequestException:
        return down(request)
    return answer


@require_http_methods(GET_OR_POST)
@login_required
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm who one is by signing in to the provider once more."""
    if not is_linked(request.user):
        raise Http404
    onwards = get_next_redirect_url(request) or ""
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user):
            return limited
        return start(request, onwards=onwards, again=True)
    more = f"?{urlencode({REDIRECT_FIELD_NAME: onwards})}" if onwards else ""
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    values = {
        "provider": settings.OIDC_NAME,
        "onwards": onwards,
        "reauthentication_alternatives": [{**way, "url": way["url"] + more} for way in ways if way["id"] != "provider"],
    }
    return render(request, "account/reauthenticate_provider.html", values)
