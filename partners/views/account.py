"""One's own page: name, roles, and how one signs in."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import roles
from partners.models import User
from partners.permissions import has_permission, signs_in_by_password


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do, and how my account is kept safe."""
    me = cast(User, request.user)
    kinds = list(Authenticator.objects.filter(user_id=me.pk).values_list("type", flat=True))
    values = {
        "held": [{"grant": grant, "role": roles.BY_CODE[grant.role]} for grant in me.grants],
        "by_password": signs_in_by_password(me),
        "has_password": me.has_usable_password(),
        "has_app": Authenticator.Type.TOTP in kinds,
        "keys": kinds.count(Authenticator.Type.WEBAUTHN),
        "may_invite": has_permission(me, roles.INVITE_COLLEAGUES) or has_permission(me, roles.MANAGE_PEOPLE),
    }
    return render(request, "partners/account.html", values)
