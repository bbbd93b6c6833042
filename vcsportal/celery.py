"""The Celery application: JSON only, no result backend; the jobs' rows hold their results."""

import os
import resource
import signal
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init
from django.conf import settings

from vcsportal.local.programs import dies_with_us

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
app = Celery("vcsportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["partners", "commitments", "reporting", "vcsportal"])


@worker_init.connect
def note_what_draws(**kwargs: Any) -> None:
    """Find out what draws editions before any process is forked: all of them then say the same, and none reads files again.

    A process that is replaced days later would otherwise read code and fonts that it does not draw with, after a deployment.
    """
    from reporting.sealed.made_with import made_with

    made_with()


@worker_process_init.connect
def bound_memory(**kwargs: Any) -> None:
    """Let a task that wants too much memory fail by itself, before it takes the machine with it."""
    with suppress(OSError, ValueError):  # macOS has the limit but does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (settings.WORKER_ADDRESS_SPACE, settings.WORKER_ADDRESS_SPACE))


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """Let no process of the pool outlive a worker that was killed; its job's row says that it was lost."""
    if ask := dies_with_us(signal.SIGKILL):
        ask()
