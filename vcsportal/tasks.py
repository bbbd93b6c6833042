"""Signs of life for ``/readyz``, and what beat asks of the report's services."""

import time
from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent
from django.conf import settings

from reporting.services.following_news import send_news
from reporting.services.integrity import check_published
from reporting.services.suspensions import review_suspensions
from vcsportal import worker_health
from vcsportal.backup import schedule
from vcsportal.common import clock
from vcsportal.open_data.services.snapshots import keep_snapshot
from vcsportal.privacy.services import retention_job

SIGN_OF_LIFE_SECONDS = 5.0
_last = 0.0


@heartbeat_sent.connect
def worker_is_alive(**kwargs: Any) -> None:
    """Said by the worker's own loop every few seconds, also while all its processes draw reports."""
    global _last
    if time.monotonic() - _last >= SIGN_OF_LIFE_SECONDS:
        _last = time.monotonic()
        worker_health.record_sign_of_life(settings.REDIS_URL, worker_health.WORKER_KEY)


@shared_task(name="vcsportal.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Sent by beat, carried out by the worker: proves the whole way."""
    worker_health.record_sign_of_life(settings.REDIS_URL, worker_health.SCHEDULE_KEY)


@shared_task(name="vcsportal.tasks.check_published_files", ignore_result=True)
def check_published_files() -> None:
    """Sent by beat once a day: read every published file, and compare it with what was published."""
    check_published(at=clock.now())


@shared_task(name="vcsportal.tasks.review_suspensions", ignore_result=True)
def review_consents_of_reports() -> None:
    """Sent by beat every hour: find consents that have expired, and what was missed when a process was killed."""
    review_suspensions(at=clock.now())


@shared_task(name="vcsportal.tasks.send_followers_news", ignore_result=True)
def send_followers_news() -> None:
    """Sent by beat every hour of the day, so that a machine that was off catches up: write to those whose week is over."""
    send_news(at=clock.now())


@shared_task(name="vcsportal.tasks.apply_retention", ignore_result=True)
def apply_retention() -> None:
    """Sent by beat once a night: remove personal data that has been kept for long enough."""
    retention_job.apply_retention(clock.now())


@shared_task(name="vcsportal.tasks.back_up", ignore_result=True, soft_time_limit=6 * 3600, time_limit=7 * 3600)
def back_up() -> None:
    """Sent by beat once a night where BACKUP_FOLDER is set: write the backup, read it back, remove the oldest."""
    schedule.back_up(clock.now())


@shared_task(name="vcsportal.tasks.keep_data_snapshot", ignore_result=True, soft_time_limit=3600, time_limit=2 * 3600)
def keep_data_snapshot() -> None:
    """Sent by beat every hour: the first of a day keeps a copy of the published data, the others find it made."""
    keep_snapshot(at=clock.now())
