"""Notices that the time is up, even if the drawing library swallows exceptions raised inside it."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

from billiard.pool import SIG_SOFT_TIMEOUT


class TooSlow(BaseException):
    """The soft time limit was reached. Not an ``Exception``: half-drawn images must not be the answer to it."""


class Deadline:
    """Replaces Celery's own handler of the soft limit while an edition is made."""

    def __init__(self) -> None:
        self._over = self._lifted = False
        self._before: Any = None
        self._listens = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> "Deadline":
        if self._listens:
            self._before = signal.signal(SIG_SOFT_TIMEOUT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listens:
            signal.signal(SIG_SOFT_TIMEOUT, self._before)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if not self._lifted:
            self._over = True
            raise TooSlow

    def lift(self) -> None:
        """From here on the limit no longer applies: everything is drawn, and the rest takes only a moment."""
        self.check()
        self._lifted = True

    def check(self) -> None:
        """Raise :class:`TooSlow` if the time was up at any moment so far."""
        if self._over:
            raise TooSlow
