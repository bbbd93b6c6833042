"""Which organisations somebody means by the words that they look for."""

from collections.abc import Sequence

from partners.models import Organisation


def organisations_named(words: Sequence[str]) -> dict[str, list[int]]:
    """Return for each word the keys of the organisations in the directory in whose names, or former names, it stands, capitals or not. One query."""
    rows = Organisation.objects.public().values_list("pk", "name", "former_names")
    names = [(key, f"{name}\n{former}".casefold()) for key, name, former in rows]
    return {word: [key for key, name in names if word.casefold() in name] for word in words}
