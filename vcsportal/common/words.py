"""Small helpers for tables of words: one place holds what a state is called, means and looks like."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, Protocol

P = ParamSpec("P")


class Worded(Protocol):
    """Anything with a stable code and a label for people."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...


def choices(table: Iterable[Worded]) -> list[tuple[str, str]]:
    """Return Django choices, in the table's own order."""
    return [(word.code, word.label) for word in table]


class Refused(Exception):
    """An act that is not allowed, as a sentence a person can read.

    Services and permission checks raise it; pages show it with 403 (or at a form's top with 422), the API
    answers it as ``{"detail": …}``.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conflict(Refused):
    """Somebody else has changed the thing since it was read; nothing was written."""


def allowed(check: Callable[P, None]) -> Callable[P, bool]:
    """Return the yes-or-no half of a rule whose other half raises the sentence."""

    @wraps(check)
    def answer(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except Refused:
            return False
        return True

    return answer
