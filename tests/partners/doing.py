"""What people do to sign in, as steps for tests."""

import re
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

SIGN_IN, BY_PASSWORD = "/account/login/", "/account/login/password/"
ENTER_CODE = "/account/login/code/confirm/"
RESET, RESET_CODE, NEW_PASSWORD = (
    "/account/password/reset/",
    "/account/password/reset/confirm/",
    "/account/password/reset/complete/",
)
SECOND_STEP = "/account/2fa/authenticate/"


def ask_for_code(client: Client, email: str, **more: str) -> Any:
    return client.post(SIGN_IN, {"email": email, "way": "code", **more})


def enter_code(client: Client, code: str, **more: str) -> Any:
    return client.post(ENTER_CODE, {"code": code, **more})


def by_password(client: Client, email: str, password: str, **more: str) -> Any:
    return client.post(BY_PASSWORD, {"login": email, "password": password, **more})


def code_in(message: EmailMessage) -> str:
    """The code of an email; it stands on a line of its own."""
    return code_in_text(str(message.body))


def code_in_text(text: str) -> str:
    found = re.search(r"^\d{4}-\d{4}\r?$", text, re.MULTILINE)
    assert found, text
    return found[0].strip()


def newest_code() -> str:
    return code_in(mail.outbox[-1])


def wrong(code: str) -> str:
    """A code that is not this one."""
    return code.translate(str.maketrans("0123456789", "1234567890"))


def who(client: Client) -> str:
    """The email address of whoever is signed in, as the account page knows it; nothing for nobody."""
    answer: Any = client.get("/account/")
    return str(answer.wsgi_request.user.email) if answer.status_code == 200 else ""


def said(answer: Any) -> str:
    """The words of a page, without its marks and without the tokens that differ each time."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(text.split())
