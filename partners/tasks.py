"""The queue's door to the mails that wait. Losing a message, or sending it twice, does no harm: the rows say what is due."""

from celery import shared_task
from django.utils import timezone

from partners import outbox


@shared_task(name="partners.tasks.send_mails", ignore_result=True)
def send_mails() -> None:
    """Send what is due."""
    outbox.send_waiting(timezone.now())
