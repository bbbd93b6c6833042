"""Processes that must not outlive the one that started them. The standard library only: it is read before anything is installed."""

import ctypes
import os
import sys
from collections.abc import Callable

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_us(number: int) -> Callable[[], None] | None:
    """Ask Linux to send the child this signal should we be killed without a chance to tidy up.

    Returns what the child calls for that, or None where the system can't do it. Linux goes by the thread that starts the
    child: start it from one that lives as long as the process.
    """
    if _libc is None:
        return None
    libc, us = _libc, os.getpid()

    def ask() -> None:
        libc.prctl(1, number)
        if us not in (os.getpid(), os.getppid()):  # we were killed before it asked
            os._exit(1)

    return ask
