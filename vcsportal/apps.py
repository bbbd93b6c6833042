"""Joins the floors at start-up."""

import gc

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project's own app: makes sure that the Celery application exists in every process that may queue a job."""

    name = "vcsportal"
    label = "portal"

    def ready(self) -> None:
        from vcsportal import celery, checks  # noqa: F401 - shared tasks find their application, and checks are found, by this import

        # Looking for garbage among what has just been loaded takes a tenth of a start, again and again, and finds none.
        if not celery.tasks_are_loading.is_set():
            gc.freeze()
            gc.enable()
