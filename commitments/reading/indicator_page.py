"""Everything on an indicator's page: its rounds, districts, figures to approve, and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.models import HistoryEntry, Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.permissions.indicators import enters_values_at_once
from commitments.reading.indicator_words import Cell, IndicatorSummary, summarise
from commitments.reading.strand_breakdowns import StrandBreakdown, breakdown_of, strands_of
from commitments.rules import small_numbers
from partners import area_kinds
from partners.reading.public_names import NameOf

NOT_SHOWN: Final = small_numbers.HIDDEN
INDICATOR_ACT_WORDS: Final = {
    "define": "Indicator added",
    "amend": "Indicator changed",
    "target": "Target changed",
    "figure": "Figure entered",
    "propose": "Figure supplied",
    "approve_value": "Figure approved",
    "return_value": "Figure sent back",
}


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """One district's row: its name, and for each round of the page what was counted and aimed at."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class WaitingFigure:
    """A figure that does not count yet, with its breakdown in full: only those who enter or approve it see it."""

    value: IndicatorValue
    by_strand: StrandBreakdown | None


@dataclass(frozen=True, slots=True)
class StrandTable:
    """The breakdowns of several rounds: each strand with what is shown of it in each round, and what is hidden."""

    rounds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """All that one indicator's page shows."""

    summary: IndicatorSummary
    districts: tuple[DistrictRow, ...]
    rounds: tuple[Round, ...]
    proposed: tuple[WaitingFigure, ...]
    districts_without_targets: bool = False
    area_noun: str = "district"
    strands: StrandTable | None = None


def page(indicator: Indicator, person: Any, today: date) -> IndicatorPage:
    """Return one indicator with all rounds that have begun or have a target, in three queries. Gaps stay gaps.

    A breakdown by strand costs a fourth; its small numbers are shown to the people who enter figures at once.
    """
    slug = indicator.strategy.slug
    targets: list[IndicatorTarget] = list(indicator.targets.select_related("area"))
    seen = list(
        indicator.values.visible_to(person)
        .select_related("area", "organisation", "entered_by", "round")
        .order_by("entered_at", "id")
    )
    values = [value for value in seen if value.state == "approved"]
    used = {target.round_id for target in targets} | {value.round_id for value in values}
    rounds = [
        round_
        for round_ in Round.objects.filter(strategy=indicator.strategy_id).order_by("observes_from", "id")
        if round_.pk in used or round_.observes_from <= today
    ]
    strands, keeps = strands_of(seen), enters_values_at_once(person, indicator.strategy)
    areas = {area.pk: area for area in (*(t.area for t in targets), *(v.area for v in values)) if area}

    def of(area_id: int | None) -> IndicatorSummary:
        return summarise(
            indicator,
            rounds,
            {target.round_id: target for target in targets if target.area_id == area_id},
            {value.round_id: value for value in values if value.area_id == area_id},
            slug=slug,
            today=today,
            strands=strands,
            keeps=keeps,
        )

    summaries = [(area.name, of(key)) for key, area in sorted(areas.items(), key=lambda pair: pair[1].name)]
    districts = tuple(DistrictRow(name, summary.cells) for name, summary in summaries)
    without = all(summary.is_without_targets for _, summary in summaries)
    waiting = [
        WaitingFigure(value, breakdown_of(value, strands, keeps=True)) for value in seen if value.state != "approved"
    ]
    whole = of(None)
    return IndicatorPage(
        whole,
        districts,
        tuple(rounds),
        tuple(waiting),
        districts_without_targets=without,
        area_noun=area_kinds.noun(area.kind for area in areas.values()),
        strands=_strand_table(whole.cells),
    )


def _strand_table(cells: Sequence[Cell]) -> StrandTable | None:
    found = [cell.by_strand for cell in cells if cell.by_strand is not None]
    if not found:
        return None
    shown = [{line.code: line.said for line in each.lines} for each in found]
    named = {line.code: line.words for each in reversed(found) for line in each.lines}
    rows = tuple(
        (words, tuple(each.get(code, "") if each else NOT_SHOWN for each in shown)) for code, words in named.items()
    )
    withheld = [each.when for each in found if not each.lines]
    says = [
        f"{each.when}: {each.says}" if each.says == small_numbers.KEPT_BACK else each.says
        for each in found
        if each.lines and each.says
    ]
    if withheld:
        says.append(f"{', '.join(withheld)}: {small_numbers.WITHHELD}")
    return StrandTable(tuple(each.when for each in found), rows, tuple(dict.fromkeys(says)))


def happened(indicator: Indicator, name_of: NameOf, *, insider: bool, most: int = 12) -> list[dict[str, Any]]:
    """Return an indicator's history for a timeline, latest first, in one query.

    What is not approved is for insiders, and so are counts by strand: what one was could give a small number away.
    """
    entries = indicator.history.select_related("by", "round").newest_first()
    if not insider:
        entries = entries.exclude(act__in=["propose", "return_value"])
    return [_event(entry, name_of, insider=insider) for entry in entries[:most]]


def _event(entry: HistoryEntry, name_of: NameOf, *, insider: bool) -> dict[str, Any]:
    text = INDICATOR_ACT_WORDS.get(entry.act, entry.act)
    if entry.round:
        text += f" for {entry.round.label}"
    was, now = entry.said.get("was"), entry.said.get("now")
    lines = [_words(now, insider=insider)] if now else []
    counted = entry.from_state in {"", "approved"}  # what was only supplied before is no public figure
    if was and (insider or counted):
        before = _words(was, insider=insider)
        lines += [f"Before: {before}"] if before not in lines else []
    if entry.reason:
        lines.insert(0, entry.reason)
    if insider and (file := entry.said.get("file")):
        lines.append(f"From the file “{file}”")
    detail = "\n".join(filter(None, lines))
    return {"at": entry.at, "by": name_of(entry.by) if entry.by else "the loaded file", "text": text, "detail": detail}


def _words(said: Mapping[str, Any], *, insider: bool) -> str:
    if insider and (strands := said.get("strands")):
        return f"{_figure_words(said)}. By strand: {'; '.join(strands)}"
    return _figure_words(said)


def _figure_words(said: Mapping[str, Any]) -> str:
    if "numerator" in said:
        return f"{said['numerator']} of {said['denominator']}"
    names = {"value": "", "absent_reason": "no figure: ", "area": "", "note": ""}
    simple = [f"{names[name]}{said[name]}" for name in names if said.get(name)]
    if simple or not said:
        return ", ".join(simple)
    return "; ".join(f"{name.replace('_', ' ')} “{value}”" for name, value in said.items() if isinstance(value, str))
