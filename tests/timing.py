"""Measuring time in a test: the work of this process and of the database alone, and without the tracer that counts what was covered."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


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


def server_work() -> float:
    """Return the seconds of work so far of the server process behind the connection, which runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
