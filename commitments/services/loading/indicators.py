"""Write the indicators of a strategy's file: add what is new, amend what has changed, lose nothing that people entered.

What the file leaves out stays as it is, so that officers may add indicators, targets and figures in the portal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commitments.models import (
    Commitment,
    HistoryEntry,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Priority,
    Round,
    Strategy,
)
from commitments.rules import indicators as rules
from commitments.rules.indicators import IndicatorFigure
from commitments.services.indicator_definitions import check_is_signed
from commitments.services.indicator_strands import breakdown_said, remember_breakdown, strands_after
from commitments.services.indicators import IndicatorDefinition, edit_indicator
from commitments.strategy_file.indicators import FileValue, IndicatorEntry
from commitments.strategy_file.strategy import StrategyEntry
from partners.models import Area, User
from vcsportal.common.data_file import Fault
from vcsportal.common.words import Refused

Key = tuple[int, int, int | None]


@dataclass(slots=True)
class LoadedIndicators:
    """What was done, as sentences, and what could not be."""

    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def load_indicators(*, by: User | None, at: datetime, strategy: Strategy, entry: StrategyEntry) -> LoadedIndicators:
    """Bring a strategy's indicators, targets and figures in step with its file. Doing it twice changes nothing.

    A fault is noted for what would give entered figures another meaning, and for what people have changed in the
    portal since. It runs within the load's transaction, once commitments and rounds are there.
    """
    if not entry.indicators:
        return LoadedIndicators()
    return _Loading(by, at, strategy).load(entry)


class _Loading:
    def __init__(self, by: User | None, at: datetime, strategy: Strategy) -> None:
        self.by, self.at, self.strategy, self.done = by, at, strategy, LoadedIndicators()
        self.indicators = {
            indicator.code: indicator for indicator in strategy.indicators.select_related("commitment", "priority")
        }
        commitments = list(strategy.commitments.order_by("id"))
        self.commitments = {commitment.key: commitment for commitment in commitments} | {
            commitment.reference: commitment for commitment in commitments
        }
        self.priorities = {priority.number: priority for priority in strategy.priorities.order_by("id")}
        self.rounds: dict[str, Round] = {round_.slug: round_ for round_ in strategy.rounds.order_by("id")}
        self.areas = {area.gss_code: area for area in Area.objects.order_by("id")}
        here = {"indicator__strategy": strategy}
        self.targets: dict[Key, IndicatorTarget] = {
            _key(target): target for target in IndicatorTarget.objects.filter(**here)
        }
        values = IndicatorValue.objects.filter(**here).select_related("entered_by")
        self.values: dict[Key, IndicatorValue] = {_key(value): value for value in values}

    def load(self, entry: StrategyEntry) -> LoadedIndicators:
        added = self._add(entry.indicators)
        for written_indicator in entry.indicators:
            owner = self._owner(written_indicator)
            if owner is None:
                continue  # its own fault is noted already
            found = self.indicators.get(written_indicator.code)
            indicator = self._known(found, written_indicator, owner) if found else added.get(written_indicator.code)
            if indicator is None:
                continue
            for written in written_indicator.targets:
                if place := self._place(written_indicator, written):
                    self._target(written_indicator, indicator, *place, written)
            for written in written_indicator.actuals:
                if place := self._place(written_indicator, written):
                    self._value(written_indicator, indicator, *place, written)
        return self.done

    def _owner(self, entry: IndicatorEntry) -> Commitment | Priority | None:
        """Return what an indicator of the file belongs to; None where its own fault is noted already."""
        if isinstance(entry.owner, int):  # a commitment may be called “1” as well
            return self.priorities.get(entry.owner)
        return self.commitments.get(entry.owner)

    def _add(self, entries: Sequence[IndicatorEntry]) -> dict[str, Indicator]:
        """Add the indicators that are new, and return them by their codes. Two queries for all of them."""
        made = {}
        for entry in entries:
            owner = self._owner(entry)
            if owner is None or entry.code in self.indicators:
                continue
            try:
                check_is_signed(entry.counts, self.strategy)
            except Refused as refused:
                self._fault(entry, "counts", refused.sentence)
                continue
            part = "commitment" if isinstance(entry.owner, str) else "priority"
            made[entry.code] = Indicator(
                strategy=self.strategy, code=entry.code, **{part: owner}, **_definition(entry).values()
            )
            self.done.changes.append(f"Added indicator {entry.code}, “{entry.title}”.")
        Indicator.objects.bulk_create(made.values())
        HistoryEntry.objects.bulk_create(
            self._entry("define", each, None, {"code": each.code, "title": each.title}) for each in made.values()
        )
        return made

    def _known(self, indicator: Indicator, entry: IndicatorEntry, owner: Any) -> Indicator | None:
        if owner not in (indicator.commitment, indicator.priority):
            of = indicator.commitment or indicator.priority
            self._fault(entry, "code", f"“{entry.code}” belongs to {of} in the portal. Give this one another code.")
            return None
        what = _definition(entry)
        changed = [name for name, now in what.values().items() if getattr(indicator, name) != now]
        if not changed:
            return indicator
        if who := self._changed_by_hand(indicator, "amend", "define"):
            self._fault(entry, changed[0], f"{who} has changed this indicator in the portal. Update the file to match.")
            return None
        try:
            now = edit_indicator(by=self.by, at=self.at, indicator=indicator, what=what)
        except Refused as refused:
            self._fault(entry, changed[0], refused.sentence)
            return None
        self.done.changes.append(f"Amended indicator {entry.code}: {', '.join(changed)}.")
        return now

    def _place(self, entry: IndicatorEntry, written: FileValue) -> tuple[Round, Area | None] | None:
        round_ = self.rounds.get(written.round)
        if round_ is None:
            self._fault(entry, "", f"“{written.round}” is not a round of this strategy.", written.line)
            return None
        area = self.areas.get(written.district)
        if written.district and area is None:
            sentence = (
                f"“{written.district}” is not an area that the portal knows. Load it first with manage.py load_areas."
            )
            self._fault(entry, "", sentence, written.line)
            return None
        return round_, area

    def _target(
        self, entry: IndicatorEntry, indicator: Indicator, round_: Round, area: Area | None, written: FileValue
    ) -> None:
        key = (indicator.pk, round_.pk, area.pk if area else None)
        found = self.targets.get(key)
        value, note = written.figure.value, written.note or written.figure.absent_reason
        if found and (found.value, found.note) == (value, note):
            return
        if found and (who := self._changed_by_hand(indicator, "target", round_=round_)):
            sentence = f"{written.round}: {who} has changed this target in the portal. Update the file to match."
            self._fault(entry, "targets", sentence, written.line)
            return
        target = found or IndicatorTarget(indicator=indicator, round=round_, area=area)
        was = {"value": rules.say_number(found.value), "note": found.note} if found else {}
        target.value, target.note = value, note
        target.save()
        self.targets[key] = target
        if found:
            self.done.changes.append(f"Amended the target of {entry.code} for {written.round}.")
            now = {"value": rules.say_number(value), "note": note, "area": area.name if area else ""}
            self._history("target", indicator, round_, {"was": was, "now": now})

    def _value(
        self, entry: IndicatorEntry, indicator: Indicator, round_: Round, area: Area | None, written: FileValue
    ) -> None:
        key = (indicator.pk, round_.pk, area.pk if area else None)
        found = self.values.get(key)
        figure, note = written.figure, written.note
        try:
            by_strand = strands_after(indicator, found, written.strands, figure.value)
        except Refused as refused:
            self._fault(entry, "actuals", f"{written.round}: {refused.sentence}", written.line)
            return
        if found and (_figure(found), found.note, found.by_strand) == (figure, note, by_strand):
            return
        if found and found.entered_by:
            said = rules.say_figure(found, kind=entry.kind, unit=entry.unit, scale=entry.scale)
            sentence = (
                f"{written.round}: {found.entered_by.name} has entered a figure in the portal ({said}), which would be lost. "
                "Update the file to match."
            )
            self._fault(entry, "actuals", sentence, written.line)
            return
        value = found or IndicatorValue(indicator=indicator, round=round_, area=area, version=0)
        was = _said(found) if found else {}
        remember_breakdown(value, by_strand)
        value.by_strand = by_strand
        value.value, value.numerator, value.denominator = figure.value, figure.numerator, figure.denominator
        value.absent_reason, value.note, value.state = figure.absent_reason, note, "approved"
        value.version, value.entered_at = value.version + 1, self.at
        value.save()
        self.values[key] = value
        if found:
            self.done.changes.append(f"Amended the figure of {entry.code} for {written.round}.")
            self._history("figure", indicator, round_, {"was": was, "now": _said(value)})

    def _changed_by_hand(self, indicator: Indicator, *acts: str, round_: Round | None = None) -> str:
        """Return who changed it in the portal last; "" if nobody did since the file was loaded."""
        entries = HistoryEntry.objects.filter(indicator=indicator, act__in=acts).select_related("by")
        last = (entries.filter(round=round_) if round_ else entries).newest_first().first()
        by_hand = last and last.by_id and last.said.get("loaded") is not True
        return last.by.name if last and by_hand and last.by else ""

    def _fault(self, entry: IndicatorEntry, field: str, sentence: str, line: int = 0) -> None:
        self.done.faults.append(entry.fault(field, sentence, line))

    def _history(self, act: str, indicator: Indicator, round_: Round | None, said: dict[str, Any]) -> None:
        self._entry(act, indicator, round_, said).save()

    def _entry(self, act: str, indicator: Indicator, round_: Round | None, said: dict[str, Any]) -> HistoryEntry:
        return HistoryEntry(
            at=self.at, by=self.by, act=act, commitment_id=indicator.commitment_id, indicator=indicator, round=round_,
            said={**said, "loaded": True},
        )  # fmt: skip


def _definition(entry: IndicatorEntry) -> IndicatorDefinition:
    return IndicatorDefinition(
        entry.code, entry.title, entry.definition, entry.unit, entry.kind, entry.counting, entry.direction, entry.by_district,
        entry.scale, entry.baseline, entry.baseline_note, entry.counts, entry.by_strand,
    )  # fmt: skip


def _key(row: IndicatorTarget | IndicatorValue) -> Key:
    return row.indicator_id, row.round_id, row.area_id


def _said(value: IndicatorValue) -> dict[str, Any]:
    said = {"value": rules.say_number(value.value), "absent_reason": value.absent_reason}
    return {**said, **breakdown_said(value)}


def _figure(stored: IndicatorValue) -> IndicatorFigure:
    return IndicatorFigure(stored.value, stored.numerator, stored.denominator, stored.absent_reason)
