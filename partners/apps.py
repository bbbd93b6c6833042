"""Who takes part: people, roles, organisations."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who takes part: people, roles, organisations."""

    name = "partners"

    def ready(self) -> None:
        from partners import sign_in_events

        sign_in_events.listen()
