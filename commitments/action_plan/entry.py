"""Makes the entry of a strategy's file from the rows of an action plan, so that one loader writes both."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from commitments.action_plan.choices import WORDS, PlanChoices
from commitments.action_plan.figures import PlanFigure
from commitments.action_plan.periods import PlanYear
from commitments.action_plan.rows import PlanNote, PlanRow, ReadPlan
from commitments.rules.commitment_keys import MAX_KEY_CHARACTERS, make_key
from commitments.rules.indicators import INDICATOR_CODE, IndicatorFigure, say_number
from commitments.rules.kinds import STRATEGY
from commitments.rules.plan_limits import MAX_MEASURE_CHARACTERS, MAX_TEAM_CHARACTERS
from commitments.rules.references import folded, numbered
from commitments.strategy_file.actions import MAX_WORDING_CHARACTERS, ActionEntry
from commitments.strategy_file.indicators import FileValue, IndicatorEntry
from commitments.strategy_file.plans import PlanEntry
from commitments.strategy_file.priorities import MAX_SHORT_TITLE_CHARACTERS, CommitmentEntry, PriorityEntry
from commitments.strategy_file.strategy import GRACE, OwnerEntry, RoundEntry, StrategyEntry
from vcsportal.common.dates import in_words

MAX_TITLE_CHARACTERS: Final = 200
WINDOW: Final = timedelta(days=30)
"""How long people may send updates after the year of a target has ended, in the rounds that a plan's targets need."""


@dataclass(frozen=True, slots=True)
class ActionPlanDetails:
    """What a plan's sheet does not say of its strategy. ``plan_day`` is the day of the plan, ``file_name`` its file's name."""

    slug: str
    title: str
    starts_on: date
    ends_on: date
    owner: OwnerEntry
    plan_day: date
    file_name: str
    vision: str = ""
    source: str = ""
    reports_to: str = ""
    reports_to_short: str = ""
    kind: str = STRATEGY.code
    language: str = ""

    @property
    def provenance(self) -> str:
        """Where the wording comes from, as a sentence."""
        return self.source or f"{self.owner.name}, action plan of {in_words(self.plan_day)} ({self.file_name})."


@dataclass(slots=True)
class PlannedStrategy:
    """The entry, and the row of the plan behind each commitment, by the commitment's reference."""

    entry: StrategyEntry
    rows: dict[str, PlanRow] = field(default_factory=dict)
    short_titles: dict[int, str] = field(default_factory=dict)


def strategy_entry(plan: ReadPlan, details: ActionPlanDetails, *, choices: PlanChoices, today: date) -> PlannedStrategy:
    """Return the strategy that a plan's rows make. What is left out is noted in the plan.

    :param choices: whose names stay in words.
    :param today: a target of a year that is over has no round any more, so it is kept in words.
    """
    maker = _Maker(plan, details, choices, today)
    priorities = maker.priorities()
    entry = StrategyEntry(
        slug=details.slug, title=details.title, vision=details.vision, source=details.provenance,
        starts_on=details.starts_on, ends_on=details.ends_on, reports_to=details.reports_to,
        reports_to_short=details.reports_to_short, supported_by="", steered_by="", succeeds="", opens_first=False,
        language=details.language, owner=details.owner, priorities=priorities, rounds=maker.rounds(), line=1,
        kind=details.kind,
    )  # fmt: skip
    return PlannedStrategy(entry, maker.by_reference, maker.short_titles)


def short_title(wording: str, longest: int = MAX_SHORT_TITLE_CHARACTERS) -> str:
    """Return the beginning of a wording as a title, cut at a word: its first line or sentence where that is short enough."""
    line = " ".join(wording.split("\n")[0].split())
    sentence = re.split(r"(?<=[a-z0-9)])[.;:](?: |$)", line)[0].rstrip(" .;:,")
    if len(sentence) <= longest:
        return sentence
    cut = sentence[: longest - 1]
    if " " in cut and sentence[longest - 1] != " ":
        cut = cut.rpartition(" ")[0]
    return f"{cut.rstrip(' .;:,–-')}…"


