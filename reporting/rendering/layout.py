"""Runs WeasyPrint's layout: counts the pages as they come, and switches off Python's cycle collector."""

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Called with the pages drawn so far and how many there will be about."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Switch off Python's cycle collector during layout, which makes millions of small objects: it takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
            gc.collect()


@contextmanager
def pages_heard(on_page: Progress | None, expected: int) -> Iterator[None]:
    """Pass on each page that WeasyPrint says it lays out. It lays pages out again once their numbers are known."""
    if on_page is None:
        yield
        return
    tell = on_page
    logger, thread, done = logging.getLogger("weasyprint.progress"), threading.get_ident(), 0

    class Hear(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:  # not emit: what on_page raises must come through
            nonlocal done
            if threading.get_ident() == thread and "Page %d" in str(record.msg) and isinstance(record.args, tuple):
                done = max(done, int(str(record.args[0])))
                tell(done, max(done, expected))
            return True

    handler, level, propagate = Hear(), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
