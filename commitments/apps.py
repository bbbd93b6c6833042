"""Strategies, their commitments and how these are going."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """The app of strategies, rounds, updates, evidence and indicators."""

    name = "commitments"
