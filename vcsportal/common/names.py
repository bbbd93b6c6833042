"""Names of organisations and people: how they are sorted and how an address is made of them."""

import unicodedata

from django.utils.text import slugify


def sort_name(name: str) -> str:
    """Return ``name`` as it is sorted: without accents, capitals and a leading "The"."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().strip()
    return plain.removeprefix("the ").strip() or plain


def with_the(title: str) -> str:
    """Return the title of a strategy as it is named within a sentence: with "the", unless it begins with an article."""
    first, _, rest = title.partition(" ")
    if first.casefold() in {"the", "a", "an"} and rest:
        return f"{first.lower()} {rest}"
    return f"the {title}"


def free_slug(name: str, taken: set[str], *, fallback: str = "item", length: int = 80) -> str:
    """Return an address part made from ``name`` that is not in ``taken``."""
    stem = slug_stem(name, fallback=fallback, length=length)
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def slug_stem(name: str, *, fallback: str = "item", length: int = 80) -> str:
    """Return what an address part made from ``name`` begins with; a number may follow, up to ``length`` characters in all."""
    return slugify(name)[: length - 5].strip("-") or fallback
