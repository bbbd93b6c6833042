"""Addresses of things that lists lead to: each kind of address is looked up once in a process, and then filled in."""

import re
from functools import cache
from typing import Final

from django.urls import get_script_prefix, reverse

_PLAIN: Final = re.compile(r"[-a-zA-Z0-9_]+")
"""What stands in an address as it is."""
_STAND_IN_NUMBER: Final = 909_090_900
_STAND_IN_WORD: Final = "stand-in-"


def address(name: str, *args: int | str) -> str:
    """Return the address of the view called ``name`` for these arguments, as ``reverse`` does.

    :raises NoReverseMatch: where there is no such view, or none that takes arguments of these kinds.
    """
    if any(isinstance(arg, str) and not _PLAIN.fullmatch(arg) for arg in args):
        return reverse(name, args=args)
    return _pattern(name, tuple(type(arg) for arg in args), get_script_prefix()).format(*args)


@cache
def _pattern(name: str, kinds: tuple[type, ...], prefix: str) -> str:
    stand_ins = [
        f"{_STAND_IN_WORD}{place}" if issubclass(kind, str) else _STAND_IN_NUMBER + place
        for place, kind in enumerate(kinds)
    ]
    found = reverse(name, args=stand_ins)
    for place, stand_in in enumerate(stand_ins):
        found = found.replace(str(stand_in), f"{{{place}}}")
    return found
