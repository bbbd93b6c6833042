"""How much of the memory that it may use a process has used. Linux says so; elsewhere nothing is known."""

import resource
from pathlib import Path
from typing import Final

STATUS: Final = Path("/proc/self/status")
NEARLY_SPENT_SHARE: Final = 0.9
"""A share of the limit. The request that was refused is not in the peak, and it may have been for many megabytes."""


def nearly_spent() -> bool:
    """Return whether this process has come close to its limit of address space (``RLIMIT_AS``) since it started.

    A C library that is refused memory often says something else, such as ``SystemError``; this tells what it meant.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return limit != resource.RLIM_INFINITY and peak() >= NEARLY_SPENT_SHARE * limit


def peak() -> int:
    """Return the most address space that this process has had, in bytes; 0 where the system does not say."""
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmPeak:")), 0)