class _Maker:
    def __init__(self, plan: ReadPlan, details: ActionPlanDetails, choices: PlanChoices, today: date) -> None:
        self.plan, self.details, self.choices, self.today = plan, details, choices, today
        self.years: dict[str, PlanYear] = {}
        self.codes: set[str] = set()
        self.keys: set[str] = set()
        self.by_reference: dict[str, PlanRow] = {}
        self.short_titles: dict[int, str] = {}

    def priorities(self) -> tuple[PriorityEntry, ...]:
        """Return the themes in the order in which they appear, each with its commitments."""
        groups: dict[str, list[PlanRow]] = {}
        parts: dict[int, list[PlanRow]] = {}
        for row in self.plan.rows:
            if row.parent and len(row.wording) <= MAX_WORDING_CHARACTERS:
                parts.setdefault(row.parent.row, []).append(row)
            else:
                groups.setdefault(" ".join(row.priority.casefold().split()), []).append(row)
        taken = {folded(row.reference) for row in self.plan.rows if row.reference}
        found = []
        for number, rows in enumerate(groups.values(), start=1):
            title = rows[0].priority or self.details.title
            commitments = []
            for place, row in enumerate(rows, start=1):
                reference = row.reference or self._free(number, place, taken)
                commitments.append(self._commitment(row, reference, place, parts.get(row.row, [])))
            found.append(
                PriorityEntry(
                    number=number, title=_cut(title, MAX_TITLE_CHARACTERS), summary="", commitments=tuple(commitments),
                    line=rows[0].row,
                )
            )  # fmt: skip
        return tuple(found)

    def _free(self, number: int, place: int, taken: set[str]) -> str:
        """Return a reference for a row without one: that of its place, or the next that no row has."""
        while folded(made := numbered("", number, place)) in taken:
            place += 1
        taken.add(folded(made))
        return made

    def _commitment(self, row: PlanRow, reference: str, place: int, parts: list[PlanRow]) -> CommitmentEntry:
        self.by_reference[reference] = row
        title = short_title(row.wording)
        self.short_titles[row.row] = title
        key = make_key(title, self.keys)[:MAX_KEY_CHARACTERS]
        self.keys.add(key)
        self._look_at_due(row)
        note, source = self._note(row)
        in_words_only = [target for target in row.targets if target.figure is None]
        measure = "\n".join(
            [*filter(None, [row.measure]), *(f"{target.heading}: {target.cell.lines}" for target in in_words_only)]
        )
        if len(measure) > MAX_MEASURE_CHARACTERS:
            self.plan.warnings.append(
                PlanNote(
                    row.row,
                    row.place,
                    row.measure[:200],
                    f"The measure of success has more than {MAX_MEASURE_CHARACTERS:,} characters and has been shortened.",
                )
            )
            measure = _cut(measure, MAX_MEASURE_CHARACTERS)
        return CommitmentEntry(
            reference=reference, number=place, wording=row.wording, short_title=title, ongoing=row.ongoing, line=row.row,
            key=key, note=note, note_source=source, indicators=self._indicators(row, reference, title),
            actions=tuple(self._action(part, reference) for part in parts),
            plan=PlanEntry(
                success_measure=measure, team=self._team(row), starts_on=row.starts_on, ends_on=row.due.day,
            ),
        )  # fmt: skip

    def _look_at_due(self, row: PlanRow) -> None:
        """Point out a due date that is over before the strategy begins: its year may be a slip."""
        if row.due.day and row.due_cell and row.due.day < self.details.starts_on:
            self.plan.warn(row.due_cell, f"{in_words(row.due.day)} is before the strategy begins. Check the year.")

    def _note(self, row: PlanRow) -> tuple[str, str]:
        """Return what the plan says besides and the portal has no field for, as a note, and its source."""
        lines = [row.note] if row.note else []
        if row.due.words:
            lines.append(f"Due: {row.due.words}.")
        partners = [label for label in row.partners if self.choices.partner(label).what == WORDS]
        if partners:
            lines.append(f"Partners: {', '.join(partners)}.")
        return "\n\n".join(lines), self.details.provenance if lines else ""

    def _team(self, row: PlanRow) -> str:
        return _cut(
            ", ".join(label for label in row.leads if self.choices.lead(label).what == WORDS), MAX_TEAM_CHARACTERS
        )

    def _action(self, row: PlanRow, owner: str) -> ActionEntry:
        """Return a row below another as an action: its words, due date and team. What else it says has no place in one."""
        self._look_at_due(row)
        for cell, what in ((row.status_cell, "status"), (row.update_cell, "update"), (row.baseline_cell, "baseline")):
            if cell:
                self.plan.leave(cell, f"It is for an action below {owner}, and actions have no {what}.")
        for target in row.targets:
            self.plan.leave(target.cell, f"It is for an action below {owner}, and actions have no target.")
        for cell in row.partner_cells:
            self.plan.leave(cell, f"It is for an action below {owner}, and partners help with whole commitments.")
        team = self._team(row)
        for cell in row.lead_cells if not team else ():
            self.plan.leave(cell, f"It is for an action below {owner}, which names a team in words.")
        if row.due.words and row.due_cell:
            self.plan.leave(row.due_cell, f"It is for an action below {owner}, and gives no date.")
        wording = " ".join(row.wording.split())
        return ActionEntry(wording, row.row, f"row {row.row}", row.reference, row.due.day, team)

    def _indicators(self, row: PlanRow, reference: str, title: str) -> tuple[IndicatorEntry, ...]:
        targets = [target for target in row.targets if target.figure]
        figures = [figure for figure in (row.baseline, *(target.figure for target in targets)) if figure]
        if not figures:
            return ()
        unit = next((figure.unit for figure in figures if figure.unit), "")
        kept, said = [], []
        for target in targets:
            if target.figure is None:
                continue
            year = target.year
            if year and self._has_round(year):
                self.years[year.slug] = year
                kept.append(FileValue(year.slug, "", IndicatorFigure(target.figure.value), "", row.row))
            else:
                said.append(f"{target.heading}: {_said(target.figure)}.")
                self.plan.warn(target.cell, self._no_round(year))
        what = row.measure.split("\n")[0] if row.measure else row.wording
        definition = " ".join([*([] if row.measure else ["The action plan does not say what is counted."]), *said])
        note = f"{row.baseline_heading}, in the action plan of {in_words(self.details.plan_day)}."
        return (
            IndicatorEntry(
                owner=reference, code=self._code(reference), title=_cut(" ".join(what.split()) or title, MAX_TITLE_CHARACTERS),
                definition=definition, unit="" if unit == "%" else unit[:60],
                kind="percentage" if unit == "%" else "number", counting="per_round", direction="up", by_district=False,
                scale=(), baseline=row.baseline.value if row.baseline else None,
                baseline_note=_cut(note, 200) if row.baseline else "",
                targets=tuple(kept), actuals=(), line=row.row,
            ),
        )  # fmt: skip

    def _has_round(self, year: PlanYear) -> bool:
        closes = year.last_day + WINDOW
        return self.details.starts_on <= year.last_day <= self.details.ends_on and closes >= self.today

    def _no_round(self, year: PlanYear | None) -> str:
        if year is None:
            why = "The heading names no year, so no round can have this target."
        elif year.last_day + WINDOW < self.today:
            why = f"{year.label} is over, so no round is planned for it."
        else:
            why = f"{year.label} is not within the strategy’s term."
        return f"{why} The target is kept in the words of the indicator."

    def _code(self, reference: str) -> str:
        """Return a code for an indicator that no other has, made of the commitment's reference."""
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", reference).strip(".-")[:16].strip(".-") or "figure"
        stem = stem if INDICATOR_CODE.fullmatch(stem) else re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")
        code, number = stem, 1
        while code.casefold() in self.codes:
            number += 1
            code = f"{stem}-{number}"
        self.codes.add(code.casefold())
        return code

    def rounds(self) -> tuple[RoundEntry, ...]:
        """Return a round for each year that has a target, open for a month after it."""
        return tuple(
            RoundEntry(
                slug, max(year.first_day, self.details.starts_on), year.last_day, year.last_day + timedelta(days=1),
                year.last_day + WINDOW, year.last_day + WINDOW + GRACE,
            )
            for slug, year in sorted(self.years.items())
        )  # fmt: skip


def _said(figure: PlanFigure) -> str:
    number = say_number(figure.value)
    if figure.unit == "£":
        return f"£{number}"
    return f"{number}%" if figure.unit == "%" else f"{number} {figure.unit}".strip()


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rpartition(' ')[0] or text[: longest - 1]}…"
