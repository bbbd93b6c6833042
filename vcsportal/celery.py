"""The Celery application: JSON only, no result backend; the jobs' rows hold their results."""

import gc
import os
import resource
import signal
import threading
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import import_modules, worker_init, worker_process_init, worker_process_shutdown
from django.conf import settings

from vcsportal.common.processes import dies_with_us
from vcsportal.common.temporary_folders import own_folder, remove_own
from vcsportal.database.limits import begin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
gc.disable()  # until everything is loaded (apps.py)
tasks_are_loading = threading.Event()
"""Set while Celery sets up Django, runs its checks, which load every view, and loads the modules of the tasks."""


@import_modules.connect  # before the application is made, which connects what sets up Django
def stop_looking_for_garbage(**kwargs: Any) -> None:
    """Receivers are called in the order in which they were connected."""
    gc.disable()
    tasks_are_loading.set()


app = Celery("vcsportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["partners", "commitments", "reporting", "vcsportal"])


@import_modules.connect
def look_for_garbage_again(**kwargs: Any) -> None:
    """The tasks are loaded."""
    tasks_are_loading.clear()
    gc.freeze()
    gc.enable()


@worker_init.connect
def limit_waits(**kwargs: Any) -> None:
    """Wait for the database as long as a worker may; its processes are made from this one."""
    begin("worker")


@worker_init.connect
def note_what_draws(**kwargs: Any) -> None:
    """Find out what draws editions before any process is forked, so that all of them agree and none reads the files
    again.

    A process that is replaced days later would otherwise read code and fonts that it does not draw with, after a deployment.
    """
    from reporting.rendering import engine  # noqa: F401 - read once, and shared by the processes that are made from this one
    from reporting.sealed.made_with import made_with

    made_with()
    gc.collect()
    gc.freeze()  # the garbage collector no longer looks through what is loaded each time a report has been drawn


@worker_process_init.connect
def bound_memory(**kwargs: Any) -> None:
    """Make a task that needs too much memory fail on its own, before it brings the machine down."""
    with suppress(OSError, ValueError):  # macOS has the limit but does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (settings.WORKER_ADDRESS_SPACE, settings.WORKER_ADDRESS_SPACE))


@worker_process_init.connect
def keep_temporary_files_together(**kwargs: Any) -> None:
    """Make sure that what a killed process leaves behind is found by the one that replaces it."""
    own_folder()


@worker_process_shutdown.connect
def remove_temporary_files(**kwargs: Any) -> None:
    """Leave nothing behind at an ordinary end."""
    remove_own()


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """End the pool's processes with a worker that was killed. Its job's row records that the job was lost."""
    if ask := dies_with_us(signal.SIGKILL):
        ask()
