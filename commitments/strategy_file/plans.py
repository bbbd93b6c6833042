"""Reads how each commitment of a strategy's file is to succeed: measure, team, dates and ties. No database."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS
from commitments.rules.plan_limits import (
    EARLIEST_DAY,
    LATEST_DAY,
    MAX_AGREED_BY_CHARACTERS,
    MAX_MEASURE_CHARACTERS,
    MAX_TEAM_CHARACTERS,
)
from vcsportal.common.data_file import FileTable

MAX_TIE_CHARACTERS: Final = 80 + 1 + MAX_KEY_CHARACTERS
"""Characters of a key with the slug of its strategy before it."""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """How a commitment is to succeed, as the file has it; "" and None where the file gives none.

    ``follows`` and ``related`` are keys of commitments of this strategy, or of another as ``slug/key``. ``related`` is None
    where the file does not have it.
    """

    success_measure: str = ""
    success_measure_agreed_by: str = ""
    success_measure_agreed_on: date | None = None
    team: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    follows: str = ""
    related: tuple[str, ...] | None = None


def read_plan(table: FileTable, key: str) -> PlanEntry:
    """Return what a commitment's table says. What is wrong is noted at the table.

    :param key: the commitment's own, "" where the file leaves it to the portal.
    """
    measure = table.text("success_measure", required=False, longest=MAX_MEASURE_CHARACTERS)
    agreed_by = table.text("success_measure_agreed_by", required=False, longest=MAX_AGREED_BY_CHARACTERS)
    agreed_on = table.day("success_measure_agreed_on", required=False)
    for field, given in (("success_measure_agreed_by", agreed_by), ("success_measure_agreed_on", agreed_on)):
        if given and not measure:
            table.fault(field, "says who agreed a success measure, but success_measure is missing.")
    if agreed_on and measure and not agreed_by:
        table.fault("success_measure_agreed_by", "is missing, but success_measure_agreed_on is given.")
    starts_on, ends_on = table.day("starts_on", required=False), table.day("ends_on", required=False)
    for field, day in (
        ("success_measure_agreed_on", agreed_on), ("starts_on", starts_on), ("ends_on", ends_on),
    ):  # fmt: skip
        if day and not EARLIEST_DAY <= day <= LATEST_DAY:
            table.fault(field, f"is in the year {day.year}. Check the year.")
    if starts_on and ends_on and ends_on < starts_on:
        table.fault("ends_on", "comes before starts_on.")
    follows = table.text("follows", required=False, longest=MAX_TIE_CHARACTERS)
    if follows and follows == key:
        table.fault("follows", "is its own key. Give the key of the commitment that it replaces.")
    return PlanEntry(
        success_measure=measure,
        success_measure_agreed_by=agreed_by,
        success_measure_agreed_on=agreed_on,
        team=" ".join(table.text("team", required=False, longest=MAX_TEAM_CHARACTERS).split()),
        starts_on=starts_on,
        ends_on=ends_on,
        follows=follows,
        related=_related(table, key),
    )


def _related(table: FileTable, key: str) -> tuple[str, ...] | None:
    names = tuple(table.texts("related"))
    for place, name in enumerate(names):
        if not name:
            table.fault("related", "contains an empty text.")
        elif name == key:
            table.fault("related", "has its own key in it.")
        elif name in names[:place]:
            table.fault("related", f"names “{name}” twice.")
    return names if "related" in table.values else None
