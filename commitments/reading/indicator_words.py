"""An indicator in words: each round's figure beside its target. Plain values, no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from commitments import indicators as rules
from commitments.models import Indicator, IndicatorTarget, Round

GAP: Final = "No figure yet"
NEVER_GIVEN: Final = "No figure was given"


@dataclass(frozen=True, slots=True)
class Cell:
    """One round of an indicator: numbers for the picture, and the same in words.

    ``actual`` and ``target`` are what is compared: totals so far, where numbers add up. ``has_figure`` is False for a
    gap, and for a figure that is absent with a reason. ``like_said`` is what was compared, where rounds were left out.
    ``gap`` is True where nobody has said anything.
    """

    round: str
    actual: Decimal | None
    target: Decimal | None
    added: Decimal | None
    aimed: Decimal | None
    actual_said: str
    target_said: str
    total_said: str
    aim_total_said: str
    verdict: str
    gap: bool = False
    like_said: str = ""
    note: str = ""
    ended: bool = True

    @property
    def has_figure(self) -> bool:
        return self.actual is not None

    @property
    def verdict_said(self) -> str:
        return rules.VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class Told:
    """An indicator as a page or the report tells it: plain values."""

    code: str
    title: str
    url: str
    definition: str
    unit: str
    kind: str
    cumulative: bool
    direction_said: str
    baseline: Decimal | None
    baseline_said: str
    cells: tuple[Cell, ...]

    @property
    def last(self) -> Cell | None:
        """The newest round that has a figure."""
        return next((one for one in reversed(self.cells) if one.has_figure), None)

    @property
    def sentence(self) -> str:
        """The newest figure beside its target; else what is aimed at; then why later rounds have none."""
        if not (last := self.last):
            silent = next((one for one in reversed(self.cells) if not one.gap), None)
            said = f"{silent.actual_said.rstrip('.')} ({silent.round})." if silent else f"{self._nothing}."
            return " ".join(filter(None, [said, self.aims]))
        said = self.figure(last)
        later = next((one for one in reversed(self.cells) if one.ended and not one.has_figure), None)
        if later and self.cells.index(later) > self.cells.index(last):
            said += f" {no_figure(later)}"
        return said

    @property
    def _nothing(self) -> str:
        return NEVER_GIVEN if self.cells and all(one.ended for one in self.cells) else GAP

    @property
    def aims(self) -> str:
        """All targets in a sentence."""
        found = [one for one in self.cells if one.target is not None]
        if not found:
            return ""
        rounds = [one.round for one in found]
        if len({one.target_said for one in found}) == 1:
            last = f" and {rounds[-1]}" if len(rounds) > 1 else ""
            said = f"Target: {found[0].target_said} in {', '.join(rounds[:-1] or rounds)}{last}"
        else:
            said = f"Targets: {', '.join(f'{one.target_said} in {one.round}' for one in found)}"
        together = f", {found[-1].aim_total_said} in all" if self.cumulative and len(found) > 1 else ""
        return f"{said}{together}."

    def figure(self, cell: Cell) -> str:
        """One round's figure beside its target."""
        if self.cumulative:
            target = f"; the target by then was {cell.aim_total_said}" if cell.target is not None else ""
            target += f". Of the rounds with both numbers: {cell.like_said}" if cell.like_said else ""
            return f"{cell.total_said} by the end of {cell.round}, {rules.say_number(cell.added)} of them in that round{target}."
        if cell.target is None:
            return f"{cell.actual_said} in {cell.round}. {cell.target_said.rstrip('.')}."
        return f"{cell.actual_said} in {cell.round}; the target was {cell.target_said}."

    @property
    def whole_sentence(self) -> str:
        """Everything that the picture shows, round by round."""
        told = []
        for cell in self.cells:
            if not cell.has_figure:
                target = f", and the target was {cell.target_said}" if cell.target is not None else ""
                told.append(f"{no_figure(cell).rstrip('.')}{target}.")
            else:
                judged = f" {cell.verdict_said}." if cell.verdict else ""
                told.append(self.figure(cell) + judged)
        start = f" At the start: {self.baseline_said}." if self.baseline_said else ""
        return f"{self.title}. {self.direction_said}{start} {' '.join(told)}".strip()


def no_figure(cell: Cell) -> str:
    """A round without a figure: why, where somebody said so."""
    if cell.gap:
        return f"No figure was given for {cell.round}."
    return f"{cell.round}: {cell.actual_said[0].lower()}{cell.actual_said[1:].rstrip('.')}."


def tell(
    indicator: Indicator,
    rounds: Sequence[Round],
    targets: Mapping[int, IndicatorTarget],
    values: Mapping[int, Any],
    *,
    slug: str,
    today: date | None = None,
) -> Told:
    """Return what is to be said of an indicator. No query.

    :param rounds: the oldest first; targets and values are by the round's key. Only values that count belong there.
    """
    words: dict[str, Any] = {"kind": indicator.kind, "unit": indicator.unit, "scale": indicator.scale}
    pairs = [(_number(values.get(one.pk)), _number(targets.get(one.pk))) for one in rounds]
    sums = rules.sums(pairs, counting=indicator.counting, direction=indicator.direction)
    cells = []
    for one, (added, aimed), sum_ in zip(rounds, pairs, sums, strict=True):
        ended = one.state not in {"open", "in_review"} and (today is None or one.observes_to < today)
        value, target = values.get(one.pk), targets.get(one.pk)
        if target is None:
            target_said = "No target was set"
        elif target.value is None:
            target_said = f"No target: {target.note}"
        else:
            target_said = rules.say_aim(target.value, **words)
        cells.append(
            Cell(
                round=one.slug,
                actual=sum_.actual,
                target=sum_.target,
                added=added,
                aimed=aimed,
                actual_said=rules.say_figure(value, **words) if value else NEVER_GIVEN if ended else GAP,
                target_said=target_said,
                total_said="" if sum_.actual is None else rules.say_aim(sum_.actual, **words),
                aim_total_said="" if sum_.target is None else rules.say_aim(sum_.target, **words),
                verdict=sum_.verdict,
                like_said=_like(sum_, words),
                note=" ".join(filter(None, [getattr(value, "note", ""), target.note if target and aimed else ""])),
                gap=value is None,
                ended=ended,
            )
        )
    baseline = "" if indicator.baseline is None else rules.say_aim(indicator.baseline, **words)
    if indicator.baseline_note:
        baseline = f"{baseline} ({indicator.baseline_note})" if baseline else indicator.baseline_note
    return Told(
        code=indicator.code,
        title=indicator.title,
        url=reverse("commitments:indicator", args=[slug, indicator.code]),
        definition=indicator.definition,
        unit=indicator.unit,
        kind=indicator.kind,
        cumulative=indicator.counting == "cumulative",
        direction_said=rules.DIRECTION_WORDS[indicator.direction],
        baseline=indicator.baseline,
        baseline_said=baseline,
        cells=tuple(cells),
    )


def _like(sum_: rules.Sum, words: Mapping[str, Any]) -> str:
    if sum_.like is None:
        return ""
    actual, target = sum_.like
    return f"{rules.say_number(actual)} against a target of {rules.say_aim(target, **words)}"


def _number(row: Any) -> Decimal | None:
    return None if row is None else row.value
