"""The queue's door: a message carries an edition's key and nothing else. Losing one, or sending it twice, does no harm."""

import logging
import threading

from celery import shared_task

from reporting import production

logger = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds that somebody who asks for a report waits for the queue. It goes on trying behind their back."""


@shared_task(name="reporting.tasks.produce_edition")
def produce_edition(edition_id: int) -> None:
    """Make an edition, if it still waits to be made."""
    production.produce(edition_id)


@shared_task(name="reporting.tasks.sweep_editions")
def sweep_editions() -> None:
    """Send again what was lost, give up what is spent."""
    sweep()


def sweep() -> int:
    """Do so here and now; return how many keys were sent again. Two sweepers at once do no harm."""
    return sum(send(edition_id) for edition_id in production.sweep())


def send(edition_id: int) -> bool:
    """Put an edition's key into the queue; return whether the queue took it in time. Never raises.

    A queue that is down or hangs is not the fault of the person who asks: the row waits, and the sweeper sends it.
    """
    sent = threading.Event()

    def publish() -> None:
        try:
            produce_edition.apply_async((edition_id,), retry=False)
            sent.set()
        except Exception as error:  # whatever it is, the sweeper will try again
            logger.warning("Edition %s could not be queued and waits for the sweeper: %s", edition_id, error)

    threading.Thread(target=publish, daemon=True, name=f"send-{edition_id}").start()
    if not sent.wait(PATIENCE):
        return False
    production.note_sent(edition_id)
    return True
