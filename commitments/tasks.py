"""The queue's tasks for the calendar of rounds, and for the files of evidence. Each call does what is due and has not
been done; doing it twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from commitments.files import stored
from commitments.services import reminder_emails, round_participants, rounds
from vcsportal.common import clock

logger = logging.getLogger(__name__)


@shared_task(name="commitments.tasks.plan_reminders", ignore_result=True)
def plan_reminders() -> None:
    """Put today's reminders where emails wait. Asked every hour of the working day, so that a machine that was off catches up."""
    at = clock.now()
    reminder_emails.plan_reminders(today=timezone.localdate(at), at=at)


@shared_task(name="commitments.tasks.advance_rounds", ignore_result=True)
def advance_rounds() -> None:
    """Open the rounds whose day has come, end the windows whose grace is over, and ask whoever came while a round is open."""
    at = clock.now()
    rounds.advance_rounds(at=at)
    round_participants.ask_all_newcomers(at=at)


@shared_task(name="commitments.tasks.clear_leftovers", ignore_result=True)
def clear_leftovers() -> None:
    """Remove files of evidence that killed processes left."""
    if removed := stored.clear_leftovers():
        logger.info("Files of evidence that nobody finished were removed: %s", removed)
