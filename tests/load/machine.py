"""What the machine does meanwhile: memory of each process of the portal over time, and who used the processors."""

import os
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import psutil

EVERY_SECONDS: Final = 2.0
MEGABYTE: Final = 1024**2
GROWTH_BOUND_MB: Final = 12.0
"""The most that a process may have grown between the middle and the last third of a soak. A leak of one kilobyte a request shows."""


@dataclass
class Memory:
    """What a process held, in megabytes that it shares with no other, at each look."""

    role: str
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """Megabytes between the median of the middle third and that of the last; the first third is for warming up."""
        third = len(self.megabytes) // 3
        if not third:
            return 0.0
        return statistics.median(self.megabytes[-third:]) - statistics.median(self.megabytes[third : 2 * third])


class Watch:
    """Looks at processes every other second, in a thread.

    :param roles: gives the processes to be watched by their ids, each with its role; called at each look, as processes come
        and go.
    """

    def __init__(self, roles: Callable[[], Mapping[int, str]]) -> None:
        self._roles = roles
        self.memory: dict[int, Memory] = {}
        self._cpu: dict[int, tuple[str, float, float]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="watch")
        self._began = time.monotonic()
        self._busy = _busy_seconds()
        self.seconds = 0.0
        self.load_before = os.getloadavg()
        self.others = 0.0

    def __enter__(self) -> "Watch":
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()
        self.seconds = time.monotonic() - self._began
        self.others = max(0.0, _busy_seconds() - self._busy - sum(self.spent.values()))

    @property
    def spent(self) -> dict[str, float]:
        """Seconds of the processors by role, those of children that have ended among them."""
        found: dict[str, float] = defaultdict(float)
        for role, first, last in self._cpu.values():
            found[role] += last - first
        return dict(found)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        for pid, role in self._roles().items():
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                own = (
                    2 if role == "database" else 4
                )  # what its children used is counted with those that the server made
                spent = sum(process.cpu_times()[:own])
                _, first, _ = self._cpu.get(pid, (role, spent if not self._cpu_is_new(process) else 0.0, 0.0))
                self._cpu[pid] = (role, first, spent)
                if role in {"web", "worker"}:
                    memory = self.memory.setdefault(pid, Memory(role))
                    memory.seconds.append(time.monotonic() - self._began)
                    memory.megabytes.append(process.memory_full_info().uss / MEGABYTE)

    def _cpu_is_new(self, process: psutil.Process) -> bool:
        """Whether the process began after the watch did: then all that it has used counts."""
        return time.time() - process.create_time() < time.monotonic() - self._began


def _busy_seconds() -> float:
    """Return the seconds that the machine's processors have been busy."""
    times = psutil.cpu_times()
    return (
        sum(times)
        - times.idle
        - getattr(times, "iowait", 0.0)
        - getattr(times, "guest", 0.0)
        - getattr(times, "guest_nice", 0.0)
    )


def descendants(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process(pid).children(recursive=True)
    return []
