"""The key of a commitment: the part of its address that never changes, whatever its number. No ORM, no request, no clock."""

import re
from typing import Final

from vcsportal.common.names import free_slug

MAX_KEY_CHARACTERS: Final = 60
"""Characters of a key."""
FALLBACK: Final = "commitment"
"""The beginning of a key if the short title has no letter or digit that an address can contain."""
_FORM: Final = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


def is_key(text: str) -> bool:
    """Whether a text can be a key: lowercase letters, digits and single hyphens, with at least one letter."""
    return len(text) <= MAX_KEY_CHARACTERS and _FORM.fullmatch(text) is not None


def make_key(short_title: str, taken: set[str]) -> str:
    """Return a key made from a short title that is not in ``taken``.

    A title of digits only ("2025") gets a word in front, so that a key can't be mistaken for a reference.
    """
    made = free_slug(short_title, taken, fallback=FALLBACK, length=MAX_KEY_CHARACTERS)
    return (
        made
        if is_key(made)
        else free_slug(f"{FALLBACK} {short_title}", taken, fallback=FALLBACK, length=MAX_KEY_CHARACTERS)
    )
