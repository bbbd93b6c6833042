"""``make bench``: pages against a bare Django view on the same server, queries a page, and what the report costs.

``make bench ARGS="report"`` measures the report alone; ``ARGS="report --quick"`` leaves out its largest year.
"""

import http.cookiejar
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from tests.bench.load import requests_per_second
from tests.pages import app_code
from tests.stack import ROOT, Stack, fresh_database, running_portal
from vcsportal.demo.known_secrets import secret_of

STRATEGY = "/strategies/oxfordshire-vcs-2022-27/"
PAGES = {
    "glance": STRATEGY,
    "commitments": f"{STRATEGY}commitments/",
    "commitment 1.1": f"{STRATEGY}commitments/promote-the-work-of-the-sector/",
    "evidence list": "/evidence/",
    "organisations": "/organisations/",
    "API, 32 commitments": "/api/v1/strategies/oxfordshire-vcs-2022-27/commitments/",
}
SIGNED_IN = {
    "glance, signed in": STRATEGY,
    "my work, signed in": "/my-work/",
    "evidence form, signed in": "/evidence/new/",
}


def pages(stack: Stack) -> None:
    """Print requests a second, each also as a part of the bare view's rate in this run."""
    cookie = sign_in(stack, "partner@example.org")
    bare = requests_per_second(f"{stack.url}/bare")
    print(f"\n{'page':<28}{'requests/s':>12}{'of bare':>10}{'bytes':>10}")
    print(f"{'bare view, no middleware':<28}{bare:>12.0f}{1:>10.3f}{4:>10}")
    for name, path in PAGES.items():
        with urllib.request.urlopen(stack.url + path) as answer:
            size, etag = len(answer.read()), answer.headers.get("ETag")
        row(name, requests_per_second(stack.url + path), bare, size)
        if etag:
            unchanged = {"If-None-Match": etag}
            row(f"{name}, 304", requests_per_second(stack.url + path, headers=unchanged, wanted=304), bare, 0)
    for name, path in SIGNED_IN.items():
        headers = {"Cookie": cookie}
        with urllib.request.urlopen(urllib.request.Request(stack.url + path, headers=headers)) as answer:
            size = len(answer.read())
        row(name, requests_per_second(stack.url + path, headers=headers), bare, size)
    row("bare view again", requests_per_second(f"{stack.url}/bare"), bare, 4)


def row(name: str, rate: float, bare: float, size: int) -> None:
    print(f"{name:<28}{rate:>12.0f}{rate / bare:>10.3f}{size:>10}", flush=True)


def sign_in(stack: Stack, email: str) -> str:
    """Sign in as a person of the demo story does; return the cookie header."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{stack.url}/account/login/password/"
    form = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    password = re.search(r"look\S+", stack.manage("load_demo", "--accounts", DEBUG="1"))
    assert token, "the sign-in page has no form"
    assert password, "the demo prints no password"
    sent = {"csrfmiddlewaretoken": token[1], "login": email, "password": password[0].strip(",.;)")}
    asked = browser.open(urllib.request.Request(address, urllib.parse.urlencode(sent).encode(), {"Referer": address}))
    if asked.url.endswith("/2fa/authenticate/"):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', asked.read().decode())
        assert token, "the page of the second step has no form"
        sent = {"csrfmiddlewaretoken": token[1], "code": app_code(secret_of(email))}
        code = urllib.parse.urlencode(sent).encode()
        browser.open(urllib.request.Request(asked.url, code, {"Referer": asked.url}))
    return "; ".join(f"{one.name}={one.value}" for one in jar if one.name == "sessionid")


def run(stack: Stack, *words: str) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=stack.env, check=True, timeout=900)


def report(*words: str) -> None:
    """Measure the report in a database of its own, which nothing else fills."""
    print("\nthe report, without the queue", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, fresh_database(os.environ["DATABASE_URL"]) as url:
        env = os.environ | {
            "DATABASE_URL": url,
            "PORTAL_DATA": folder,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "vcsportal.settings",
        }
        subprocess.run(
            [sys.executable, "-m", "tests.bench.report", *words], cwd=ROOT, env=env, check=True, timeout=3600
        )


def main(only: str = "", *words: str) -> None:
    if only == "report":
        return report(*words)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_portal(Path(folder), workers=2, wsgi="tests.bench.wsgi", debug=False) as stack,
    ):
        pages(stack)
        run(stack, "tests.bench.queries")
    return report()


if __name__ == "__main__":
    main(*sys.argv[1:])
