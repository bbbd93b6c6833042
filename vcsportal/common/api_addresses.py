"""Absolute addresses: of pages, and of what is in the API."""

from django.conf import settings
from django.urls import reverse


def portal_url(path: str) -> str:
    """Return an absolute address. It comes from the settings: a request's Host header may be anybody's invention."""
    return f"{settings.PORTAL_URL}{path}"


def api_url(rest: str) -> str:
    """Return the absolute address of something in the API."""
    return f"{settings.PORTAL_URL}{reverse('api:root')}{rest}"
