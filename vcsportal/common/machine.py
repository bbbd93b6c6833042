"""How much of the machine this process may use. In a container that is less than the machine has; Linux says how much."""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

GROUP: Final = Path("/sys/fs/cgroup")
MEMINFO: Final = Path("/proc/meminfo")


def processors() -> int:
    """Return how many processors this process may keep busy, at least 1."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no container, one without a limit ("max"), or another system
        quota, period = (GROUP / "cpu.max").read_text().split()
        allowed = min(allowed, math.ceil(int(quota) / int(period)))
    return max(1, allowed)


def memory() -> int:
    """Return how many bytes of memory this process may use together with its container; 0 where the system does not say."""
    return min(_limits(), default=0)


def _limits() -> Iterator[int]:
    with suppress(OSError, ValueError):
        yield int((GROUP / "memory.max").read_text())
    with suppress(OSError):
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemTotal:"):
                yield int(line.split()[1]) * 1024
