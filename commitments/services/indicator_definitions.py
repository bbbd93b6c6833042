"""Defines indicators and their targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from commitments.models import Commitment, Indicator, IndicatorTarget, Priority, Round, Strategy
from commitments.permissions.indicators import check_can_define_indicators
from commitments.rules import indicators as rules
from commitments.rules.charters import COUNTED
from commitments.rules.indicators import IndicatorFigure
from commitments.rules.strand_counts import check_by_strand
from commitments.services.indicator_history import history, plain
from commitments.services.locks import lock_round_by_id
from partners.models import Area, User
from vcsportal.common.words import Invalid, NotNow


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """What is counted, and how. ``scale`` holds the steps of a qualitative one, lowest first. ``counts`` is a code of
    :data:`commitments.rules.charters.COUNTED` where the portal counts it itself, for a charter alone.
    """

    code: str
    title: str
    definition: str = ""
    unit: str = ""
    kind: str = "number"
    counting: str = "per_round"
    direction: str = "up"
    by_district: bool = False
    scale: Sequence[dict[str, Any]] = field(default_factory=tuple)
    baseline: Decimal | None = None
    baseline_note: str = ""
    counts: str = ""
    by_strand: bool = False

    def values(self) -> dict[str, Any]:
        """Return the columns of the table."""
        names = (
            "title",
            "definition",
            "unit",
            "kind",
            "counting",
            "direction",
            "by_district",
            "baseline_note",
            "counts",
            "by_strand",
        )
        found: dict[str, Any] = {name: getattr(self, name) for name in names}
        baseline = None if self.baseline is None else rules.check_number(self.baseline)
        return {**found, "scale": [dict(step) for step in self.scale], "baseline": baseline}

    def check(self) -> None:
        """Refuse what contradicts itself."""
        if not rules.INDICATOR_CODE.fullmatch(self.code) or len(self.code) > 20:
            raise Invalid("A code is letters, digits, dots and hyphens, 20 at most, such as “1.1a”.", field="code")
        if not self.title.strip():
            raise Invalid("Say what is counted.", field="title")
        if self.kind == "scale":
            rules.check_scale(self.scale)
        elif self.scale:
            raise Invalid("Only what is measured by a scale has steps.", field="steps")
        rules.check_counting(self.counting, self.kind, self.unit)
        check_counts(self.counts, self)
        check_by_strand(self)


@dataclass(frozen=True, slots=True)
class TargetInput:
    """What an indicator aims at in a round, for the whole or for a district; None with a note says why there is none."""

    value: Decimal | None
    note: str = ""
    area: Area | None = None


@transaction.atomic
def define_indicator(*, by: User, at: datetime, of: Commitment | Priority, what: IndicatorDefinition) -> Indicator:
    """Add an indicator to a commitment or a priority. Refuse a code that its strategy has already."""
    check_can_define_indicators(by, of.strategy)
    what.check()
    strategy = Strategy.objects.select_for_update().get(pk=of.strategy_id)
    check_is_signed(what.counts, strategy)
    if Indicator.objects.filter(strategy=strategy, code=what.code).exists():
        raise Invalid(
            f"There is an indicator {what.code} in this strategy already. Give this one another code.", field="code"
        )
    owner = {"commitment": of} if isinstance(of, Commitment) else {"priority": of}
    made = Indicator.objects.create(strategy=strategy, code=what.code, **what.values(), **owner)
    history(by=by, at=at, act="define", indicator=made, said=plain({"code": what.code, **what.values()}))
    return made


@transaction.atomic
def edit_indicator(*, by: User | None, at: datetime, indicator: Indicator, what: IndicatorDefinition) -> Indicator:
    """Change an indicator's words; return it. Refuse a change that would give what was counted another meaning.

    ``by=None`` is the portal's own loader.
    """
    if by is not None:
        check_can_define_indicators(by, indicator.strategy)
    what.check()
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if what.code != indicator.code:
        raise Invalid("An indicator keeps its code: addresses and files use it.", field="code")
    check_is_signed(what.counts, indicator.strategy)
    values = what.values()
    was = {name: getattr(indicator, name) for name, now in values.items() if getattr(indicator, name) != now}
    if not was:
        return indicator
    _check_keeps_meaning(indicator, values, was)
    for name in was:
        setattr(indicator, name, values[name])
    indicator.save(update_fields=list(was))
    said = {"was": plain(was), "now": plain({name: values[name] for name in was})}
    history(by=by, at=at, act="amend", indicator=indicator, said=said)
    return indicator


def check_is_signed(counts: str, strategy: Strategy) -> None:
    """Raise :class:`Invalid` where the portal is to count the signatories of what nobody signs."""
    if counts and not strategy.kind_of.signed:
        raise Invalid("Only a charter has signatories that the portal can count.", field="counts")


def check_counts(counts: str, shape: Any) -> None:
    """Raise :class:`Invalid` where the portal can't count what is described: it counts one number a round.

    :param shape: has ``kind``, ``counting`` and ``by_district``.
    """
    if counts and counts not in dict(COUNTED):
        raise Invalid(f"“{counts}” is not one of: {', '.join(dict(COUNTED))}.", field="counts")
    if counts and (shape.kind, shape.counting, shape.by_district) != ("number", "per_round", False):
        raise Invalid(
            "The portal counts a number for each round, not a share, a running total or districts.", field="counts"
        )


def _check_keeps_meaning(indicator: Indicator, values: dict[str, Any], was: dict[str, Any]) -> None:
    if not indicator.values.exists():
        return
    if _is_the_same_percentage(was, values):
        was = {name: before for name, before in was.items() if name not in {"kind", "unit"}}
    names = {"kind": "kind", "counting": "way of counting", "unit": "unit", "counts": "source"}
    if changed := next((said for name, said in names.items() if name in was), ""):
        raise NotNow(
            f"Figures were entered for {indicator.code}, and another {changed} would give them another meaning. "
            "Make a new indicator instead."
        )
    if was.get("by_district") and indicator.values.filter(area__isnull=False).exists():
        raise NotNow(f"{indicator.code} has figures of districts, which would be lost.")
    if was.get("by_strand") and indicator.values.exclude(by_strand={}).exists():
        raise NotNow(f"{indicator.code} has figures by strand, which would be lost.")
    used = {value for value in indicator.values.values_list("value", flat=True) if value is not None}
    if "scale" in was and used:
        before = {Decimal(step["step"]): step["label"] for step in was["scale"]}
        after = {Decimal(value["step"]): value["label"] for value in values["scale"]}
        if any(before.get(step) != after.get(step) for step in used):
            raise NotNow(f"Figures of {indicator.code} use a step that would be gone or mean something else.")


def _is_the_same_percentage(was: dict[str, Any], values: dict[str, Any]) -> bool:
    """Return whether a number with the unit "%" becomes a percentage whose base was not published: the figures stay true."""
    number = was.get("kind") == "number" and was.get("unit", values["unit"]) == "%"
    return number and values["kind"] == "percentage" and values["unit"] in {"", "%"}


@transaction.atomic
def set_targets(
    *, by: User | None, at: datetime, indicator: Indicator, round_: Round, aims: Iterable[TargetInput]
) -> list[IndicatorTarget]:
    """Set the target of an indicator for a round. Return the targets that changed; an aim of nothing takes one away.

    ``by=None`` is the portal's own loader. A closed round keeps its targets: the report was made with them.
    """
    round_ = lock_round_by_id(round_.pk)
    if by is not None:
        check_can_define_indicators(by, indicator.strategy)
        if round_.state == "closed":
            raise NotNow(f"The {round_.label} round is closed, so its targets stay as they are.")
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changed = []
    for aim in aims:
        target = IndicatorTarget.objects.filter(indicator=indicator, round=round_, area=aim.area).first()
        value = None if aim.value is None else rules.check_number(aim.value)
        if indicator.kind == "scale" and value is not None:
            rules.checked(IndicatorFigure(value), kind="scale", scale=indicator.scale)
        if aim.area and not indicator.by_district:
            raise Invalid(f"{indicator.code} is not counted by district.", field="area")
        if target and (target.value, target.note) == (value, aim.note):
            continue
        was = {"value": target.value, "note": target.note} if target else {}
        if value is None and not aim.note:
            if target:
                target.delete()
        else:
            target = target or IndicatorTarget(indicator=indicator, round=round_, area=aim.area)
            target.value, target.note = value, aim.note
            target.save()
            changed.append(target)
        if was or target:
            now = {"value": value, "note": aim.note, "area": aim.area.name if aim.area else ""}
            said = {"was": plain(was), "now": plain(now)}
            history(by=by, at=at, act="target", indicator=indicator, round_=round_, said=said)
    return changed
