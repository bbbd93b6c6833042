"""Write the indicators of a strategy's file: add what is new, amend what has changed, lose nothing that people entered.

What the file leaves out stays as it is, so that officers may add indicators, targets and figures in the portal.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commitments import indicators as rules
from commitments.indicator_file import FileValue, IndicatorEntry
from commitments.indicators import IndicatorFigure
from commitments.models import HistoryEntry, Indicator, IndicatorTarget, IndicatorValue, Round, Strategy
from commitments.services.indicators import IndicatorDefinition, edit_indicator
from commitments.strategy_file import StrategyEntry
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
        self.areas = {one.gss_code: one for one in Area.objects.order_by("id")}
        here = {"indicator__strategy": strategy}
        self.targets: dict[Key, IndicatorTarget] = {_key(one): one for one in IndicatorTarget.objects.filter(**here)}
        values = IndicatorValue.objects.filter(**here).select_related("entered_by")
        self.values: dict[Key, IndicatorValue] = {_key(value): value for value in values}

    def load(self, entry: StrategyEntry) -> LoadedIndicators:
        for one in entry.indicators:
            owner = self.commitments.get(str(one.owner)) or self.priorities.get(one.owner)  # type: ignore[arg-type]
            if owner is None:
                continue  # its own fault is noted already
            found = self.indicators.get(one.code)
            indicator = self._new(one, owner) if found is None else self._known(found, one, owner)
            if indicator is None:
                continue
            for written in one.targets:
                if place := self._place(one, written):
                    self._target(one, indicator, *place, written)
            for written in one.actuals:
                if place := self._place(one, written):
                    self._value(one, indicator, *place, written)
        return self.done

    def _new(self, one: IndicatorEntry, owner: Any) -> Indicator:
        part = "commitment" if isinstance(one.owner, str) else "priority"
        made = Indicator.objects.create(
            strategy=self.strategy, code=one.code, **{part: owner}, **_definition(one).values()
        )
        self.done.changes.append(f"Added indicator {one.code}, “{one.title}”.")
        self._history("define", made, None, {"code": one.code, "title": one.title})
        return made

    def _known(self, indicator: Indicator, one: IndicatorEntry, owner: Any) -> Indicator | None:
        if owner not in (indicator.commitment, indicator.priority):
            of = indicator.commitment or indicator.priority
            self._fault(one, "code", f"“{one.code}” belongs to {of} in the portal. Give this one another code.")
            return None
        what = _definition(one)
        changed = [name for name, now in what.values().items() if getattr(indicator, name) != now]
        if not changed:
            return indicator
        if who := self._changed_by_hand(indicator, "amend", "define"):
            self._fault(one, changed[0], f"{who} has changed this indicator in the portal. Update the file to match.")
            return None
        try:
            now = edit_indicator(by=self.by, at=self.at, indicator=indicator, what=what)
        except Refused as refused:
            self._fault(one, changed[0], refused.sentence)
            return None
        self.done.changes.append(f"Amended indicator {one.code}: {', '.join(changed)}.")
        return now

    def _place(self, one: IndicatorEntry, written: FileValue) -> tuple[Round, Area | None] | None:
        round_ = self.rounds.get(written.round)
        if round_ is None:
            self._fault(one, "", f"“{written.round}” is no round of this strategy.", written.line)
            return None
        area = self.areas.get(written.district)
        if written.district and area is None:
            sentence = (
                f"“{written.district}” is no area that the portal knows. Load it first with manage.py load_areas."
            )
            self._fault(one, "", sentence, written.line)
            return None
        return round_, area

    def _target(
        self, one: IndicatorEntry, indicator: Indicator, round_: Round, area: Area | None, written: FileValue
    ) -> None:
        key = (indicator.pk, round_.pk, area.pk if area else None)
        found = self.targets.get(key)
        value, note = written.figure.value, written.note or written.figure.absent_reason
        if found and (found.value, found.note) == (value, note):
            return
        if found and (who := self._changed_by_hand(indicator, "target", round_=round_)):
            sentence = f"{written.round}: {who} has changed this target in the portal. Update the file to match."
            self._fault(one, "targets", sentence, written.line)
            return
        target = found or IndicatorTarget(indicator=indicator, round=round_, area=area)
        was = {"value": rules.say_number(found.value), "note": found.note} if found else {}
        target.value, target.note = value, note
        target.save()
        self.targets[key] = target
        if found:
            self.done.changes.append(f"Amended the target of {one.code} for {written.round}.")
            now = {"value": rules.say_number(value), "note": note, "area": area.name if area else ""}
            self._history("target", indicator, round_, {"was": was, "now": now})

    def _value(
        self, one: IndicatorEntry, indicator: Indicator, round_: Round, area: Area | None, written: FileValue
    ) -> None:
        key = (indicator.pk, round_.pk, area.pk if area else None)
        found = self.values.get(key)
        figure, note = written.figure, written.note
        if found and (_figure(found), found.note) == (figure, note):
            return
        if found and found.entered_by:
            said = rules.say_figure(found, kind=one.kind, unit=one.unit, scale=one.scale)
            sentence = (
                f"{written.round}: {found.entered_by.name} has entered a figure in the portal ({said}), which would be lost. "
                "Update the file to match."
            )
            self._fault(one, "actuals", sentence, written.line)
            return
        value = found or IndicatorValue(indicator=indicator, round=round_, area=area, version=0)
        was = {"value": rules.say_number(found.value), "absent_reason": found.absent_reason} if found else {}
        value.value, value.numerator, value.denominator = figure.value, figure.numerator, figure.denominator
        value.absent_reason, value.note, value.state = figure.absent_reason, note, "approved"
        value.version, value.entered_at = value.version + 1, self.at
        value.save()
        self.values[key] = value
        if found:
            self.done.changes.append(f"Amended the figure of {one.code} for {written.round}.")
            now = {"value": rules.say_number(figure.value), "absent_reason": figure.absent_reason}
            self._history("figure", indicator, round_, {"was": was, "now": now})

    def _changed_by_hand(self, indicator: Indicator, *acts: str, round_: Round | None = None) -> str:
        """Return who changed it in the portal last; "" if nobody did since the file was loaded."""
        entries = HistoryEntry.objects.filter(indicator=indicator, act__in=acts).select_related("by")
        last = (entries.filter(round=round_) if round_ else entries).newest_first().first()
        by_hand = last and last.by_id and last.said.get("loaded") is not True
        return last.by.name if last and by_hand and last.by else ""

    def _fault(self, one: IndicatorEntry, field: str, sentence: str, line: int = 0) -> None:
        self.done.faults.append(one.fault(field, sentence, line))

    def _history(self, act: str, indicator: Indicator, round_: Round | None, said: dict[str, Any]) -> None:
        HistoryEntry.objects.create(
            at=self.at, by=self.by, act=act, commitment_id=indicator.commitment_id, indicator=indicator, round=round_,
            said={**said, "loaded": True},
        )  # fmt: skip


def _definition(one: IndicatorEntry) -> IndicatorDefinition:
    return IndicatorDefinition(
        one.code, one.title, one.definition, one.unit, one.kind, one.counting, one.direction, one.by_district,
        one.scale, one.baseline, one.baseline_note,
    )  # fmt: skip


def _key(one: IndicatorTarget | IndicatorValue) -> Key:
    return one.indicator_id, one.round_id, one.area_id


def _figure(stored: IndicatorValue) -> IndicatorFigure:
    return IndicatorFigure(stored.value, stored.numerator, stored.denominator, stored.absent_reason)
