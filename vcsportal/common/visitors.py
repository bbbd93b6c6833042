"""Who is asking, as far as a request shows it: the address that can be trusted, the browser, the request's number.

An address in ``X-Forwarded-For`` counts only if a proxy of ours wrote it. Each proxy adds the address it was called
from at the right, so the visitor's is the Nth from the right, N being the number of our proxies
(``TRUSTED_PROXY_COUNT``). Whatever stands further left was sent by the visitor and can say anything.
"""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MAX_BROWSER_CHARACTERS: Final = 200


@dataclass(frozen=True)
class Visit:
    """Where one request comes from."""

    address: str | None
    """IPv4 or IPv6 address in its usual spelling; None where nothing can be trusted, as behind a socket file."""
    browser: str
    """What the browser calls itself (``User-Agent``), shortened."""


_current: ContextVar[Visit | None] = ContextVar("visit", default=None)


def current_visit() -> Visit | None:
    """Return where the request that is being answered comes from; None outside a request (jobs, commands)."""
    return _current.get()


@contextmanager
def visiting(visit: Visit | None) -> Iterator[None]:
    """Make ``visit`` the current one while the block runs."""
    token = _current.set(visit)
    try:
        yield
    finally:
        _current.reset(token)


def visitor_address(request: HttpRequest) -> str | None:
    """Return the visitor's address, or None where no address can be trusted.

    With fewer addresses in the header than there are proxies, or with something else in the visitor's place, the
    header was not written by them: the address of whoever is connected is used instead.
    """
    count = settings.TRUSTED_PROXY_COUNT
    if count > 0:
        named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(named) >= count and (address := _clean(named[-count])):
            return address
    return _clean(request.META.get("REMOTE_ADDR", ""))


def _clean(text: str) -> str | None:
    """Return one address in its usual spelling, without a port or zone; None for anything else."""
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def visit_of(request: HttpRequest) -> Visit:
    """Return where ``request`` comes from."""
    browser = "".join(letter for letter in request.META.get("HTTP_USER_AGENT", "") if letter.isprintable())
    return Visit(visitor_address(request), browser[:MAX_BROWSER_CHARACTERS])


class VisitMiddleware:
    """Makes the request's origin known to services, which are given no request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with visiting(visit_of(request)):
            return self.get_response(request)
