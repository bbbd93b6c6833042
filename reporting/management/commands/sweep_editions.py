"""Send lost editions again, give up those that failed too often, and remove unfinished files: what beat does, by hand
or from cron."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting import tasks
from reporting.production import edition_files
from vcsportal.common import plurals


class Command(BaseCommand):
    """One sweep."""

    help = "Send editions of the report again whose worker or message was lost, and give up those that are spent."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = tasks.sweep()
        self.stdout.write(f"{plurals.counted(sent, 'edition')} sent to the queue again.")
        if removed := edition_files.clear_leftovers():
            self.stdout.write(f"{plurals.counted(removed, 'file')} that nobody finished removed.")
