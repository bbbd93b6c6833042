"""The Celery application: JSON only, no result backend; the jobs' rows hold their results."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vcsportal.settings")
app = Celery("vcsportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["reporting", "vcsportal"])
