"""An indicator in words: each round's figure with its target. Plain values, no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from commitments.models import Indicator, IndicatorTarget, Round
from commitments.reading.strand_breakdowns import StrandBreakdown, breakdown_of
from commitments.rules import indicators as rules
from partners.models import Strand

NO_FIGURE_YET: Final = "No figure yet"
NEVER_GIVEN: Final = "No figure was given"
NO_TARGET: Final = "No target was set"


@dataclass(frozen=True, slots=True)
class RoundTarget:
    """The target of a round after those that are shown: the number, and in words."""

    round: str
    value: Decimal
    said: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One round of an indicator: numbers for the picture, and the same in words.

    ``actual`` and ``target`` are what is compared: totals so far, where numbers add up. ``has_figure`` is False for a
    gap, and for a figure that is absent with a reason. ``like_said`` is what was compared, where rounds were left out.
    ``gap`` is True where there is no answer. ``by_strand`` is the breakdown of the round's own number.
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
    added_said: str = ""
    label: str = ""
    by_strand: StrandBreakdown | None = None

    @property
    def has_figure(self) -> bool:
        return self.actual is not None

    @property
    def verdict_said(self) -> str:
        return rules.VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class IndicatorSummary:
    """An indicator as pages and the report show it: plain values."""

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
    baseline_short: str = ""
    later: tuple[RoundTarget, ...] = ()

    @property
    def is_without_targets(self) -> bool:
        """Whether no round has a target, nor a reason for having none: one sentence says so for all of them."""
        return all(cell.target_said == NO_TARGET for cell in self.cells)

    @property
    def last(self) -> Cell | None:
        """The newest round that has a figure."""
        return next((cell for cell in reversed(self.cells) if cell.has_figure), None)

    @property
    def sentence(self) -> str:
        """The newest figure beside its target; else what is aimed at; then why later rounds have none."""
        if not (last := self.last):
            silent = next((cell for cell in reversed(self.cells) if not cell.gap), None)
            said = f"{silent.actual_said.rstrip('.')} ({silent.label})." if silent else f"{self._nothing}."
            return " ".join(filter(None, [said, self.aims]))
        said = self.figure(last)
        later = next((cell for cell in reversed(self.cells) if cell.ended and not cell.has_figure), None)
        if later and self.cells.index(later) > self.cells.index(last):
            said += f" {no_figure(later)}"
        return said

    @property
    def _nothing(self) -> str:
        return NEVER_GIVEN if self.cells and all(cell.ended for cell in self.cells) else NO_FIGURE_YET

    @property
    def aims(self) -> str:
        """All targets in a sentence, those of later rounds too; "" where there is none."""
        shown = [cell for cell in self.cells if cell.target is not None]
        found = [(cell.label, self.quoted(cell.target_said)) for cell in shown] + [
            (target.label, self.quoted(target.said)) for target in self.later
        ]
        said = aims_in_words(found)
        together = f", {shown[-1].aim_total_said} in all" if said and self._adds_up_to(shown) else ""
        return f"{said}{together}." if said else ""

    def _adds_up_to(self, shown: Sequence[Cell]) -> bool:
        return self.cumulative and len(shown) > 1 and not self.later

    @property
    def later_aims(self) -> tuple[RoundTarget, ...]:
        """The targets of the rounds after the newest figure."""
        place = self.cells.index(self.last) if self.last else -1
        after = [cell for cell in self.cells[place + 1 :] if cell.aimed is not None]
        return (
            *(
                RoundTarget(cell.round, cell.aimed, cell.target_said, cell.label)
                for cell in after
                if cell.aimed is not None
            ),
            *self.later,
        )

    @property
    def beside(self) -> str:
        """What a figure is to be read beside: where it began, which way is good, and the targets that are still to come
        where the sentence does not name them.
        """
        named = self.last is None or self.last.target is None
        later = () if named else [(aim.label, self.quoted(aim.said)) for aim in self.later_aims]
        return beside_in_words(self.baseline_said, self.direction_said, later)

    def figure(self, cell: Cell) -> str:
        """One round's figure beside its target."""
        if self.cumulative:
            target = f"; the target by then was {cell.aim_total_said}" if cell.target is not None else ""
            target += f". Of the rounds with both numbers: {cell.like_said}" if cell.like_said else ""
            return f"{cell.total_said} by the end of {cell.label}, {cell.added_said} in that round{target}."
        said = f"{self.quoted(cell.actual_said)} in {cell.label}"
        if cell.target is None:
            return f"{said}. {self.without_target(cell)}"
        return f"{said}; the target was {self.quoted(cell.target_said)}."

    def quoted(self, said: str) -> str:
        """Return the words of one of its figures or targets as they stand in a sentence."""
        return rules.in_sentence(said, self.kind)

    def without_target(self, cell: Cell) -> str:
        """What is said of the target of a round that has none: why, or the targets of other rounds, or that there is none."""
        if cell.target_said != NO_TARGET:
            return " ".join(filter(None, [f"{cell.target_said.rstrip('.')}.", self.aims]))
        return self.aims or f"{NO_TARGET}."

    @property
    def whole_sentence(self) -> str:
        """Everything that the picture shows, round by round."""
        parts = []
        for cell in self.cells:
            if not cell.has_figure:
                verb = "was" if cell.ended else "is"
                target = f", and the target {verb} {self.quoted(cell.target_said)}" if cell.target is not None else ""
                parts.append(f"{no_figure(cell).rstrip('.')}{target}.")
            else:
                judged = f" {cell.verdict_said}." if cell.verdict else ""
                parts.append(self.figure(cell) + judged)
        start = f" Baseline: {self.baseline_said}." if self.baseline_said else ""
        return f"{self.title}. {self.direction_said}{start} {' '.join(parts)}".strip()


