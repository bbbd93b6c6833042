"""Limits the facts to what can be drawn in a bounded time. Forms have the same limits, but rows that were written in
other ways must not hold up a report."""

import dataclasses
import re
from typing import Any, Final

from reporting.facts import Report

MAX_TEXT_CHARACTERS: Final = 100_000
"""Characters of one text: five times what any form takes."""
CHARACTERS_BEFORE_BREAK: Final = 20
"""Letters of a word without end after which a line may be broken."""
_ENDLESS: Final = re.compile(r"\S{60,}")
_MAX_ADDRESS_CHARACTERS: Final = 2000


def bounded(report: Report) -> Report:
    """Return the report with endless texts cut, which is said, and endless words broken. Nearly always it is the same one."""
    cut: Report = _bounded(report)
    return cut


def _bounded(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value) if len(value) >= 60 else value
    if isinstance(value, tuple):
        parts = [_bounded(part) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else tuple(parts)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        new = {}
        for field in dataclasses.fields(value):
            old = getattr(value, field.name)
            if (now := _bounded(old)) is not old and field.name != "file":
                new[field.name] = now
        return dataclasses.replace(value, **new) if new else value
    return value


def _text(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        text = f"{text[:MAX_TEXT_CHARACTERS].rstrip()} … [Cut here: the text has {len(text):,} characters. The full text is in the data files.]"
    return _ENDLESS.sub(_broken, text)


def _broken(word: re.Match[str]) -> str:
    """Put places at which a line may end into a word; an address stays as it is, since it would lead elsewhere."""
    letters = word[0]
    if "://" in letters and len(letters) < _MAX_ADDRESS_CHARACTERS:
        return letters
    return "\u200b".join(
        letters[at : at + CHARACTERS_BEFORE_BREAK] for at in range(0, len(letters), CHARACTERS_BEFORE_BREAK)
    )
