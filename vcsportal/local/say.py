"""What is printed in the terminal: one line for each step, with the seconds since the start."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STARTED = "PORTAL_STARTED_AT"


class Sorry(Exception):
    """A problem that the person can fix; its text is the whole message."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM came while something was under way."""


def elapsed() -> float:
    """Return the seconds since the command was typed, also across the hand-over to ``.venv``."""
    return max(0.0, time.time() - float(os.environ.setdefault(STARTED, str(time.time()))))


def say(text: str) -> None:
    """Print one line of progress at once."""
    plain(f"{elapsed():6.1f} s  {text}")


def plain(text: str = "") -> None:
    """Print a line as it is."""
    with suppress(OSError):  # the terminal may be gone
        print(text, flush=True)


def fail(text: str) -> None:
    """Print a sentence about what went wrong."""
    with suppress(OSError):
        sys.stdout.flush()
        print(f"\n{text}\n", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins, and how long it took when that was worth noticing."""
    say(f"{text} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 2:
        say(f"  done in {took:.1f} s")
