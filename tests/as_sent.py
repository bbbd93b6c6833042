"""Forms as a browser sends them: every line of a text ends with CR LF, whatever the portal stores and draws."""

import re
from collections.abc import Mapping
from typing import Any

from django.test import client as django_client

_LINE_END = re.compile(r"\r\n|\r|\n")


def as_sent(value: Any) -> Any:
    """Return a field's value with the line ends that a browser sends; what is no text, such as a file, as it is."""
    if isinstance(value, str):
        return _LINE_END.sub("\r\n", str(value))  # the token against forgery is lazy
    return [as_sent(item) for item in value] if isinstance(value, list | tuple) else value


def send_forms_as_browsers_do(monkeypatch: Any) -> None:
    """Let Django's test client send every form so."""
    encode = django_client.encode_multipart

    def encoded(boundary: str, data: Mapping[str, Any]) -> bytes:
        return encode(boundary, {name: as_sent(value) for name, value in data.items()})

    monkeypatch.setattr(django_client, "encode_multipart", encoded)
