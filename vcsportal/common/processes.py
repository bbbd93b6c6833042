"""Processes that must not outlive the one that started them. The standard library only: it is read before anything is installed."""

import ctypes
import sys
from collections.abc import Callable

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_us(number: int) -> Callable[[], None] | None:
    """Ask Linux to send the child this signal should we be killed without a chance to tidy up.

    Returns what the child calls for that, or None where the system can't do it.
    """
    if _libc is None:
        return None
    libc = _libc

    def ask() -> None:
        libc.prctl(1, number)

    return ask
