"""Changes in words, each with the address of its commitment and its statuses as pages draw them."""

from dataclasses import dataclass

from commitments.models import Commitment, Strategy
from commitments.reading.pages import address
from commitments.rules import status as words
from commitments.rules.status import Status
from reporting.facts import ChangesFacts
from reporting.narrative import change_sentences
from reporting.narrative.change_lines import ChangeGroup, ChangeLine


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A change, the address of its commitment, "" where it is about none, and its statuses before and after if it moved."""

    line: ChangeLine
    url: str
    was: Status | None
    now: Status | None


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """Changes of one kind."""

    group: ChangeGroup
    lines: list[LinkedLine]


def linked(strategy: Strategy, changes: ChangesFacts) -> list[LinkedGroup]:
    """Return the groups of changes; commitments without an update are named, too. One query."""
    here = Commitment.objects.filter(strategy=strategy).values_list("reference", "short_title", "key")
    known = {reference: (title, key) for reference, title, key in here}
    told = []
    for group in change_sentences.groups(changes, strategy.nouns):
        lines = group.lines
        if group.code == "silent":
            lines = tuple(ChangeLine(reference, known[reference][0], "") for reference in changes.silent)
        told.append(
            LinkedGroup(group, [_linked(strategy, line, known.get(line.reference, ("", ""))[1]) for line in lines])
        )
    return told


def _linked(strategy: Strategy, line: ChangeLine, key: str) -> LinkedLine:
    was, now = (words.of(code) if code else None for code in (line.was, line.now))
    return LinkedLine(line, address(strategy.slug, key) if key else "", was, now)
