"""Signing in to a running portal as a person of the demo story."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

from tests.pages import app_code
from tests.stack import Stack
from vcsportal.demo.known_secrets import secret_of


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
