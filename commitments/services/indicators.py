"""Say what is counted and what it aims at; enter, supply, approve and return what was counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments import indicators as rules
from commitments import workflow
from commitments.indicators import Figure
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
from commitments.permissions import (
    check_can_define,
    check_can_judge_value,
    check_can_supply,
    delivers,
    enters_at_once,
)
from partners.models import Area, Organisation, User
from vcsportal.common.words import Conflict, Refused


@dataclass(frozen=True, slots=True)
class Definition:
    """What is counted, and how. ``scale`` holds the steps of a qualitative one, lowest first."""

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

    def values(self) -> dict[str, Any]:
        """Return the columns of the table."""
        names = ("title", "definition", "unit", "kind", "counting", "direction", "by_district", "baseline_note")
        found: dict[str, Any] = {name: getattr(self, name) for name in names}
        baseline = None if self.baseline is None else rules.check_number(self.baseline)
        return {**found, "scale": [dict(one) for one in self.scale], "baseline": baseline}

    def check(self) -> None:
        """Refuse what contradicts itself."""
        if not rules.CODE.fullmatch(self.code) or len(self.code) > 20:
            raise Refused("A code is letters, digits, dots and hyphens, 20 at most, such as “1.1a”.")
        if not self.title.strip():
            raise Refused("Say what is counted.")
        if self.kind == "scale":
            rules.check_scale(self.scale)
        elif self.scale:
            raise Refused("Only what is measured by a scale has steps.")
        if self.counting == "cumulative" and self.kind != "number":
            raise Refused("Only numbers add up over the rounds; a share or a step is counted afresh each round.")


@dataclass(frozen=True, slots=True)
class Aim:
    """What an indicator aims at in a round, for the whole or for a district; None with a note says why there is none."""

    value: Decimal | None
    note: str = ""
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says was counted of an indicator. ``version`` is the one that they saw, None for "there was none"."""

    indicator: Indicator
    figure: Figure
    area: Area | None = None
    note: str = ""
    version: int | None = None


@transaction.atomic
def define_indicator(*, by: User, at: datetime, of: Commitment | Priority, what: Definition) -> Indicator:
    """Add an indicator to a commitment or a priority. Refuse a code that its strategy has already."""
    check_can_define(by)
    what.check()
    strategy = Strategy.objects.select_for_update().get(pk=of.strategy_id)
    if Indicator.objects.filter(strategy=strategy, code=what.code).exists():
        raise Refused(f"There is an indicator {what.code} in this strategy already. Give this one another code.")
    owner = {"commitment": of} if isinstance(of, Commitment) else {"priority": of}
    made = Indicator.objects.create(strategy=strategy, code=what.code, **what.values(), **owner)
    _history(by=by, at=at, act="define", indicator=made, said=_plain({"code": what.code, **what.values()}))
    return made


@transaction.atomic
def edit_indicator(*, by: User | None, at: datetime, indicator: Indicator, what: Definition) -> Indicator:
    """Change an indicator's words; return it. Refuse a change that would give what was counted another meaning.

    ``by=None`` is the portal's own loader.
    """
    if by is not None:
        check_can_define(by)
    what.check()
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if what.code != indicator.code:
        raise Refused("An indicator keeps its code: addresses and files use it.")
    values = what.values()
    was = {name: getattr(indicator, name) for name, now in values.items() if getattr(indicator, name) != now}
    if not was:
        return indicator
    _check_keeps_meaning(indicator, values, was)
    for name in was:
        setattr(indicator, name, values[name])
    indicator.save(update_fields=list(was))
    said = {"was": _plain(was), "now": _plain({name: values[name] for name in was})}
    _history(by=by, at=at, act="amend", indicator=indicator, said=said)
    return indicator


def _check_keeps_meaning(indicator: Indicator, values: dict[str, Any], was: dict[str, Any]) -> None:
    if not indicator.values.exists():
        return
    names = {"kind": "kind", "counting": "way of counting", "unit": "unit"}
    if changed := next((said for name, said in names.items() if name in was), ""):
        raise Refused(
            f"Figures were entered for {indicator.code}, and another {changed} would give them another meaning. "
            "Make a new indicator instead."
        )
    if was.get("by_district") and indicator.values.filter(area__isnull=False).exists():
        raise Refused(f"{indicator.code} has figures of districts, which would be lost.")
    used = {one for one in indicator.values.values_list("value", flat=True) if one is not None}
    if "scale" in was and used:
        before = {Decimal(one["step"]): one["label"] for one in was["scale"]}
        after = {Decimal(one["step"]): one["label"] for one in values["scale"]}
        if any(before.get(step) != after.get(step) for step in used):
            raise Refused(f"Figures of {indicator.code} use a step that would be gone or mean something else.")


