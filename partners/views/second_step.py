"""The pages of the second step: setting it up, its recovery codes, removing it, and recovery by another administrator."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.forms.organisations import AccessForm
from partners.models import User
from partners.page_parts.reauthentication import asks_again
from partners.permissions import check_can_recover_second_step, check_permission_anywhere, needs_second_step
from partners.services.second_steps import close_set_up, recover_second_step
from partners.sign_in.authentication_records import SECOND_STEP
from partners.sign_in.second_step import check_can_remove_second_step, has_second_step_proof, may_set_up_second_step
from partners.sign_in.second_step_emails import send_second_step_recovered
from partners.sign_in.second_step_guard import NEXT
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_safe
@login_required
def second_step(request: HttpRequest) -> HttpResponse:
    """Say that a second step is needed: show it if there is one, set it up if the time for that is open."""
    person = signed_in_person(request)
    if has_second_step_proof(request) or not needs_second_step(person):
        return redirect("mfa_index")
    if person.has_second_step():
        ways = [way for way in get_adapter(request).get_reauthentication_methods(person) if "mfa" in way["id"]]
        return redirect(f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: _onwards(request)})}")
    values = {"may_set_up": may_set_up_second_step(person, timezone.now()), "until": person.second_step_until}
    return render(request, "account/second_step.html", values)


def _onwards(request: HttpRequest) -> str:
    return str(request.session.get(NEXT) or get_adapter(request).get_login_redirect_url(request))


def _set_up(request: HttpRequest, kind: str) -> None:
    person = signed_in_person(request)
    close_set_up(person=person)
    record_authentication(request, person, method=SECOND_STEP, type=kind)


class ActivateAppView(ActivateTOTPView):
    """Add an authenticator app; the session counts as signed in with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        done = super().form_valid(form)
        _set_up(self.request, Authenticator.Type.TOTP.value)
        return done


class AddKeyView(AddWebAuthnView):
    """Add a passkey or a security key; the session counts as signed in with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        done = super().form_valid(form)
        _set_up(self.request, Authenticator.Type.WEBAUTHN.value)
        return done


class RecoveryCodesView(ViewRecoveryCodesView):
    """The recovery codes; after the first set-up, with the way on to where the person was going."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "onwards": self.request.session.get(NEXT, "")}


class RemoveAppView(DeactivateTOTPView):
    """Remove the app, unless it is the only second step of somebody who needs one."""

    def _dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_can_remove_second_step(
            signed_in_person(request), self.authenticator, needed=needs_second_step(request.user)
        )
        return cast(HttpResponse, super()._dispatch(request, *args, **kwargs))


class RemoveKeyView(RemoveWebAuthnView):
    """Remove a key, unless it is the only second step of somebody who needs one."""

    def get_object(self, queryset: Any = None) -> Authenticator:
        found = cast(Authenticator, super().get_object(queryset))
        check_can_remove_second_step(signed_in_person(self.request), found, needed=needs_second_step(self.request.user))
        return found


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def recover(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another person whose app or key is lost set up their second step again."""
    check_permission_anywhere(
        request.user, roles.MANAGE_PEOPLE, "Only an administrator can see and change who takes part."
    )
    person, me = get_object_or_404(User, pk=pk), signed_in_person(request)
    check_can_recover_second_step(me, person)
    form = AccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            recover_second_step(by=me, at=at, person=person, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused, beside="reason")
        else:
            send_second_step_recovered(person=person, by=me, at=at, reason=form.cleaned_data["reason"])
            messages.success(request, f"{person.name} can set up a second step again at their next sign-in.")
            return redirect("partners:person", person.pk)
    return form_response(
        request, "partners/second_step_recover.html", {"person": person, "days": settings.SECOND_STEP_DAYS}, form
    )
