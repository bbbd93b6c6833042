"""How the year's story is told."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """How the year's story is told."""

    name = "reporting"

    def ready(self) -> None:
        """Let public pages that show the latest report notice a new one."""
        from commitments.reading import versions

        versions.watch(
            "(SELECT concat(count(*), max(published_at)) FROM reporting_edition WHERE published_at IS NOT NULL)"
        )
