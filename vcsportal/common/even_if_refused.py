"""Writes that stay although the request that made them is refused, such as a security event.

A request with an ``Idempotency-Key`` is one transaction, which is rolled back where the request is refused.
"""

from collections.abc import Callable
from typing import Any, Final

_WAITING: Final = "_even_if_refused"


def even_if_refused(request: Any, write: Callable[[], Any]) -> None:
    """Carry out a write now, or after the transaction of the request where :func:`wait_for_the_end` was called."""
    waiting = request.__dict__.get(_WAITING)
    if waiting is None:
        write()
    else:
        waiting.append(write)


def wait_for_the_end(request: Any) -> list[Callable[[], Any]]:
    """Return the list to which the writes of this request are added from now on. The caller carries them out at the end."""
    return request.__dict__.setdefault(_WAITING, [])  # type: ignore[no-any-return]  # what a request holds has no type
