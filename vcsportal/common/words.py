"""Small helpers for tables of words: one place holds what a state is called, means and looks like."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, Protocol

from django.utils import timezone

from vcsportal.common.dates import in_words

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


class AlreadyDone(Refused):
    """An act on something that is already where the act leads: as a rule, the second of two clicks.

    :param sentence: why it can't be done, for where it came to be so in another way.
    :param thing: what it is about, with a ``history`` of entries (``act``, ``at``, ``by``, ``from_state``, ``to_state``)
        and an address; None where nothing more is known.
    :param act: the act's code in the history.
    :param words: what was done, as "This evidence was sent".
    """

    def __init__(self, sentence: str, *, thing: Any, act: str, words: str) -> None:
        super().__init__(sentence)
        self.thing, self.act, self.words = thing, act, words

    def again(self, person: Any = None) -> str:
        """Return who did it and when, as a sentence for ``person``; "" if it was not this act that led here."""
        if self.thing is None:
            return ""
        entries = self.thing.history.select_related("by").order_by("-at", "-id")
        last = next((one for one in entries[:100] if one.from_state != one.to_state), None)
        if last is None or last.act != self.act:
            return ""
        at = timezone.localtime(last.at)
        who = "you" if person is not None and last.by_id == person.pk else last.by.name if last.by else "the portal"
        when = f"{in_words(at.date())} at {at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"
        return f"{self.words} already, on {when} by {who}."


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
