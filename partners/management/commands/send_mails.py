"""Send the emails that wait, here and now: for a machine without a worker, or to see what the mail server says."""

from typing import Any

from django.core.management.base import BaseCommand

from partners.emails.outbox import erase_expired
from partners.emails.sending import send_waiting
from partners.models import Mail
from vcsportal.common import clock, plurals


class Command(BaseCommand):
    help = "Send the emails that are due. Several can run at once."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        erase_expired(now)
        sent = send_waiting(now)
        self.stdout.write(f"{plurals.counted(sent, 'email')} sent.")
        waiting = Mail.objects.filter(state="waiting")
        if count := waiting.count():
            last = waiting.exclude(problem="").order_by("-tried_at", "id").values_list("problem", flat=True).first()
            said = f" The mail server last said: {last}" if last else ""
            self.stdout.write(f"{count} {plurals.be(count)} waiting to be sent later.{said}")
