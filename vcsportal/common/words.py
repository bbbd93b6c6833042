"""Small helpers for tables of words: one place says what a state is called, what it means and what it looks like."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, ParamSpec, Protocol

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
    """An act that was refused, with a sentence that a person can read. Always one of its kinds, never raised itself.

    Services and permission checks raise a kind; pages answer with its ``page_status`` and the API with its
    ``api_status``.

    :raises TypeError: on making a plain ``Refused``.
    """

    page_status: ClassVar[int]
    api_status: ClassVar[int]
    title: ClassVar[str]
    """The heading of the page that shows the sentence where there is no form to show it in."""

    def __init__(self, sentence: str) -> None:
        if type(self) is Refused:
            raise TypeError("Raise NotAllowed, NotNow or Invalid: they say which kind of refusal it is.")
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refused):
    """This person may not do it, whatever the state of the thing: 403."""

    page_status = api_status = 403
    title = "You can’t do this"


class NotNow(Refused):
    """The person may do it, but the state of the thing, or what somebody else has done, stands in the way: 409."""

    page_status = api_status = 409
    title = "This can’t be done now"


class Invalid(Refused):
    """What was entered is missing or wrong, and can be corrected: 422 on pages, 400 in the API.

    :param field: the form's name for the field that needs correcting; "" if it is about several of them together.
    """

    page_status, api_status = 422, 400
    title = "Something needs correcting"

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(NotNow):
    """Somebody has changed the thing since it was read; nothing was written."""

    title = "This has changed since you opened it"


class AlreadyDone(NotNow):
    """An act on something that is already where the act leads: as a rule, the second of two clicks, or the Back button.

    :param sentence: why it can't be done, for where it came to be so in another way.
    :param thing: what it is about, with an address; None where nothing more is known.
    :param what: the word for it, such as "evidence".
    :param past: what was done, such as "sent".
    :param act: the act's code in the history of ``thing``, a table of ``act``, ``at``, ``by``, ``from_state`` and ``to_state``;
        where the thing has a ``state``, the act has to be the one that led to it.
    :param at: when it was done, where a column of ``thing`` says so. The history is not read then.
    :param by: who did it, with ``at``.
    """

    def __init__(
        self,
        sentence: str,
        *,
        thing: Any,
        what: str,
        past: str,
        act: str = "",
        at: datetime | None = None,
        by: Any = None,
    ) -> None:
        super().__init__(sentence)
        self.thing, self.what, self.past, self.act, self.at, self.by = thing, what, past, act, at, by

    def done(self) -> tuple[datetime, Any] | None:
        """Return when it was done and who did it (None is the portal), or None if it was not this act that led here."""
        if self.at is not None:
            return self.at, self.by
        if self.thing is None or not self.act:
            return None
        entries = self.thing.history.select_related("by").order_by("-at", "-id")
        if not hasattr(self.thing, "state"):
            ended = entries.filter(act=self.act).first()
            return (ended.at, ended.by) if ended is not None else None
        state = self.thing.state  # an update's history also has the states of its commitment
        last = next(
            (entry for entry in entries[:100] if entry.from_state != entry.to_state and entry.to_state == state), None
        )
        return (last.at, last.by) if last is not None and last.act == self.act else None

    def again(self, person: Any = None) -> str:
        """Return who did it and when, as a sentence for ``person``; "" if it was not this act that led here."""
        if (done := self.done()) is None:
            return ""
        at, by = timezone.localtime(done[0]), done[1]
        who = "the portal" if by is None else "you" if person is not None and by.pk == person.pk else by.name
        when = f"{in_words(at.date())} at {at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"
        return f"This {self.what} was {self.past} already, on {when} by {who}."

    def heading(self, person: Any = None) -> str:
        """Return the heading of the page for ``person``."""
        if (done := self.done()) is None:
            return self.title
        past = "done" if " " in self.past else self.past  # "taken up again this" is no English
        if person is not None and done[1] is not None and done[1].pk == person.pk:
            return f"You have already {past} this"
        return f"This has already been {past}"


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
