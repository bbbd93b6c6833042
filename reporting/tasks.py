"""The queue's tasks: a message carries only an edition's key. Losing one, or sending it twice, does no harm."""

import logging
import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent
from django.conf import settings

from reporting import production
from reporting.production import edition_files, sweeping

logger = logging.getLogger(__name__)
SEND_SECONDS = 2.0
"""Seconds that someone who requests a report waits for the queue. After that the attempt continues in the
background."""
_last = time.monotonic()


@shared_task(name="reporting.tasks.produce_edition")
def produce_edition(edition_id: int) -> None:
    """Make an edition, if it still waits to be made."""
    production.produce(edition_id)


@shared_task(name="reporting.tasks.sweep_editions")
def sweep_editions() -> None:
    """Send again what was lost, give up what is spent."""
    sweep()


@shared_task(name="reporting.tasks.clear_leftovers")
def clear_leftovers() -> None:
    """Remove files that killed workers left."""
    if removed := edition_files.clear_leftovers():
        logger.info("Files of reports that nobody finished were removed: %s", removed)


@heartbeat_sent.connect
def sweep_without_a_schedule(**kwargs: Any) -> None:
    """Said by the worker's own loop: where beat is not running, what was lost is found all the same."""
    global _last
    if time.monotonic() - _last >= settings.REPORT_SWEEP_SECONDS:
        _last = time.monotonic()
        sweep_editions.apply_async(retry=False, expires=settings.MESSAGE_SECONDS)


def sweep() -> int:
    """Do so here and now; return how many keys were sent again. Two sweepers at once do no harm."""
    sweeping.give_up_spent()
    sent = 0
    for edition_id in sweeping.overdue():
        if not send(edition_id):
            break  # a queue that does not take this one takes no other
        sent += 1
    return sent


def send(edition_id: int) -> bool:
    """Put an edition's key into the queue; return whether the queue took it in time. Never raises for the queue's sake.

    A queue that is down or hangs is not the fault of the person who asks: the row waits, and the sweeper sends it.
    """
    sent = threading.Event()
    over = threading.Event()

    def publish() -> None:
        try:
            produce_edition.apply_async((edition_id,), retry=False)
            sent.set()
        except Exception as error:  # whatever it is, the sweeper will try again
            logger.warning("Edition %s could not be queued and waits for the sweeper: %s", edition_id, error)
        finally:
            over.set()

    threading.Thread(target=publish, daemon=True, name=f"send-{edition_id}").start()
    over.wait(SEND_SECONDS)
    if not sent.is_set():
        return False
    sweeping.note_sent(edition_id)
    return True
