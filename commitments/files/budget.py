"""Limits the work that the files of one request may cause, so that one upload does not slow the portal for everyone else."""

import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings

from vcsportal.common.words import Invalid, NotNow

PHOTOGRAPHS_AT_ONCE: Final = 1
"""Photographs drawn at once by a web process. The largest takes 420 MB of memory while it is drawn."""
TURN_WAIT_SECONDS: Final = 10.0
"""Seconds that a photograph waits for its turn."""
_places = threading.BoundedSemaphore(PHOTOGRAPHS_AT_ONCE)


class Budget:
    """The budget for the files of one request: pixels drawn, and seconds spent checking them.

    :param spend: takes a number of pixels from what a person may upload in a minute; False when nothing is left.
    """

    def __init__(self, spend: Callable[[int], bool] = lambda pixels: True) -> None:
        self.pixels = settings.UPLOAD_MAX_PIXELS_AT_ONCE
        self._ends = time.monotonic() + settings.UPLOAD_SECONDS
        self._spend = spend

    @property
    def seconds(self) -> float:
        """Seconds that are left."""
        return self._ends - time.monotonic()

    def check_time(self, shown: str) -> None:
        """Raise :class:`Refused` once the time of the request is used up. ``shown`` is the file's name."""
        if self.seconds <= 0:
            raise NotNow(
                f"“{shown}” was left out, because the files before it took a long time to check. Add it again on its own."
            )

    def take(self, shown: str, pixels: int) -> None:
        """Pay for a photograph before it is drawn; raise :class:`Refused` where it costs more than is left."""
        self.check_time(shown)
        if pixels > self.pixels:
            raise Invalid(
                f"“{shown}” was left out, because these photographs are very large together. Add it again on its own.",
                field="uploads",
            )
        if not self._spend(pixels):
            raise NotNow(
                f"“{shown}” was left out, because you have added many large photographs in a short time. "
                "Add it again in a minute."
            )
        self.pixels -= pixels

    def place(self, shown: str) -> "DrawingTurn":
        """Return the context in which a photograph is drawn; entering it waits for its turn."""
        return DrawingTurn(shown, min(self.seconds, TURN_WAIT_SECONDS))


class DrawingTurn:
    """A place among the photographs that the process draws at once."""

    def __init__(self, shown: str, seconds: float) -> None:
        self._shown, self._seconds = shown, seconds

    def __enter__(self) -> None:
        if not _places.acquire(timeout=max(self._seconds, 0.01)):
            raise NotNow(
                f"“{self._shown}” was left out, because the portal is busy with other photographs. Add it again in a minute."
            )

    def __exit__(self, *given: object) -> None:
        _places.release()
