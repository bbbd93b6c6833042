"""Who takes part: people, roles, organisations."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who takes part: people, roles, organisations."""

    name = "partners"

    def ready(self) -> None:
        from partners.sign_in import events

        events.listen()