@transaction.atomic
def set_targets(
    *, by: User | None, at: datetime, indicator: Indicator, round_: Round, aims: Iterable[Aim]
) -> list[IndicatorTarget]:
    """Say what an indicator aims at in a round. Return the targets that changed; an aim of nothing takes one away.

    ``by=None`` is the portal's own loader. A closed round keeps its targets: the report was made with them.
    """
    round_ = _held(round_.pk)
    if by is not None:
        check_can_define(by)
        if round_.state == "closed":
            raise Refused(f"The round {round_.slug} is closed, so its targets stay as they are.")
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changed = []
    for aim in aims:
        found = IndicatorTarget.objects.filter(indicator=indicator, round=round_, area=aim.area).first()
        value = None if aim.value is None else rules.check_number(aim.value)
        if indicator.kind == "scale" and value is not None:
            rules.checked(Figure(value), kind="scale", scale=indicator.scale)
        if aim.area and not indicator.by_district:
            raise Refused(f"{indicator.code} is not counted by district.")
        if found and (found.value, found.note) == (value, aim.note):
            continue
        was = {"value": found.value, "note": found.note} if found else {}
        if value is None and not aim.note:
            if found:
                found.delete()
        else:
            found = found or IndicatorTarget(indicator=indicator, round=round_, area=aim.area)
            found.value, found.note = value, aim.note
            found.save()
            changed.append(found)
        if was or found:
            now = {"value": value, "note": aim.note, "area": aim.area.name if aim.area else ""}
            said = {"was": _plain(was), "now": _plain(now)}
            _history(by=by, at=at, act="target", indicator=indicator, round_=round_, said=said)
    return changed


def organisation_for(person: User, indicator: Indicator) -> Organisation | None:
    """Return the person's organisation that helps to deliver what the indicator belongs to, if there is one."""
    own = person.organisations
    found = set(delivers(indicator).filter(organisation__in=own).values_list("organisation_id", flat=True))
    return next((one for one in own if one.pk in found), None)


@transaction.atomic
def enter_values(*, by: User, at: datetime, round_: Round, entries: Iterable[Entry]) -> list[IndicatorValue]:
    """Enter what was counted in a round; what a partner supplies waits for an officer. Return what was written.

    Raise :class:`Refused` without the right, outside the round, or for what is no figure; :class:`Conflict` if
    another person's figure has come between. Entering the same again changes nothing.
    """
    written = []
    round_ = _held(round_.pk)
    for entry in entries:
        indicator = Indicator.objects.select_for_update().get(pk=entry.indicator.pk)
        organisation = None if enters_at_once(by) else organisation_for(by, indicator)
        check_can_supply(by, indicator, organisation)
        _check_round(by, at, indicator, round_)
        if entry.area and not indicator.by_district:
            raise Refused(f"{indicator.code} is not counted by district.")
        figure = rules.checked(entry.figure, kind=indicator.kind, scale=indicator.scale)
        if value := _enter(by, at, indicator, round_, entry, figure, organisation):
            written.append(value)
    return written


def _enter(
    by: User,
    at: datetime,
    indicator: Indicator,
    round_: Round,
    entry: Entry,
    figure: Figure,
    organisation: Organisation | None,
) -> IndicatorValue | None:
    found = IndicatorValue.objects.filter(indicator=indicator, round=round_, area=entry.area).first()
    to = "proposed" if organisation else "approved"
    if found and _figure(found) == figure and found.note == entry.note and found.state == to:
        return None  # the second click of two
    if (entry.version or None) != (found.version if found else None):
        who = found.entered_by.name if found and found.entered_by else "Somebody"
        stands = "there is none any more"
        if found:
            stands = rules.say_figure(found, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale)
        raise Conflict(
            f"{who} has entered {indicator.code} for {round_.slug} while you were writing: {stands}. "
            "Read it, then decide whether yours should take its place."
        )
    was = _said(found) if found else {}
    if found and organisation:
        if found.organisation_id != organisation.pk:
            raise Refused(
                f"There is a figure for {indicator.code} in {round_.slug} already. If it is wrong, write to the council."
            )
        workflow.check_act(workflow.VALUE_ACT["propose"], found.state, what="value")
    value = found or IndicatorValue(indicator=indicator, round=round_, area=entry.area, version=0)
    from_state = value.state if found else ""
    value.value, value.numerator, value.denominator = figure.value, figure.numerator, figure.denominator
    value.absent_reason, value.note, value.state, value.state_reason = figure.absent_reason, entry.note, to, ""
    value.entered_at, value.entered_by, value.version = at, by, value.version + 1
    value.organisation = organisation
    value.approved_at, value.approved_by = (None, None) if organisation else (at, by)
    value.save()
    _history(
        by=by, at=at, act="propose" if organisation else "figure", indicator=indicator, round_=round_,
        from_state=from_state, to_state=to, said={"was": was, "now": _said(value)},
    )  # fmt: skip
    return value


