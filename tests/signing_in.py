"""How tests sign people in without the pages: one place, so that a session of a test is like one of a browser."""

import time
from importlib import import_module
from typing import Any, cast

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from partners.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Client, person: User, *, minutes_ago: float = 0, second_step: bool = True) -> Client:
    """Sign ``person`` in on ``client``, by password and second step, as if that was ``minutes_ago``; return the client.

    It is what ``Client.force_login`` does, with the proofs of the library in the same session, saved once.
    """
    request = HttpRequest()
    begun = settings.SESSION_COOKIE_NAME in client.cookies
    request.session = client.session if begun else import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, person, BACKEND)
    at = time.time() - 60 * minutes_ago
    proofs = [{"method": "password", "at": at}]
    if second_step:
        proofs.append({"method": "mfa", "at": at, "type": "totp"})
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = proofs
    request.session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = user_id_to_str(person)
    request.session.save()
    cast(Any, client)._set_login_cookies(request)
    return client


def pass_second_step(client: Client) -> None:
    """Make the session of somebody who has signed in by password one that has passed the second step too."""
    session = client.session
    proofs = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [*proofs, {"method": "mfa", "at": time.time(), "type": "totp"}]
    session.save()
