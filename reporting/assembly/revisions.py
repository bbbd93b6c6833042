"""Revisions of the strategy in a period: commitments that were added or renumbered, and success measures that were agreed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from reporting.facts import AddedFacts, MeasuredFacts, RenumberedFacts


def added(entries: Iterable[dict[str, Any]]) -> tuple[AddedFacts, ...]:
    """Return the commitments that joined, in the order in which they were loaded, by their numbers of today."""
    return tuple(
        AddedFacts(
            entry["commitment__reference"], entry["commitment__short_title"], date.fromisoformat(entry["said"]["on"])
        )
        for entry in sorted(
            (entry for entry in entries if entry["act"] == "add"), key=lambda entry: (entry["at"], entry["id"])
        )
    )


def renumbered(each: Iterable[tuple[str, str, Sequence[dict[str, Any]]]]) -> tuple[RenumberedFacts, ...]:
    """Return the commitments whose number at the end of the time is another than at its beginning.

    :param each: reference now, short title, and what happened in the time, the earliest first.
    """
    found = []
    for reference, title, entries in each:
        acts = [entry for entry in entries if entry["act"] == "renumber"]
        if acts and (was := acts[0]["said"]["was"]["reference"]) != reference:
            found.append(RenumberedFacts(reference, title, was, timezone.localdate(acts[-1]["at"])))
    return tuple(found)


def measured(each: Iterable[tuple[str, str, Sequence[dict[str, Any]]]]) -> tuple[MeasuredFacts, ...]:
    """Return the commitments whose success measure at the end of the time is agreed, and was not so at its beginning.

    :param each: as for :func:`renumbered`.
    """
    found = []
    for reference, title, entries in each:
        acts = [entry["said"] for entry in entries if entry["act"] == "measure"]
        if acts and (now := acts[-1]["now"])["agreed_by"] and now != acts[0]["was"]:
            on = date.fromisoformat(now["agreed_on"]) if now["agreed_on"] else None
            found.append(MeasuredFacts(reference, title, now["words"], now["agreed_by"], on))
    return tuple(found)
