"""Programs that use the API with a token, for tests."""

from typing import Any, Final

from django.test import Client
from django.utils import timezone

from commitments.models import Commitment
from partners.models import ApiToken, Organisation, User
from partners.services.api_tokens import make_token

EVIDENCE: Final = "/api/v1/evidence/"


def made(person: User, *scopes: str, organisation: Organisation | None = None, days: int = 30) -> tuple[ApiToken, str]:
    return make_token(
        by=person, at=timezone.now(), name="our database", scopes=scopes, days=days, organisation=organisation
    )


def program(text: str) -> Client:
    """Return a client that sends a token and no cookie."""
    return Client(headers={"Authorization": f"Bearer {text}"})


def entry(organisation: Organisation, commitment: Commitment, **more: Any) -> dict[str, Any]:
    return {
        "organisation": organisation.slug, "title": "Ran a drop-in", "happened_from": "2026-03-01",
        "commitments": [commitment.key], "strategy": commitment.strategy.slug, **more,
    }  # fmt: skip
