"""Which organisations somebody means by the words that they look for."""

from collections.abc import Sequence

from partners.models import Organisation


def organisations_named(words: Sequence[str]) -> dict[str, list[int]]:
    """Return for each word the keys of the organisations in the directory that have it in their name or a former name. One query."""
    return Organisation.objects.public().named_with_any(words)
