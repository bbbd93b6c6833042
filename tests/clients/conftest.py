"""A running portal as programs of others meet it: served as in production, with the demo story, and no limit on reading."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from tests.stack import Stack, running_portal

KEYS: Final = """
import json
from django.conf import settings
from django.test import Client
from django.utils import timezone
from partners.models import User
from partners.services.api_tokens import make_token
from tests.signing_in import sign_in

def person(name):
    return User.objects.get(email=f"{name}@example.org")

def token(name, *scopes):
    return make_token(by=person(name), at=timezone.now(), name="a trial", scopes=scopes, days=30, organisation=None)[1]

print(json.dumps({
    "partner_token": token("partner", "evidence"),
    "officer_token": token("officer", "figures", "points", "updates"),
    "officer_session": sign_in(Client(), person("officer")).cookies[settings.SESSION_COOKIE_NAME].value,
    "session_cookie": settings.SESSION_COOKIE_NAME,
    "csrf_cookie": settings.CSRF_COOKIE_NAME,
}))
"""


@dataclass(frozen=True)
class Portal:
    """Where it is, and what the programs of two people send to be known."""

    url: str
    partner_token: str
    officer_token: str
    officer_session: str
    session_cookie: str
    csrf_cookie: str

    @property
    def session_headers(self) -> dict[str, str]:
        """The headers of a browser in which the officer has signed in."""
        csrf = "t" * 32
        cookies = f"{self.session_cookie}={self.officer_session}; {self.csrf_cookie}={csrf}"
        return {"Cookie": cookies, "X-CSRFToken": csrf}


def keys_of(stack: Stack) -> dict[str, str]:
    told: dict[str, str] = json.loads(stack.manage("shell", "-v0", "-c", KEYS))
    return told


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    with running_portal(folder, debug=False, jobs=False, READS_A_MINUTE="0", READS_A_MINUTE_SIGNED_IN="0") as stack:
        yield Portal(stack.url, **keys_of(stack))
