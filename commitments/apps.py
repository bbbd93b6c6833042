"""What was promised and how it stands."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """What was promised and how it stands."""

    name = "commitments"
