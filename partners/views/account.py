"""A person's own page: name, roles, and how they sign in."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners import roles
from partners.forms.public_name import PublicNameForm
from partners.permissions import has_permission_anywhere, signs_in_by_password
from partners.reading.groups import each_once, seats_of
from partners.services.people import set_public_name
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response


@require_http_methods(GET_OR_POST)
@login_required
def public_name(request: HttpRequest) -> HttpResponse:
    """Say how the public reads of me: by post, or by name."""
    me = signed_in_person(request)
    form = PublicNameForm.of(me, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        set_public_name(by=me, at=timezone.now(), person=me, **form.cleaned_data)
        messages.success(request, "Your public name has been saved.")
        return redirect("partners:account")
    return form_response(request, "partners/public_name.html", {}, form)


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do, and how my account is kept safe."""
    me = signed_in_person(request)
    kinds = list(Authenticator.objects.filter(user_id=me.pk).values_list("type", flat=True))
    values = {
        "held": [{"grant": grant, "role": roles.BY_CODE[grant.role]} for grant in each_once(me.grants)],
        "seats": seats_of(me, timezone.localdate()),
        "by_password": signs_in_by_password(me),
        "has_password": me.has_usable_password(),
        "has_app": Authenticator.Type.TOTP in kinds,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "may_invite": has_permission_anywhere(me, roles.INVITE_COLLEAGUES)
        or has_permission_anywhere(me, roles.MANAGE_PEOPLE),
    }
    return render(request, "partners/account.html", values)
