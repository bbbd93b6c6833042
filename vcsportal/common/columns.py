"""What the columns of every published table have in common: a name, a kind of content, a meaning and perhaps a unit."""

from typing import Final, Protocol

TEXT: Final = "text"
MARKDOWN: Final = "text in Markdown"
NUMBER: Final = "whole number"
DECIMAL: Final = "number"
DATE: Final = "date"
MOMENT: Final = "date and time, ISO 8601"
YES_NO: Final = "yes or no"
LIST: Final = "list"


class ColumnHeader(Protocol):
    """A column as its readers need it. ``kind`` is one of the words above; ``unit`` says what a number counts, "" if nothing."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def meaning(self) -> str: ...

    @property
    def unit(self) -> str: ...


def as_words(name: str) -> str:
    """Return ``people_reached`` as ``People reached``."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
