"""People who save the same thing at once, against a running portal."""

import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

from tests.local.helpers import OURS, Portal
from vcsportal.local.places import ROOT

HOST = "127.0.0.1"
MAKE = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from partners.sessions.engine import SessionStore
from tests.factories import make_organisation, make_person
charity = make_organisation("Rowan Trust", slug="rowan-trust")
person = make_person("partner_lead", charity, name="Lee Lead")
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print("SESSION", session.session_key)
"""


def environment(portal: Portal) -> dict[str, str]:
    """Return what a command needs to work on a running portal's database."""
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    role = "portal_app"
    url = f"postgres://{role}:{portal.secret(role)}@/vcsportal?host={quote(str(portal.folder / 'postgres'))}"
    env |= {"DATABASE_URL": url, "SECRET_KEY": portal.secret("secret_key"), "PORTAL_DATA": str(portal.folder)}
    return env | {"REDIS_URL": f"redis+socket://{portal.folder / 'queue' / 'valkey.sock'}?virtual_host=0", "DEBUG": "1"}


def make_session(portal: Portal) -> str:
    """Make an organisation and its lead in the running portal; return the key of a session of theirs."""
    argv = [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE]
    done = subprocess.run(argv, cwd=ROOT, env=environment(portal), capture_output=True, text=True, timeout=120)
    found = re.search(r"SESSION (\w+)", done.stdout)
    assert found, done.stdout + done.stderr
    return found[1]


@dataclass
class Answer:
    status: int
    seconds: float
    text: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Saver:
    """Edits the organisation's page in a browser of their own."""

    port: int
    session: str
    path: str = "/organisations/rowan-trust/edit/"
    answers: list[Answer] = field(default_factory=list)

    def ask(self, method: str, path: str, body: str | None = None, *, cookie: str = "", limit: float = 90) -> Answer:
        began = time.monotonic()
        connection = HTTPConnection(HOST, self.port, timeout=limit)
        headers = {"Cookie": f"sessionid={self.session}; {cookie}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, time.monotonic() - began, text, dict(answer.getheaders()))

    def fill_in(self, description: str) -> tuple[str, str]:
        """Open the form, and return what is sent when it is saved with this description, and the cookie that goes with it."""
        page = self.ask("GET", self.path)
        assert page.status == 200, page.text[:500]
        found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
        pairs = [(name, value) for tag in found for name, value in [name_and_value(tag)] if name]
        pairs += [("name", "Rowan Trust"), ("kind", "charity"), ("description", description)]
        return urlencode(pairs), page.headers.get("Set-Cookie", "").partition(";")[0]

    def save(self, body: str, cookie: str) -> Answer:
        answer = self.ask("POST", self.path, body, cookie=cookie)
        self.answers.append(answer)
        return answer


def name_and_value(tag: str) -> tuple[str, str]:
    name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
    return (name[1] if name else "", unescape(value[1]) if value else "")


def save_again_and_again(savers: list[Saver], over: threading.Event) -> list[threading.Thread]:
    """Let each fill in the form and save until ``over``; return the threads that do it, already started."""

    def go_on(saver: Saver) -> None:
        body, cookie = saver.fill_in("What we do has changed.")
        while not over.is_set():
            saver.save(body, cookie)

    threads = [threading.Thread(target=go_on, args=(saver,)) for saver in savers]
    for thread in threads:
        thread.start()
    return threads
