"""Measuring time in a test: the work of this process alone, and without the tracer that counts what was covered."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Took:
    """Seconds of processor time."""

    seconds: float = 0.0


@contextmanager
def measured() -> Iterator[Took]:
    """Measure what is done inside. What else the machine does at the moment is not counted."""
    tracer, took = sys.gettrace(), Took()
    sys.settrace(None)
    began = time.process_time()
    try:
        yield took
    finally:
        took.seconds = time.process_time() - began
        sys.settrace(tracer)
