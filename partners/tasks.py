"""The queue's door to the emails that wait and to the chain of security events.

Losing a message, or sending it twice, does no harm: the rows say what is due.
"""

from celery import shared_task

from partners.emails import outbox, sending
from partners.security.chain import seal
from partners.services.seat_roles import keep_seat_roles as give_and_end_seat_roles
from partners.sessions.engine import SessionStore
from vcsportal.common import clock


@shared_task(name="partners.tasks.send_mails", ignore_result=True)
def send_mails() -> None:
    """Send what is due."""
    at = clock.now()
    outbox.erase_expired(at)
    sending.send_waiting(at)


@shared_task(name="partners.tasks.link_security_events", ignore_result=True)
def link_security_events() -> None:
    """Link the security events since the last time into the chain that shows a change."""
    seal()


@shared_task(name="partners.tasks.clear_sessions", ignore_result=True)
def clear_sessions() -> None:
    """Remove expired sessions."""
    SessionStore.clear_expired()


@shared_task(name="partners.tasks.keep_seat_roles", ignore_result=True)
def keep_seat_roles() -> None:
    """Give the roles of seats whose first day has come, and end those of seats that are no longer held."""
    give_and_end_seat_roles(at=clock.now())
