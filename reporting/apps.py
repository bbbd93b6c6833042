"""How the year's story is told."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """How the year's story is told."""

    name = "reporting"
