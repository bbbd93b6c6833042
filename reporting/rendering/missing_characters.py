"""Finds characters that none of the portal's fonts has, and where they occur, so that an officer sees them before an
edition is published."""

import dataclasses
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from reporting import facts
from reporting.narrative import sections
from reporting.rendering.fonts import families_for
from reporting.rendering.printable_text import code_point, is_drawn, plain


@dataclass(frozen=True, slots=True)
class MissingLetter:
    """A character that cannot be printed.

    :ivar code: its number in Unicode, which print shows in its place, in brackets.
    :ivar name: its name in Unicode, in small letters; "" where it has none.
    :ivar where: every place where it stands, in the report's order: ``commitment 1.2, short title``.
    """

    character: str
    code: str
    name: str
    where: tuple[str, ...]


def find_missing(report: facts.Report) -> tuple[MissingLetter, ...]:
    """Return the characters of a report that no font of ours has, each once, in the order in which they first occur."""
    places: dict[str, list[str]] = {}
    checked: dict[str, bool] = dict.fromkeys(plain(), False)
    for found, text in _texts(report, ""):
        place = report.strategy.nouns.reworded(found)
        for letter in dict.fromkeys(text):
            if letter not in checked:
                checked[letter] = is_drawn(letter) and bool(families_for(letter)[1])
            if checked[letter] and place not in places.setdefault(letter, []):
                places[letter].append(place)
    return tuple(
        MissingLetter(letter, code_point(letter), unicodedata.name(letter, "").lower(), tuple(where))
        for letter, where in places.items()
    )


_UNPRINTED: Final = frozenset({"file", "url", "slug", "organisation_slug", "identifiers", "code", "kind"})
"""Fields that hold no words for readers."""


def _texts(value: Any, place: str, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the facts with the place where it stands."""
    if isinstance(value, str):
        yield (f"{place}, {field}" if place and field else place or field or "the report"), value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part, place, field)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = _place(value, place, field)
        for each in dataclasses.fields(value):
            if each.name not in _UNPRINTED:
                name = "" if isinstance(value, facts.TextFacts) else each.name.replace("_", " ")
                yield from _texts(getattr(value, each.name), own, name)


def _place(value: Any, outer: str, field: str) -> str:
    match value:
        case facts.StrategyFacts():
            return "the strategy"
        case facts.PortalIdentity():
            return "the portal’s settings"
        case facts.PriorityFacts():
            return f"priority {value.number}"
        case facts.CommitmentFacts():
            return f"commitment {value.reference}"
        case facts.ResponseFacts():
            return f"row {value.number} of the responses"
        case facts.CaseStudyFacts():
            return f"case study {value.number}"
        case facts.DecisionFacts():
            return f"row {value.number} of the decisions"
        case facts.CountyFigureFacts():
            return f"row {value.number} of the county in figures"
        case facts.RiskFacts():
            return f"risk {value.number}"
        case facts.EvidenceFacts():
            return f"evidence {value.number}"
        case facts.OrganisationFacts():
            return "the list of organisations"
        case facts.ChangesFacts():
            return "what changed"
        case facts.SkeletonFacts():
            return "the layout of the committee paper"
        case facts.TextFacts():
            return f"the text “{_title(value.section)}”"
        case facts.Report():
            return ""
    return f"{outer}, {field}" if outer and field else outer or field


def _title(key: str) -> str:
    if key.startswith(sections.PRIORITY):
        return f"Priority {key.removeprefix(sections.PRIORITY)}"
    written = (*sections.WRITTEN, *sections.FOR_THE_PAPER)
    return next((section.label for section in written if section.key == key), key)
