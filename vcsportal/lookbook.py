"""Invented data for the style guide at ``/dev/look/``."""

from typing import Any


def samples() -> dict[str, Any]:
    """Return one example of everything that can be seen."""
    return {}
