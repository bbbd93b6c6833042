"""Commitments in the API's addresses and parameters: by key, or by a reference, under the same rules as on the pages."""

from typing import Any

import django_filters
from rest_framework import exceptions

from commitments.models import Commitment
from commitments.reading.references import holdings, keys_of, which
from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS, is_key
from commitments.rules.references import may_be_reference
from vcsportal.common.api_addresses import api_url


class SeveralHeld(exceptions.APIException):
    """Several commitments have had the reference: 300, with the key, the days and the address of each."""

    status_code = 300

    def __init__(self, detail: dict[str, Any]) -> None:
        super().__init__()
        self.detail = detail  # as it is: the exception would make texts of everything in it


def key_of(strategy: str, name: str) -> str:
    """Return the key that a name in an address stands for; the name itself where no commitment has had it as a reference.

    A key comes before a reference. Raise :class:`SeveralHeld` where several have had the reference. No query for a name
    that can only be a key.
    """
    if not may_be_reference(name):
        return name
    if is_key(name) and Commitment.objects.filter(strategy__slug=strategy, key=name).exists():
        return name
    held = holdings(strategy, name)
    keys = keys_of(held)
    if len(keys) > 1:
        each = [
            {
                "key": holding.key,
                "short_title": holding.short_title,
                "since": holding.since.isoformat() if holding.since else None,
                "until": holding.until.isoformat() if holding.until else None,
                "url": api_url(f"strategies/{strategy}/commitments/{holding.key}/"),
            }
            for holding in held
        ]
        raise SeveralHeld({"detail": which(name, keys), "commitments": each})
    return keys[0] if keys else name


class CommitmentNameFilter(django_filters.CharFilter):
    """Rows of one commitment of the strategy in the address, named as :func:`key_of` reads it."""

    parent: Any
    """The FilterSet, which sets it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MAX_KEY_CHARACTERS,
            label="The commitment's key; or its reference, for example 1.4, where no other commitment has had it",
            **kwargs,
        )

    def filter(self, qs: Any, value: Any) -> Any:
        strategy = self.parent.request.parser_context["kwargs"]["strategy"] if value else ""
        return super().filter(qs, key_of(strategy, value) if value else value)