def _check_round(by: User, at: datetime, indicator: Indicator, round_: Round) -> None:
    today = timezone.localdate(at)
    if round_.strategy_id != indicator.strategy_id:
        raise Refused("This round belongs to another strategy.")
    if enters_at_once(by):
        if round_.state == "closed":
            raise Refused(f"The round {round_.slug} is closed, so its figures stay as they are.")
        if round_.observes_from > today:
            raise Refused(f"The round {round_.slug} has not begun, so nothing can have been counted in it.")
    elif not round_.takes_updates(today):
        raise Refused(f"The round {round_.slug} takes no figures today.")


@transaction.atomic
def approve_value(*, by: User, at: datetime, value: IndicatorValue, version: int | None = None) -> IndicatorValue:
    """Let a figure that a partner supplied count. Return it.

    :param version: the version that the person saw; None skips the comparison.
    """
    value = _judged(by, value, "approve", version)
    value.approved_at, value.approved_by = at, by
    value.save(update_fields=["state", "state_reason", "version", "approved_at", "approved_by"])
    _judged_history(by, at, value, "approve", "proposed")
    return value


@transaction.atomic
def return_value(
    *, by: User, at: datetime, value: IndicatorValue, reason: str, version: int | None = None
) -> IndicatorValue:
    """Send a figure back to the partner who supplied it, with the reason; what was approved no longer counts."""
    if not reason.strip():
        raise Refused("Say what needs to change. The partner will read it.")
    if len(reason.strip()) > 300:
        raise Refused("Say it in 300 characters or fewer.")
    was = value.state
    value = _judged(by, value, "return", version)
    if value.organisation_id is None:
        raise Refused("No partner supplied this figure, so it can't be sent back. Enter the right one instead.")
    value.state_reason = reason.strip()
    value.approved_at = value.approved_by = None
    value.save(update_fields=["state", "state_reason", "version", "approved_at", "approved_by"])
    _judged_history(by, at, value, "return", was)
    return value


def _judged(by: User, value: IndicatorValue, act: str, version: int | None) -> IndicatorValue:
    _held(value.round_id)
    value = IndicatorValue.objects.select_for_update(of=("self",)).select_related("indicator", "round").get(pk=value.pk)
    check_can_judge_value(by, value)
    if version is not None and version != value.version:
        raise Conflict("Somebody has changed this figure since you read it. Read it again, then decide.")
    if value.round.state == "closed":
        raise Refused(f"The round {value.round.slug} is closed, so its figures stay as they are.")
    workflow.check_act(workflow.VALUE_ACT[act], value.state, what="value")
    value.state, value.state_reason, value.version = workflow.VALUE_ACT[act].to, "", value.version + 1
    return value


def _judged_history(by: User, at: datetime, value: IndicatorValue, act: str, was: str) -> None:
    _history(
        by=by, at=at, act=f"{act}_value", indicator=value.indicator, round_=value.round, from_state=was,
        to_state=value.state, reason=value.state_reason, said={"now": _said(value)},
    )  # fmt: skip


def _held(round_id: int) -> Round:
    """Return the round as it is now, kept so until the transaction ends. It is held before what is counted in it, everywhere."""
    return Round.objects.select_for_update(of=("self",), no_key=True).get(pk=round_id)


def _figure(value: IndicatorValue) -> Figure:
    return Figure(value.value, value.numerator, value.denominator, value.absent_reason)


def _said(value: IndicatorValue) -> dict[str, Any]:
    names = ("value", "numerator", "denominator", "absent_reason", "note")
    said = {name: getattr(value, name) for name in names if getattr(value, name) not in (None, "")}
    if value.area:
        said["area"] = value.area.name
    return _plain(said)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: rules.say_number(one) if isinstance(one, Decimal) else one for name, one in values.items()}


def _history(
    *, by: User | None, at: datetime, act: str, indicator: Indicator, round_: Round | None = None, **more: Any
) -> None:
    HistoryEntry.objects.create(
        at=at, by=by, act=act, commitment_id=indicator.commitment_id, indicator=indicator, round=round_, **more
    )
