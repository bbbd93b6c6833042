"""What would become of an action plan, row by row, with what is to be known about each row's cells."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.action_plan.choices import (
    INVITE,
    LEAVE,
    REGISTER,
    WORDS,
    LabelChoice,
    PlanChoices,
    note_names_left_out,
    planned_status,
)
from commitments.action_plan.entry import ActionPlanDetails, PlannedStrategy, strategy_entry
from commitments.action_plan.rows import PlanNote, PlanRow, ReadPlan
from commitments.rules import status
from commitments.strategy_file.priorities import CommitmentEntry
from partners.models import Organisation, User
from vcsportal.common.dates import in_words

SAID_ONCE_ABOVE: Final = 4
"""Rows with the same warning above which it is shown once for all of them."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One commitment to be: texts for the page, its actions' wordings, and notes on the cells of its row."""

    reference: str
    title: str
    wording: str
    due: str
    leads: tuple[str, ...]
    partners: tuple[str, ...]
    status: str
    actions: tuple[str, ...]
    figures: tuple[str, ...]
    notes: tuple[PlanNote, ...]


@dataclass(frozen=True, slots=True)
class PreviewGroup:
    """One priority to be."""

    number: int
    title: str
    rows: tuple[PreviewRow, ...]


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """The whole. ``not_used`` lists every cell that is left out, ``elsewhere`` warnings that belong to no commitment's row,
    and ``together`` those that many rows have.
    """

    groups: tuple[PreviewGroup, ...]
    rounds: tuple[str, ...]
    faults: tuple[PlanNote, ...]
    not_used: tuple[PlanNote, ...]
    elsewhere: tuple[PlanNote, ...]
    together: tuple[str, ...]
    commitments: int


def preview(plan: ReadPlan, details: ActionPlanDetails, choices: PlanChoices, today: date) -> PlanPreview:
    """Return what a plan would become. Two queries, for the names of people and organisations."""
    planned = strategy_entry(plan, details, choices=choices, today=today)
    statuses = {
        reference: planned_status(plan, row, choices, details.plan_day) for reference, row in planned.rows.items()
    }
    for row in planned.rows.values():
        note_names_left_out(plan, row, choices)
    often = Counter(note.sentence for note in plan.warnings)
    by_row: dict[int, list[PlanNote]] = {}
    together: dict[str, list[PlanNote]] = {}
    for note in plan.warnings:
        if often[note.sentence] > SAID_ONCE_ABOVE:
            together.setdefault(note.sentence, []).append(note)
            continue
        by_row.setdefault(note.row, []).append(note)
    names = _Names(choices)
    groups = tuple(
        PreviewGroup(
            group.number, group.title,
            tuple(
                _row(entry, planned.rows[entry.reference], found.code if (found := statuses[entry.reference]) else "", names, by_row)
                for entry in group.commitments
            ),
        )
        for group in planned.entry.priorities
    )  # fmt: skip
    return PlanPreview(
        groups, _rounds(planned), tuple(plan.faults), tuple(sorted(plan.not_used)),
        tuple(sorted(note for notes in by_row.values() for note in notes)),
        tuple(f"{notes[0].place} and {len(notes) - 1} other cells: {sentence}" for sentence, notes in together.items()),
        len(planned.rows),
    )  # fmt: skip


def _rounds(planned: PlannedStrategy) -> tuple[str, ...]:
    return tuple(
        f"{each.slug}: {in_words(each.observes_from)} to {in_words(each.observes_to)}, open for updates from "
        f"{in_words(each.opens_on)} to {in_words(each.closes_on)}"
        for each in planned.entry.rounds
    )


def _row(
    entry: CommitmentEntry, row: PlanRow, code: str, names: "_Names", by_row: dict[int, list[PlanNote]]
) -> PreviewRow:
    due = in_words(entry.plan.ends_on) if entry.plan.ends_on else "Ongoing" if entry.ongoing else row.due.words
    figures = []
    for indicator in entry.indicators:
        if indicator.baseline is not None:
            figures.append(f"Baseline {indicator.baseline.normalize():f}")
        figures += [
            f"Target for {each.round}: {each.figure.value.normalize():f}"
            for each in indicator.targets
            if each.figure.value is not None
        ]
    lines = [row.row, *(action.line for action in entry.actions)]
    return PreviewRow(
        entry.reference, entry.short_title, entry.wording, due,
        tuple(names.lead(label) for label in row.leads), tuple(names.partner(label) for label in row.partners),
        status.BY_CODE[code].label if code else "", tuple(action.wording for action in entry.actions), tuple(figures),
        tuple(note for line in lines for note in by_row.pop(line, [])),
    )  # fmt: skip


class _Names:
    """What each name of the plan becomes, in words."""

    def __init__(self, choices: PlanChoices) -> None:
        self.choices = choices
        keys = {choice.key for choice in choices.leads.values()}
        self.people = dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))
        keys = {choice.key for choice in choices.partners.values()}
        self.organisations = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))

    def lead(self, label: str) -> str:
        return self._said(label, self.choices.lead(label), self.people)

    def partner(self, label: str) -> str:
        return self._said(label, self.choices.partner(label), self.organisations)

    def _said(self, label: str, choice: LabelChoice, known: dict[int, str]) -> str:
        return {
            INVITE: f"{label}, to be invited", REGISTER: f"{label}, to be added", WORDS: label, LEAVE: f"{label}, left out",
        }.get(choice.what) or known.get(choice.key, label)  # fmt: skip