def no_figure(cell: Cell) -> str:
    """A round without a figure, in the words of the page: why, where somebody said so; a round to come has none yet."""
    if cell.gap:
        return f"{cell.actual_said} for {cell.label}."
    return f"{cell.label}: {cell.actual_said[0].lower()}{cell.actual_said[1:].rstrip('.')}."


def aims_in_words(aims: Sequence[tuple[str, str]]) -> str:
    """Return targets, each given as its round and its words: ``Targets: 24% in 2023-24, 22% in 2024-25``; "" for none."""
    if not aims:
        return ""
    rounds = [round_ for round_, _ in aims]
    if len({said for _, said in aims}) == 1:
        last = f" and {rounds[-1]}" if len(rounds) > 1 else ""
        return f"Target: {aims[0][1]} in {', '.join(rounds[:-1] or rounds)}{last}"
    return f"Targets: {', '.join(f'{said} in {round_}' for round_, said in aims)}"


def beside_in_words(baseline: str, direction: str, later: Sequence[tuple[str, str]]) -> str:
    """Return the sentences beside a figure: its baseline, its direction, its later targets by round and in words."""
    aims = aims_in_words(later)
    start = f"Baseline: {baseline.rstrip('.')}." if baseline else ""
    return " ".join(filter(None, [start, direction, f"Later t{aims[1:]}." if aims else ""]))


def summarise(
    indicator: Indicator,
    rounds: Sequence[Round],
    targets: Mapping[int, IndicatorTarget],
    values: Mapping[int, Any],
    *,
    slug: str,
    today: date | None = None,
    later: Sequence[IndicatorTarget] = (),
    strands: Sequence[Strand] = (),
    keeps: bool = False,
) -> IndicatorSummary:
    """Return what is to be said of an indicator. No query.

    :param rounds: the oldest first; targets and values are by the round's key. Only values that count belong there.
    :param later: targets of rounds after these, with their rounds; a target without a number is left out.
    :param strands: those by which the values are broken down.
    :param keeps: whether it is for someone who may read small numbers of strands.
    """
    words: dict[str, Any] = {"kind": indicator.kind, "unit": indicator.unit, "scale": indicator.scale}
    pairs = [(_number(values.get(round_.pk)), _number(targets.get(round_.pk))) for round_ in rounds]
    sums = rules.sums(pairs, counting=indicator.counting, direction=indicator.direction, kind=indicator.kind)
    cells = []
    for round_, (added, aimed), sum_ in zip(rounds, pairs, sums, strict=True):
        ended = round_.state not in {"open", "in_review"} and (today is None or round_.observes_to < today)
        value, target = values.get(round_.pk), targets.get(round_.pk)
        if target is None:
            target_said = NO_TARGET
        elif target.value is None:
            target_said = f"No target: {target.note}"
        else:
            target_said = rules.say_aim(target.value, **words)
        cells.append(
            Cell(
                round=round_.slug,
                label=round_.label,
                actual=sum_.actual,
                target=sum_.target,
                added=added,
                aimed=aimed,
                actual_said=rules.say_figure(value, **words) if value else NEVER_GIVEN if ended else NO_FIGURE_YET,
                target_said=target_said,
                total_said="" if sum_.actual is None else rules.say_aim(sum_.actual, **words),
                aim_total_said="" if sum_.target is None else rules.say_aim(sum_.target, **words),
                verdict=sum_.verdict,
                like_said=_like(sum_, words),
                note=" ".join(filter(None, [getattr(value, "note", ""), target.note if target and aimed else ""])),
                gap=value is None,
                ended=ended,
                added_said="" if added is None else _of_them(added, indicator.unit),
                by_strand=breakdown_of(value, strands, when=round_.label, keeps=keeps),
            )
        )
    baseline = "" if indicator.baseline is None else rules.say_aim(indicator.baseline, **words)
    if indicator.baseline_note:
        baseline = f"{baseline} ({indicator.baseline_note})" if baseline else indicator.baseline_note
    return IndicatorSummary(
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
        baseline_short="" if indicator.baseline is None else rules.say_short(indicator.baseline, **words),
        later=tuple(
            RoundTarget(target.round.slug, target.value, rules.say_aim(target.value, **words), target.round.label)
            for target in sorted(later, key=lambda target: (target.round.observes_from, target.round_id))
            if target.value is not None
        ),
    )


def _of_them(number: Decimal, unit: str) -> str:
    """Return how much of a total it is: ``12 of them``, ``£5 of it``."""
    said = rules.say_short(number, kind="number", unit=unit)
    return f"{said} of {'them' if said == rules.say_number(number) else 'it'}"


def _like(sum_: rules.Sum, words: Mapping[str, Any]) -> str:
    if sum_.like is None:
        return ""
    actual, target = sum_.like
    return f"{rules.say_short(actual, **words)} against a target of {rules.say_aim(target, **words)}"


def _number(row: Any) -> Decimal | None:
    return None if row is None else row.value
