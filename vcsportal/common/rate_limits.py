"""Limits how much someone may request in a period of time, counted in the cache that all web processes share.

While the cache server is away each process counts for itself (:class:`vcsportal.cache.FallingBackCache`): weaker, never off.
"""

import hashlib
import ipaddress
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from vcsportal.common.visitors import visitor_address


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left.

    :ivar granted: whether this was still within the limit.
    :ivar limit: the most in one stretch of time.
    :ivar remaining: what is left of it, never below 0.
    :ivar reset: seconds until it begins anew, at least 1.
    """

    granted: bool
    limit: int
    remaining: int
    reset: int


def take(name: str, who: str, *, limit: int, seconds: int, cost: int = 1) -> Allowance:
    """Take ``cost`` from what ``who`` may have of ``name`` in each stretch of so many ``seconds``; nothing if it is too much.

    :param who: an address or a person's key. It is hashed, so that the cache holds no address.
    """
    now = time.time()
    stretch = int(now // seconds)
    digest = hashlib.sha256(who.encode()).hexdigest()[:24]
    key = f"limit:{name}:{digest}:{stretch}"
    reset = max(1, int((stretch + 1) * seconds - now) + 1)
    cache.add(key, 0, timeout=2 * seconds)
    try:
        used = cache.incr(key, cost)
    except ValueError:  # it went meanwhile: the cache was emptied, or its server came or left
        cache.set(key, cost, timeout=2 * seconds)
        used = cost
    if used > limit:
        if cost > 1:  # something smaller may still be had
            cache.incr(key, -cost)
        return Allowance(False, limit, max(0, limit - used + cost if cost > 1 else 0), reset)
    return Allowance(True, limit, limit - used, reset)


def asker_key(request: HttpRequest) -> str:
    """Return whom a request is counted for: the person who has signed in, else the address; "" if neither is known.

    Of an IPv6 address the first 64 bits count, as one household or office has all that begin so.
    """
    person: Any = request.user
    if person.is_authenticated:
        return f"person {person.pk}"
    address = visitor_address(request)
    if address is None:
        return ""
    if ":" in address:
        return f"address {ipaddress.ip_network(f'{address}/64', strict=False)}"
    return f"address {address}"
