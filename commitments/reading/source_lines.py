"""Where a figure comes from, as pages, the API and reports show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a value comes from: title, publisher, when it was published, place, address, licence and note, "" where not known."""

    title: str
    publisher: str
    when: str
    place: str
    url: str
    licence: str
    note: str
    slug: str = ""
